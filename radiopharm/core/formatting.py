"""Figures, instants and durations as people read them; pages, documents and messages all ask here.

Figures carry their unit, keep four significant digits and are rounded once, half to even, from the
exact value; a fourth digit that is a zero after the point is left out (200 mCi, 7.40 GBq). Nothing
formatted here is ever read back or calculated with.
"""

from datetime import datetime, tzinfo
from decimal import Decimal
from fractions import Fraction

from radiopharm.core.units import ACTIVITY_UNITS

Amount = int | float | Fraction

DIGITS = 4
SMALLEST = Fraction(1, 1000)  # of the unit; less is shown as "< 0.001"
AUTOMATIC_UNITS = ("TBq", "GBq", "MBq", "kBq", "Bq")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
STEPS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def mbq(bq: Amount) -> str:
    """Becquerels in megabecquerels: ``7,400 MBq``."""
    return activity(bq, "MBq")


def mci(bq: Amount) -> str:
    """Becquerels in millicuries: ``200 mCi``."""
    return activity(bq, "mCi")


def mbq_mci(bq: Amount) -> str:
    """Both units, as dose papers must show them: ``7,400 MBq (200 mCi)``."""
    return f"{mbq(bq)} ({mci(bq)})"


def activity(bq: Amount, unit: str) -> str:
    """Becquerels in *unit*, one of `ACTIVITY_UNITS`: ``7.40 GBq``; never finer than 0.001 of it."""
    return f"{figure(Fraction(bq) / ACTIVITY_UNITS[unit])} {unit}"


def activity_auto(bq: Amount) -> str:
    """Becquerels in the largest unit that leaves at least one before the point: ``74.0 kBq``."""
    size = abs(_significant(Fraction(bq)))
    fitting = (unit for unit in AUTOMATIC_UNITS if size >= ACTIVITY_UNITS[unit])
    return activity(bq, next(fitting, "Bq"))


def bq_exact(bq: int) -> str:
    """To the last becquerel: ``12,487,500,000 Bq``."""
    return f"{bq:,d} Bq".replace("-", "−")


def mbq_exact(bq: int) -> str:
    """A booked activity to its last becquerel, for ledgers: ``12,487.5 MBq``."""
    whole, rest = divmod(abs(bq), 10**6)
    decimals = f".{rest:06}".rstrip("0").rstrip(".")
    return f"{'−' if bq < 0 else ''}{whole:,}{decimals} MBq"


def mbq_per_ml(bq_per_ul: Amount) -> str:
    """A concentration in becquerels per microlitre: ``370 MBq/mL``."""
    return f"{figure(Fraction(bq_per_ul) / 1000)} MBq/mL"


def ml(ul: Amount) -> str:
    """Microlitres in millilitres: ``20.50 mL``; a third decimal where it counts (``0.185 mL``)."""
    whole = round(Fraction(ul))
    return f"{_decimal(whole, 3) if whole % 10 else _decimal(whole // 10, 2)} mL"


def ml_figure(ul: int) -> str:
    """Whole microlitres in millilitres without the unit, for columns: ``20.500``."""
    return _decimal(ul, 3)


def percent(ratio: Amount) -> str:
    """A ratio in per cent to one decimal: 0.983 is ``98.3 %``."""
    return f"{_decimal(round(Fraction(ratio) * 1000), 1)} %"


def deviation(ratio: Amount) -> str:
    """A relative difference with its sign: 0.03 is ``+3.0 %``."""
    sign = "+" if round(Fraction(ratio) * 1000) > 0 else ""
    return sign + percent(ratio)


def figure(value: Amount, *, column: bool = False) -> str:
    """A bare number, for places where the unit stands in the heading.

    In a *column* the fourth digit always shows, so that neighbours read alike.
    """
    exact = Fraction(value)
    if 0 < abs(exact) < SMALLEST:
        return "< 0.001" if exact > 0 else "> −0.001"
    decimals = DIGITS - 1 - _exponent(exact)
    text = _decimal(round(exact * Fraction(10) ** decimals), decimals)
    trimmable = "." in text and not column
    return text.removesuffix("0").removesuffix(".") if trimmable else text


def grouped(value: str | int | Decimal) -> str:
    """A plain number as it was entered, all its digits, thousands separated: ``15,000,000.50``."""
    return f"{Decimal(value):,f}"


def instant(at: datetime, zone: tzinfo) -> str:
    """An instant in *zone*, without ambiguity anywhere: ``Sat 14 Mar 2026 09:30 CET``."""
    return f"{day(at, zone)} {clock_time(at, zone)}"


def instant_to_second(at: datetime, zone: tzinfo) -> str:
    """An instant with its seconds, for audit and ledgers: ``Sat 14 Mar 2026 09:30:12 CET``."""
    local = _local(at, zone)
    return f"{day(at, zone)} {local:%H:%M:%S} {_zone_name(local)}"


def day(at: datetime, zone: tzinfo) -> str:
    """The calendar day in *zone* at an instant: ``Sat 14 Mar 2026``."""
    local = _local(at, zone)
    return f"{WEEKDAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local.year}"


def clock_time(at: datetime, zone: tzinfo) -> str:
    """The 24-hour time in *zone*: ``09:30 CET``."""
    local = _local(at, zone)
    return f"{local:%H:%M} {_zone_name(local)}"


def duration(seconds: Amount) -> str:
    """A length of time in its two largest units: ``2 d 3 h``, ``−4 min 10 s``, ``0 s``.

    What is smaller is cut off, as on a clock: a countdown never promises more than is left.
    """
    left = int(abs(Fraction(seconds)))
    sign = "−" if seconds < 0 and left else ""
    first = next((n for n, (size, _) in enumerate(STEPS) if left >= size), len(STEPS) - 1)
    parts: list[str] = []
    for size, name in STEPS[first : first + 2]:
        count, left = divmod(left, size)
        if count or not parts:
            parts.append(f"{count} {name}")
    return sign + " ".join(parts)


def _significant(value: Fraction) -> Fraction:
    return round(value, DIGITS - 1 - _exponent(value))


def _exponent(value: Fraction) -> int:
    """The power of ten of the first digit that shows: 3 for 9,999.4 and 4 for 9,999.6."""
    if not value:
        return DIGITS - 1  # so that zero has no decimals
    power = len(str(abs(value.numerator))) - len(str(value.denominator))
    power -= abs(value) < Fraction(10) ** power
    rounded = round(abs(value), DIGITS - 1 - power)
    return power + (rounded >= Fraction(10) ** (power + 1))


def _decimal(scaled: int, decimals: int) -> str:
    """``1234`` and 2 as ``12.34``, with thousands separated and a true minus sign."""
    return f"{Decimal(scaled).scaleb(-decimals):,f}".replace("-", "−")


def _local(at: datetime, zone: tzinfo) -> datetime:
    if at.tzinfo is None:
        raise ValueError("an instant without a zone cannot be shown")
    return at.astimezone(zone)


def _zone_name(local: datetime) -> str:
    name = local.tzname() or ""
    return f"UTC{name}" if name[:1] in "+-" else name
