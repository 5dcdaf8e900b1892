"""Durations as sources print them ("6.647 d", "64.10 h", "6.6443(9) d"), turned into seconds.

The year is 365.2422 d, the one both nuclear data sets use; a calendar year is never meant here.
"""

import re
from decimal import Decimal

from radiopharm.core.units import Malformed

DAY_S = Decimal(86_400)
YEAR_S = Decimal("365.2422") * DAY_S
TIME_UNITS = {
    "µs": Decimal("1e-6"),
    "ms": Decimal("1e-3"),
    "s": Decimal(1),
    "min": Decimal(60),
    "h": Decimal(3_600),
    "d": DAY_S,
    "y": YEAR_S,
    "ky": YEAR_S * 10**3,
    "My": YEAR_S * 10**6,
    "Py": YEAR_S * 10**15,
}

_PRINTED = re.compile(r"(?P<value>\d+(?:\.(?P<decimals>\d+))?)(?:\((?P<last>\d+)\))? (?P<unit>\S+)")


def parse_duration(text: str) -> float:
    """Seconds of a text such as ``"72 h"`` or ``"64.10 h"``; more than zero.

    Raises `Malformed` when the text is not a number and a unit, or carries an uncertainty.
    """
    seconds, uncertainty_s = parse_half_life(text)
    if uncertainty_s is not None:
        raise Malformed("number", f'"{text}" has an uncertainty where a plain duration is meant.')
    return seconds


def parse_half_life(text: str) -> tuple[float, float | None]:
    """Seconds and their standard uncertainty (None when not printed) of ``"6.6443(9) d"``.

    The bracket counts units of the last printed digit. Raises `Malformed`.
    """
    printed = _PRINTED.fullmatch(text)
    if printed is None:
        raise Malformed("number", f'"{text}" is not a duration such as "72 h" or "6.6443(9) d".')
    if printed["unit"] not in TIME_UNITS:
        raise Malformed("unit", f'"{text}": the unit is one of {", ".join(TIME_UNITS)}.')
    unit_s = TIME_UNITS[printed["unit"]]
    seconds = Decimal(printed["value"]) * unit_s
    if not seconds:
        raise Malformed("range", f'"{text}" is no time at all.')
    if printed["last"] is None:
        return float(seconds), None
    last_digit = Decimal(1).scaleb(-len(printed["decimals"] or ""))
    return float(seconds), float(int(printed["last"]) * last_digit * unit_s)
