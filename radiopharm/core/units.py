"""Quantities as people write them, turned into whole becquerels and microlitres.

A unit is never guessed: a text without one, or with one that is not spelled exactly as in the
tables below, is refused with a sentence that says what to write. Conversions are exact rationals
(1 Ci = 37 GBq), rounded once, half to even, to the integer that is booked.
"""

import re
from decimal import Decimal
from fractions import Fraction
from typing import NewType

Becquerels = NewType("Becquerels", int)
Microlitres = NewType("Microlitres", int)

ACTIVITY_UNITS = {
    "Bq": 1,
    "kBq": 10**3,
    "MBq": 10**6,
    "GBq": 10**9,
    "TBq": 10**12,
    "µCi": 37 * 10**3,
    "uCi": 37 * 10**3,
    "mCi": 37 * 10**6,
    "Ci": 37 * 10**9,
}
VOLUME_UNITS = {"µL": 1, "uL": 1, "mL": 10**3}
MAX_BECQUERELS = 10**15  # one petabecquerel: far above any vial, far below 64 bits
MAX_MICROLITRES = 10**9  # one cubic metre
MAX_DECIMALS = 9

_NUMBER = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?")
_QUANTITY = re.compile(r"([^A-Za-zµμ%]*)(.*)", re.DOTALL)


class Malformed(ValueError):
    """A text that is not a quantity; `code` is stable, `message` is for the person who typed it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def parse_activity(text: str) -> Becquerels:
    """Whole becquerels of a text such as ``"7.4 GBq"`` or ``"200 mCi"``; zero is allowed.

    Raises `Malformed` when the number or the unit is not spelled as it must be.
    """
    return Becquerels(_parse(text, ACTIVITY_UNITS, MAX_BECQUERELS, "Bq, kBq, MBq, GBq, µCi, mCi"))


def parse_volume(text: str) -> Microlitres:
    """Whole microlitres of a text such as ``"22.5 mL"`` or ``"500 uL"``; zero is allowed.

    Raises `Malformed` when the number or the unit is not spelled as it must be.
    """
    return Microlitres(_parse(text, VOLUME_UNITS, MAX_MICROLITRES, "mL or µL"))


def parse_concentration(text: str) -> Fraction:
    """Becquerels per microlitre, exact, of a text such as ``"370 MBq/mL"``."""
    activity, slash, volume = text.rpartition("/")
    if not slash or volume.strip() not in VOLUME_UNITS:
        raise Malformed("unit", 'Write a concentration such as "370 MBq/mL".')
    return Fraction(parse_activity(activity), VOLUME_UNITS[volume.strip()])


def parse_ratio(text: str) -> Decimal:
    """An exact ratio of ``"0.0002"`` or ``"0.02 %"``, between 0 and 1.

    Raises `Malformed` when it is neither, or outside those bounds.
    """
    number, unit = _split(text)
    if unit not in ("", "%"):
        raise Malformed("unit", 'Write a ratio such as "0.0002" or "0.02 %".')
    ratio = parse_decimal(number) / (100 if unit else 1)
    if not 0 <= ratio <= 1:
        raise Malformed("range", "A ratio lies between 0 and 1 (0 % and 100 %).")
    return ratio


def parse_decimal(text: str) -> Decimal:
    """The number of a plain decimal text (``0.5``, ``12``): digits 0-9 and at most one point."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise Malformed("number", _what_is_wrong(text))
    if len(match[2] or "") > MAX_DECIMALS + 1 or len(text) > 30:
        raise Malformed("too_fine", f"Write at most {MAX_DECIMALS} decimals.")
    return Decimal(text)


def _parse(text: str, units: dict[str, int], largest: int, spelled: str) -> int:
    number, unit = _split(text)
    if not number:
        raise Malformed("missing", "Enter a number with its unit.")
    if unit not in units:
        parse_decimal(number)
        raise Malformed("unit", _which_unit(unit, spelled))
    value = parse_decimal(number)
    amount = round(Fraction(value) * units[unit])  # half to even
    if value and not amount:
        raise Malformed("too_fine", "That is less than the smallest amount that is kept.")
    if amount > largest:
        raise Malformed("range", "That is larger than anything this system can hold.")
    return amount


def _split(text: str) -> tuple[str, str]:
    if len(text) > 60:
        raise Malformed("number", "Write a plain number such as 7.4.")
    match = _QUANTITY.fullmatch(text.replace("μ", "µ"))  # Greek mu and micro sign both mean micro
    assert match is not None
    return match[1].strip(" "), match[2].rstrip(" ")


def _which_unit(unit: str, spelled: str) -> str:
    if not unit:
        return f"The unit is missing. Write one of {spelled}."
    if unit == "mBq":
        return "mBq is millibecquerel, a thousand-millionth of MBq. Write MBq if you mean mega."
    return f"That unit is not known here. Write one of {spelled}, exactly so."


def _what_is_wrong(text: str) -> str:
    if re.fullmatch(r"[0-9]+,[0-9]+", text):
        return f"Use a point as decimal sign: {text.replace(',', '.')}?"
    if re.fullmatch(r"[0-9]{1,3}([ ,.'\u00a0\u202f][0-9]{3})+([.,][0-9]+)?", text):
        return "Write the number without thousands separators."
    if text[:1] in ("-", "−", "("):
        return "The number must not be negative."
    if re.fullmatch(r"\+[0-9.]+|0[0-9]+(\.[0-9]*)?|[0-9]+\.|\.[0-9]+", text):
        return "Write the number in one form only, such as 0.5 or 12."
    return "Write a plain number with the digits 0-9, such as 7.4."
