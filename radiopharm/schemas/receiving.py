"""What a delivery looks like on the way in."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load

from radiopharm.core import formatting as fmt
from radiopharm.core.certificates import DeclaredImpurity
from radiopharm.core.receiving import ReceiveVial, third_of
from radiopharm.schemas.fields import (
    Activity,
    Concentration,
    Id,
    Line,
    Nuclide,
    Ratio,
    Typed,
    Volume,
)
from radiopharm.schemas.instants import Instant


class ImpuritySchema(Schema):
    """One impurity of the certificate; `at` is the certificate's instant, else the reference."""

    nuclide = Nuclide(required=True)
    ratio = Ratio(required=True)
    at = Instant(load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> DeclaredImpurity:
        return DeclaredImpurity(**data)


class ReceiveVialSchema(Schema):
    """A vial as its label and certificate state it: any two of activity, volume, concentration."""

    product = Line(required=True, most=64)
    lot = Line(required=True, most=64)
    reference_activity = Activity()
    volume = Volume()
    concentration = Concentration()
    reference_at = Instant(required=True)
    reference_zone = Line(load_default="UTC", most=64)
    expires_at = Instant(required=True)
    received_at = Instant(required=True)
    impurities = fields.List(fields.Nested(ImpuritySchema), load_default=list)
    place = Line(load_default=None, allow_none=True)
    directive_id = Id(load_default=None, allow_none=True)
    reason = Line(load_default="")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> ReceiveVial:
        activity: Typed | None = data.pop("reference_activity", None)
        volume: Typed | None = data.pop("volume", None)
        both = third_of(
            activity.amount if activity else None,
            volume.amount if volume else None,
            data.pop("concentration", None),
        )
        if both is None:
            message = "Give two of activity, volume and concentration, and make them agree."
            raise ValidationError(message, "reference_activity")
        return ReceiveVial(
            activity_bq=both[0],
            activity_text=activity.text if activity else fmt.mbq_exact(both[0]),
            volume_ul=both[1],
            volume_text=volume.text if volume else fmt.ml(both[1]),
            **{**data, "impurities": tuple(data["impurities"])},
        )
