"""Fields that turn what people and programs write into values: units and offsets are required.

Both doors load the same schemas: the API sends JSON strings, a form joins its number box and unit
switch to the same string first. Conversion comes first, limits after it.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from marshmallow import ValidationError, fields, validate

from radiopharm.core import units
from radiopharm.core.nuclides import UnknownNuclide, canonical

MAX_ID = 2**53
NUMBER = r"(0|[1-9][0-9]{0,8})(\.[0-9]{1,6})?"  # as the API describes it; the parser says more
MAX_COUNT = 999
NEEDED = {"required": "This is needed."}


@dataclass(frozen=True, slots=True)
class Typed:
    """A quantity as whole units, and the text it was typed as."""

    amount: int
    text: str


class _Parsed(fields.Field[Any]):
    """A string that a core parser reads; its `Malformed` becomes the field's error."""

    default_error_messages = NEEDED
    example = ""
    pattern = ""
    written = "a text with its unit"
    parse: Callable[[str], Any]

    def __init__(self, **kwargs: Any) -> None:
        described = {"type": "string", "example": self.example, "pattern": self.pattern}
        kwargs.setdefault("metadata", {name: said for name, said in described.items() if said})
        super().__init__(**kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        if not isinstance(value, str):
            raise ValidationError(f'Write {self.written}, such as "{self.example}".')
        try:
            return type(self).parse(value)
        except units.Malformed as malformed:
            raise ValidationError(malformed.message) from malformed


class Activity(_Parsed):
    """An activity with its unit, more than nothing unless `allow_zero`: `Typed` whole Bq."""

    example = "7.4 GBq"
    pattern = f"^{NUMBER} ?(Bq|kBq|MBq|GBq|TBq|µCi|uCi|mCi|Ci)$"
    allow_zero = False

    def __init__(self, *, allow_zero: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.allow_zero = allow_zero

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Typed:
        amount = super()._deserialize(value, *args, **kwargs)
        if amount == 0 and not self.allow_zero:
            raise ValidationError("The activity must be more than 0.")
        return Typed(amount, value.strip())

    parse = staticmethod(units.parse_activity)


class Volume(_Parsed):
    """A volume with its unit, more than nothing: `Typed` whole µL."""

    example = "22.5 mL"
    pattern = f"^{NUMBER} ?(mL|µL|uL)$"
    parse = staticmethod(units.parse_volume)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Typed:
        amount = super()._deserialize(value, *args, **kwargs)
        if amount == 0:
            raise ValidationError("The volume must be more than 0.")
        return Typed(amount, value.strip())


class Concentration(_Parsed):
    """A concentration with its units: exact Bq/µL."""

    example = "370 MBq/mL"
    pattern = f"^{NUMBER} ?(kBq|MBq|GBq|mCi)/(mL|µL|uL)$"
    parse = staticmethod(units.parse_concentration)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Fraction:
        amount: Fraction = super()._deserialize(value, *args, **kwargs)
        if amount == 0:
            raise ValidationError("The concentration must be more than 0.")
        return amount


class Ratio(_Parsed):
    """A ratio such as ``"0.0002"`` or ``"0.02 %"``; JSON may also give a number: exact Decimal."""

    example = "0.02 %"
    pattern = f"^{NUMBER} ?%?$"
    parse = staticmethod(units.parse_ratio)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Decimal:
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            value = format(Decimal(str(value)), "f")
        ratio: Decimal = super()._deserialize(value, *args, **kwargs)
        return ratio


class Plain(_Parsed):
    """A plain decimal number without unit, kept exactly as typed: text."""

    example = "0.12"
    pattern = f"^{NUMBER}$"
    written = "the number as a text"

    @staticmethod
    def parse(value: str) -> str:
        units.parse_decimal(value.strip(" "))
        return value.strip(" ")


class Nuclide(_Parsed):
    """A nuclide in any usual spelling: its canonical symbol."""

    example = "Lu-177"
    written = "a text"

    @staticmethod
    def parse(value: str) -> str:
        try:
            return canonical(value)
        except UnknownNuclide as unknown:
            raise units.Malformed("nuclide", unknown.message) from unknown


class Line(fields.String):
    """One line of text without invisible characters, trimmed and in one Unicode form."""

    default_error_messages = NEEDED

    def __init__(self, *, most: int = 200, **kwargs: Any) -> None:
        kwargs.setdefault("metadata", {"maxLength": most})
        super().__init__(**kwargs)
        self.most = most

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = unicodedata.normalize("NFC", super()._deserialize(value, *args, **kwargs)).strip()
        if any(unicodedata.category(sign) in _INVISIBLE for sign in text):
            raise ValidationError("Remove invisible characters and line breaks.")
        if self.required and not text:
            raise ValidationError("This is needed.")
        if len(text) > self.most:
            raise ValidationError(f"Write at most {self.most} characters.")
        return text


_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


class Whole(fields.Integer):
    """A whole number, in a form its digits; a fraction is refused and never cut off."""

    default_error_messages = NEEDED

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> int:
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 17:
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValidationError("Not a valid number.")
        return value


class Id(Whole):
    """The id of a record; strict, so that "1" and true are not 1."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("metadata", {"minimum": 1})
        super().__init__(strict=True, **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> int:
        number = super()._deserialize(value, *args, **kwargs)
        if not 1 <= number <= MAX_ID:
            raise ValidationError("Not a valid number.")
        return number


class Sequence(Id):
    """The number of the newest ledger entry that the author of a command saw."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(min=1, max=2**31 - 1), **kwargs)


class Count(Id):
    """A whole number counted from 1, such as a version's or a cycle's."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> int:
        count = super()._deserialize(value, *args, **kwargs)
        if not 1 <= count <= MAX_COUNT:
            raise ValidationError(f"Write a whole number from 1 to {MAX_COUNT}.")
        return count
