"""A cell of a register in its three writings: as kept, as people read it, as a spreadsheet has it.

What is kept is becquerels, microlitres and instants; people read megabecquerels rounded once, a
spreadsheet gets the same unit with every digit, so that its sums are right.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo

from radiopharm.core import formatting
from radiopharm.core.audit import instant_text

Cell = str | int | float | Decimal | datetime | None
NOTHING = "–"
FINEST = Decimal("1e-9")  # of the shown unit: a millibecquerel, where the shown unit is the MBq


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    CODE = "code"
    NUMBER = "number"
    INSTANT = "instant"
    ACTIVITY = "activity"
    SMALL_ACTIVITY = "small_activity"
    VOLUME = "volume"
    PERCENT = "percent"

    @property
    def is_figure(self) -> bool:
        """Whether its cells are figures, set to the right."""
        return self not in (Kind.TEXT, Kind.CODE, Kind.INSTANT)

    @property
    def raw_unit(self) -> str:
        """The unit as kept and as programs get it."""
        return _UNITS[self][0] if self in _UNITS else ""

    @property
    def unit(self) -> str:
        """The unit as people and spreadsheets get it."""
        return _UNITS[self][1] if self in _UNITS else ""


_UNITS: dict[Kind, tuple[str, str, Fraction]] = {
    Kind.ACTIVITY: ("Bq", "MBq", Fraction(10**6)),
    Kind.SMALL_ACTIVITY: ("Bq", "kBq", Fraction(10**3)),
    Kind.VOLUME: ("µL", "mL", Fraction(10**3)),
    Kind.PERCENT: ("1", "%", Fraction(1, 100)),
}
"""As kept, as shown, and how much of the first one of the second is."""


def heading(title: str, kind: Kind) -> str:
    """A column's title with its unit: ``Received (MBq)``."""
    return f"{title} ({kind.unit})" if kind.unit else title


def shown(cell: Cell, kind: Kind, zone: ZoneInfo) -> str:
    """A cell for people, in the column's unit and the site's zone."""
    match cell:
        case None | "":
            return NOTHING
        case datetime():
            time = formatting.clock_time(cell, zone).replace(" ", "\u00a0")
            return f"{formatting.day(cell, zone)} {time}"
        case str():
            return cell
    if kind is Kind.VOLUME:
        return formatting.ml_figure(round(cell))
    if kind is Kind.PERCENT:
        return formatting.percent(Fraction(cell)).removesuffix(" %")
    if kind is Kind.NUMBER:
        return f"{cell}"
    return formatting.figure(Fraction(cell) / _UNITS[kind][2])


def exact(cell: Cell, kind: Kind) -> Cell:
    """A cell for a spreadsheet: figures as decimals in the column's unit, all else as it is."""
    if cell is None or isinstance(cell, str | datetime):
        return cell
    if kind is Kind.NUMBER:
        return cell
    scaled = Fraction(cell) / _UNITS[kind][2]
    decimal = Decimal(scaled.numerator) / Decimal(scaled.denominator)
    return decimal.quantize(FINEST).normalize() + 0


def plain(cell: Cell) -> str | int | float | None:
    """A cell for JSON: figures in the unit as kept, instants in UTC, decimals as text."""
    if isinstance(cell, datetime):
        return instant_text(cell)
    return str(cell) if isinstance(cell, Decimal) else cell
