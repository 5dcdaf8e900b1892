"""A dose on its way in: the draws, the reading, and who signs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import (
    EXCLUDE,
    Schema,
    ValidationError,
    fields,
    post_load,
    validate,
    validates_schema,
)

from radiopharm.core.dispensing import DispenseDose, DrawWish
from radiopharm.core.second_check import Second, SecondReading
from radiopharm.core.signing import Signing
from radiopharm.schemas.fields import Activity, Count, Id, Line, Sequence, Volume
from radiopharm.schemas.instants import Instant
from radiopharm.schemas.measuring import MEASURED, MeasuredSchema, as_typed, measured
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


class _TextSchema(MeasuredSchema):
    directive_id = Id(required=True)
    administer_at = Instant(load_default=None, allow_none=True)
    pieces = Count(load_default=None, allow_none=True)
    reason = Line(load_default="")
    already_drawn = fields.Boolean(load_default=False)


class SecondSchema(SigningSchema):
    """The second person: their signature, and their own reading where they took one."""

    measured_activity = Activity(allow_zero=True)
    measured_at = Instant()
    instrument_id = Id()
    vial_codes = fields.List(Line(most=16), validate=MOST_DRAWS)

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def is_whole(self, _data: Any, original: Any, **_: Any) -> None:
        """A reading says activity, time, meter and the vials' codes, or there is none."""
        names = (*MEASURED, "vial_codes")
        if not isinstance(original, Mapping):
            return  # said of the whole already
        missing = [name for name in names if name not in original]
        if missing and len(missing) < len(names):
            raise ValidationError({name: ["This is needed."] for name in missing})

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> "Second":
        reading = None
        if "vial_codes" in data:
            codes = tuple(data.pop("vial_codes"))
            reading = SecondReading(measured=as_typed(data), vial_codes=codes)
        return Second(signing=Signing(**data), reading=reading)


class _DoseSchema(_TextSchema):
    signature = fields.Nested(SigningSchema, required=True)
    second = fields.Nested(SecondSchema, load_default=None, allow_none=True)


class Draws(fields.List):
    """The vials of one dose."""

    def __init__(self) -> None:
        some = [validate.Length(min=1), MOST_DRAWS]
        super().__init__(fields.Nested(DrawSchema), required=True, validate=some)


class DoseTicketSchema(_TextSchema):
    """A dose about to be signed: everything but the secrets, and who signs besides."""

    draws = Draws()
    meaning = Line(load_default="")
    has_second = fields.Boolean(load_default=False)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> "ToSign":
        meaning, has_second = data.pop("meaning"), data.pop("has_second")
        command = _command(data, tuple(data.pop("draws")))
        return ToSign(command=command, meaning=meaning, has_second=has_second)


class DispensingSchema(_DoseSchema):
    """A dose from one or several vials against a signed directive."""

    draws = Draws()

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> "Dispensing":
        return _dispensing(data, tuple(data.pop("draws")))


class ReassignSchema(_DoseSchema):
    """A returned dose for another directive: measured again, with a reason, signed by two."""

    class Meta:
        exclude = ("already_drawn",)

    reason = Line(required=True)
    second = fields.Nested(SecondSchema, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> "Dispensing":
        return _dispensing(data, ())


class ReassignReadTwiceSchema(ReassignSchema):
    """The same without the second person, who reads the dose on a page of their own."""

    class Meta:
        exclude = ("already_drawn", "second")


class _TrialDraw(Schema):
    vial_id = Id(load_default=None)
    after_sequence = Sequence(load_default=None)
    volume = Volume(load_default=None)


class _TrialSecond(Schema):
    username = Line(load_default="")


class ReassignTextSchema(_TextSchema):
    """The text of a reassignment before its secrets: what its two people would sign."""

    class Meta:
        exclude = ("already_drawn",)

    reason = Line(required=True)
    second = fields.Nested(_TrialSecond(unknown=EXCLUDE), load_default=dict)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> DispenseDose:
        del data["second"]
        return _command(data, ())


class TrialSchema(Schema):
    """A dose still being typed: any box may be empty yet, and secrets are nobody's business."""

    directive_id = Id(load_default=None)
    draws = fields.List(
        fields.Nested(_TrialDraw(unknown=EXCLUDE)), load_default=list, validate=MOST_DRAWS
    )
    measured_activity = Activity(load_default=None, allow_zero=True)
    measured_at = Instant(load_default=None)
    instrument_id = Id(load_default=None)
    reading_id = Id(load_default=None)
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

    def __init__(self, command: DispenseDose, signing: Signing, second: Second | None) -> None:
        self.command = command
        self.signing = signing
        self.second = second


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSign:
    """A dose of which the text is asked for, before anybody signs it."""

    command: DispenseDose
    meaning: str
    has_second: bool


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
    signing, second = data.pop("signature"), data.pop("second", None)
    return Dispensing(_command(data, draws), signing, second)


def _command(data: dict[str, Any], draws: tuple[DrawWish, ...]) -> DispenseDose:
    return DispenseDose(draws=draws, measured=measured(data), **data)


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
