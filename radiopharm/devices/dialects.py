"""How each kind of meter speaks: a pure parser from one record to a reading, or a named fault.

Neither format has a checksum, so the grammar is strict and `meters.read` wants two records in a row
that agree. No unit and no decimal sign is ever guessed: a comma where a point is agreed is a fault,
because "7,412" may be seven or seven thousand.
"""

import math
import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from radiopharm.core import units
from radiopharm.core.instruments import DialectName
from radiopharm.core.nuclides import UnknownNuclide, canonical
from radiopharm.core.readings import Fault, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """A way of speaking: what asks for a record (nothing: it streams), its size (None: a line)."""

    title: str
    baud: int
    request: bytes
    size: int | None
    parse: Callable[[bytes, str], Reading]
    show: Callable[[bytes], str]


def _veenstra(record: bytes, decimal: str) -> Reading:
    """``Lu-177: 7412.5 MBq``, as an open-source reader describes the Veenstra VDC-404."""
    said = _text(record)
    match = _LINE.fullmatch(said)
    if match is None or not said.isprintable():
        raise _garbled(said)
    number, unit = match["number"], match["unit"]
    if _OVER.fullmatch(number):
        raise _over_range()
    if _NEGATIVE.fullmatch(number):
        raise _below_zero()
    if not _NUMBER.fullmatch(number):
        raise _garbled(said)
    if {".", ","} - {decimal} & set(number):
        raise Fault(
            "meter_decimal_sign",
            f"The meter wrote {number}, and its line is set to "
            f"{'a point' if decimal == '.' else 'a comma'}. Set both alike, then read again.",
        )
    text = f"{Decimal(number.replace(',', '.')):f} {unit}"
    return _reading(match["setting"], text, _whole_bq(text))


def _crc15(record: bytes, _decimal: str) -> Reading:
    """Eleven bytes (nuclide, unit, little-endian float), as an open-source logger describes the
    Capintec CRC-15."""
    name, unit_number, value = struct.unpack(_CRC15, record)
    unit = _CRC15_UNITS.get(unit_number)
    is_name = name.isascii() and name.decode().isprintable()
    if unit is None or not is_name or math.isnan(value):
        raise _garbled(_hex(record))
    if math.isinf(value):
        raise _over_range()
    if value < 0:
        raise _below_zero()
    bq = round(Fraction(value) * units.ACTIVITY_UNITS[unit])  # a float is a fraction, exactly
    if bq > units.MAX_BECQUERELS:
        raise _over_range()
    number = Decimal(f"{value:.7g}").normalize()  # all that 32 bits hold
    return _reading(name.decode(), f"{number:f} {unit}", bq)


_LINE = re.compile(r"(?P<setting>[^:]{1,16}):\s*(?P<number>\S{1,24})\s+(?P<unit>\S{2,4})")
_NUMBER = re.compile(r"[0-9]{1,12}([.,][0-9]{1,6})?")
_NEGATIVE = re.compile(r"-[0-9.,]+")
_OVER = re.compile(r"(?i)over|ovr|ovl|ol|\*+|>+")
_CRC15 = "<6sbf"
_CRC15_UNITS = {2: "µCi", 3: "mCi", 4: "Ci", 5: "MBq", 6: "GBq"}


def _whole_bq(text: str) -> int:
    try:
        return units.parse_activity(text)
    except units.Malformed as malformed:
        raise Fault("meter_unit", f'The meter wrote "{text}". {malformed.message}') from malformed


def _reading(setting: str, text: str, bq: int) -> Reading:
    try:
        nuclide = canonical(setting)
    except UnknownNuclide:
        nuclide = None
    return Reading(activity_bq=bq, text=text, setting=setting.strip(), nuclide=nuclide)


def _garbled(said: str) -> Fault:
    shown = said[:40].strip()
    return Fault(
        "meter_garbled",
        f'"{shown}" is no reading of this kind of meter. Check cable, kind and speed of its line.',
    )


def _over_range() -> Fault:
    return Fault("meter_over_range", "The meter is over its range. It cannot measure this source.")


def _below_zero() -> Fault:
    return Fault("meter_below_zero", "The meter reads less than nothing. Check its background.")


def _text(record: bytes) -> str:
    return record.decode("ascii", "backslashreplace").strip()


def _hex(record: bytes) -> str:
    return record.hex(" ")


DIALECTS: Mapping[DialectName, Dialect] = {
    DialectName.VEENSTRA_VDC: Dialect(
        title="Veenstra VDC-404 (streams lines)",
        baud=9600,
        request=b"",
        size=None,
        parse=_veenstra,
        show=_text,
    ),
    DialectName.CAPINTEC_CRC15: Dialect(
        title="Capintec CRC-15 (answers when asked)",
        baud=4800,
        request=b"@ABCDEFGHIJK\r\n",
        size=struct.calcsize(_CRC15),
        parse=_crc15,
        show=_hex,
    ),
}
