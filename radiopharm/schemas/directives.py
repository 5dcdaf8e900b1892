"""What a directive looks like on the way in."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validates_schema

from radiopharm.schemas.fields import Activity, Count, Line
from radiopharm.schemas.instants import Instant
from radiopharm.schemas.patients import PatientField
from radiopharm.schemas.signing import SigningSchema


class RangeSchema(Schema):
    """The prescribed range: two activities, the lower first."""

    lowest = Activity(required=True)
    highest = Activity(required=True)

    @validates_schema(skip_on_field_errors=True)
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data["lowest"].amount > data["highest"].amount:
            raise ValidationError("The lower end is more than the upper end.", "lowest")


class DirectiveTextSchema(Schema):
    """What a version says; loads to the names of `core.prescribing.DirectiveText`.

    `prescriber` is a user name. Loaded with `partial=True`, only what is to change.
    """

    product = Line(required=True, most=64)
    prescribed = Activity(required=True)
    range = fields.Nested(RangeSchema, load_default=None, allow_none=True)
    planned_for = Instant(required=True)
    route = Line(load_default="", most=64)
    indication = Line(load_default="")
    cycle = Count(load_default=None, allow_none=True)
    notes = Line(load_default="", most=1000)
    prescriber = Line(load_default=None, allow_none=True, most=64)
    interval_reason = Line(load_default="")

    @post_load
    def name(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        prescribed = data.pop("prescribed", None)
        if prescribed is not None:
            data.update(prescribed_bq=prescribed.amount, prescribed_text=prescribed.text)
        if "range" in data:
            ends = data.pop("range") or {}
            for end in ("lowest", "highest"):
                data[f"{end}_bq"] = ends[end].amount if end in ends else None
        return data


CHANGEABLE = tuple(DirectiveTextSchema().fields)
"""What a new version may leave out, and then keeps."""


class DraftDirectiveSchema(DirectiveTextSchema):
    """A new directive: what it says, and for whom."""

    patient = PatientField(required=True)


class ChangeDirectiveSchema(DirectiveTextSchema):
    """A new version: what is to change, why, and which version its author saw."""

    reason = Line(required=True)
    after_version = Count(load_default=None)


class SignDirectiveSchema(Schema):
    """The version that was shown, and the signature under it."""

    after_version = Count(required=True)
    signature = fields.Nested(SigningSchema, required=True)


class DirectiveTicketSchema(Schema):
    """The version about to be signed, and what the signature is to mean."""

    after_version = Count(required=True)
    meaning = Line(load_default="")


class VerifyDirectiveSchema(SignDirectiveSchema):
    """The version that was verified, and the pharmacist's signature."""


class OralDirectiveSchema(SignDirectiveSchema):
    """That a physician gave the version by word of mouth, and the signature of who heard it."""

    given_by = Line(required=True, most=64)
    given_at = Instant(required=True)
    reason = Line(required=True)


class CancelDirectiveSchema(Schema):
    """Why it is not to be carried out."""

    reason = Line(required=True)
