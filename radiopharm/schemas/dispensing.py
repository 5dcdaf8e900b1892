"""A dose on its way in: the draws, the reading, and who signs."""

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load, validate

from radiopharm.core.dispensing import DispenseDose, DrawWish
from radiopharm.core.signing import Signing
from radiopharm.schemas.fields import Activity, Id, Instant, Line, Sequence, Volume
from radiopharm.schemas.signing import SigningSchema

MOST_DRAWS = validate.Length(max=5)


class DrawSchema(Schema):
    """One vial to draw from; no volume means all that it holds."""

    vial_id = Id(required=True)
    after_sequence = Sequence(required=True)
    volume = Volume(load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> DrawWish:
        volume = data.pop("volume")
        return DrawWish(volume_ul=volume.amount if volume else None, **data)


class _DoseSchema(Schema):
    directive_id = Id(required=True)
    measured_activity = Activity(required=True, allow_zero=True)
    measured_at = Instant(required=True)
    instrument_id = Id(required=True)
    administer_at = Instant(load_default=None, allow_none=True)
    reason = Line(load_default="")
    already_drawn = fields.Boolean(load_default=False)
    signature = fields.Nested(SigningSchema, required=True)
    second = fields.Nested(SigningSchema, load_default=None, allow_none=True)


class DispensingSchema(_DoseSchema):
    """A dose from one or several vials against a signed directive."""

    draws = fields.List(
        fields.Nested(DrawSchema), required=True, validate=[validate.Length(min=1), MOST_DRAWS]
    )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> "Dispensing":
        return _dispensing(data, tuple(data.pop("draws")))


class _TrialDraw(Schema):
    vial_id = Id(load_default=None)
    after_sequence = Sequence(load_default=None)
    volume = Volume(load_default=None)


class _TrialSecond(Schema):
    username = Line(load_default="")


class TrialSchema(Schema):
    """A dose still being typed: any box may be empty yet, and secrets are nobody's business."""

    directive_id = Id(load_default=None)
    draws = fields.List(
        fields.Nested(_TrialDraw(unknown=EXCLUDE)), load_default=list, validate=MOST_DRAWS
    )
    measured_activity = Activity(load_default=None, allow_zero=True)
    measured_at = Instant(load_default=None)
    instrument_id = Id(load_default=None)
    administer_at = Instant(load_default=None)
    reason = Line(load_default="")
    already_drawn = fields.Boolean(load_default=False)
    second = fields.Nested(_TrialSecond(unknown=EXCLUDE), load_default=dict)


class VialDispensingSchema(_DoseSchema):
    """The same with one draw: `after_sequence` and `volume` at the top."""

    after_sequence = Sequence(required=True)
    volume = Volume(load_default=None, allow_none=True)


class Dispensing:
    """The command and the signatures that come with it."""

    def __init__(self, command: DispenseDose, signing: Signing, second: Signing | None) -> None:
        self.command = command
        self.signing = signing
        self.second = second


def of_one_vial(data: dict[str, Any], vial_id: int) -> Dispensing:
    """The one-draw form as the general one."""
    volume = data.pop("volume")
    wish = DrawWish(
        vial_id=vial_id,
        after_sequence=data.pop("after_sequence"),
        volume_ul=volume.amount if volume else None,
    )
    return _dispensing(data, (wish,))


def _dispensing(data: dict[str, Any], draws: tuple[DrawWish, ...]) -> Dispensing:
    measured = data.pop("measured_activity")
    signing, second = data.pop("signature"), data.pop("second")
    command = DispenseDose(
        draws=draws, measured_bq=measured.amount, measured_text=measured.text, **data
    )
    return Dispensing(command, signing, second)


class VoidSchema(Schema):
    """Was it drawn? And why it is voided."""

    drawn = fields.Boolean(required=True)
    reason = Line(required=True)


class ReasonSchema(Schema):
    """Why."""

    reason = Line(required=True)


class DrawQuery(Schema):
    """An activity wanted at an instant."""

    activity = Activity(required=True)
    at = Instant(required=True, data_key="for")
