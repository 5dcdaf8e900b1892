"""A second person's own reading on its way in from their page, with and without their signature."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validates_schema

from radiopharm.core.second_check import SecondReading
from radiopharm.schemas.dispensing import MOST_DRAWS, SecondSchema
from radiopharm.schemas.fields import Line
from radiopharm.schemas.measuring import MEASURED, as_typed


class Codes(fields.List):
    """Codes as a list, or in one text as a scanner types them: one a line."""

    def __init__(self) -> None:
        super().__init__(Line(most=16), validate=MOST_DRAWS)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> list[Any]:
        listed = value.split() if isinstance(value, str) else value
        return super()._deserialize(listed, *args, **kwargs)


class _OwnSchema(SecondSchema):
    vial_codes = Codes()

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def is_whole(self, _data: Any, original: Any, **_: Any) -> None:
        """On their own page nobody signs without a reading."""
        if not isinstance(original, Mapping):
            return  # said of the whole already
        missing = [name for name in (*MEASURED, "vial_codes") if name not in original]
        if missing:
            raise ValidationError({name: ["This is needed."] for name in missing})


class _UnsignedSchema(_OwnSchema):
    class Meta:
        exclude = ("username", "secret", "meaning", "ticket")
        unknown = EXCLUDE

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> SecondReading:
        codes = tuple(data.pop("vial_codes"))
        return SecondReading(measured=as_typed(data), vial_codes=codes)


class OwnReadingSchema(Schema):
    """The reading and who signs it."""

    second = fields.Nested(_OwnSchema, required=True)


class UnsignedReadingSchema(Schema):
    """The reading alone, for the text that is signed of it."""

    second = fields.Nested(_UnsignedSchema, required=True)
