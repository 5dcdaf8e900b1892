"""What was measured on its way in: typed with its time and meter, or by naming a device reading."""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from radiopharm.core.readings import Measured, ReadingId
from radiopharm.schemas.fields import NEEDED, Activity, Id
from radiopharm.schemas.instants import Instant

MEASURED = ("measured_activity", "measured_at", "instrument_id")
SAID_ALREADY = "The reading says this already. Leave it out, or leave out reading_id."


class MeasuredSchema(Schema):
    """A reading, once: typed, or the number of what a meter said over its line."""

    measured_activity = Activity(allow_zero=True)
    measured_at = Instant()
    instrument_id = Id()
    reading_id = Id()

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def is_measured_once(self, _data: Any, original: Any, **_: Any) -> None:
        """A device reading says activity, time and instrument; else each is typed."""
        if isinstance(original, Mapping):  # else it is said of the whole already
            require_once(original, needed=MEASURED, typed=MEASURED)


class ReadingUnit(fields.String):
    """The unit of a survey, one of *units*; "uSv/h" and a Greek mu are the same micro."""

    default_error_messages = NEEDED

    def __init__(self, units: Sequence[str]) -> None:
        super().__init__(required=True, validate=validate.OneOf(units))

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        unit = super()._deserialize(value, *args, **kwargs)
        return f"µ{unit[1:]}" if unit[:1] in ("u", "\N{GREEK SMALL LETTER MU}") else unit


Names = tuple[str, ...]


def require_once(given: Mapping[str, Any], *, needed: Names, typed: Names) -> None:
    """Raise where *given* has neither a device reading nor what is *needed*, or has both."""
    if "reading_id" in given:
        wrong = {name: [SAID_ALREADY] for name in typed if name in given}
    else:
        wrong = {name: ["This is needed."] for name in needed if name not in given}
    if wrong:
        raise ValidationError(wrong)


def measured(data: dict[str, Any]) -> Measured | ReadingId:
    """What was measured, taken out of *data*."""
    if "reading_id" in data:
        return ReadingId(data.pop("reading_id"))
    return as_typed(data)


def as_typed(data: dict[str, Any]) -> Measured:
    """A reading typed by hand, taken out of *data*."""
    activity, at, instrument_id = (data.pop(name) for name in MEASURED)
    return Measured(bq=activity.amount, text=activity.text, at=at, instrument_id=instrument_id)
