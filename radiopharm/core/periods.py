"""A stretch of whole days as a site's wall clock counts them: a month, a quarter, a year, any days.

The instants at which it begins and is over are computed once, in the site's zone; the end itself
belongs to the next period, so that months touch and never overlap.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Self
from zoneinfo import ZoneInfo

from radiopharm.core.formatting import MONTHS, day
from radiopharm.core.local_time import midnight

DAY = timedelta(days=1)
_WRITTEN = re.compile(r"(20\d\d)(?:-(0[1-9]|1[0-2])|-Q([1-4]))?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From the first moment of `first` until `last` is over, in `zone`."""

    first: date
    last: date
    zone: str

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError("a period ends after it begins")

    @classmethod
    def of_instant(cls, at: datetime, zone: str) -> Self:
        """The one day on the wall of *zone* that *at* lies in."""
        today = at.astimezone(ZoneInfo(zone)).date()
        return cls(first=today, last=today, zone=zone)

    @property
    def since(self) -> datetime:
        return midnight(self.first, ZoneInfo(self.zone))

    @property
    def until(self) -> datetime:
        """The first instant that no longer belongs to it."""
        return midnight(self.last + DAY, ZoneInfo(self.zone))

    @property
    def name(self) -> str:
        """As a heading says it: ``May 2026``, ``2nd quarter of 2026``, ``2026``, or both days."""
        months = _months_of(self)
        match months, self.first.month:
            case 1, month:
                return f"{MONTHS[month - 1]} {self.first.year}"
            case 3, 1 | 4 | 7 | 10:
                return f"{_ORDINALS[self.first.month // 3]} quarter of {self.first.year}"
            case 12, 1:
                return f"{self.first.year}"
        return self.days

    @property
    def days(self) -> str:
        """Its first and last day: ``Fri 1 May 2026 – Sun 31 May 2026``."""
        zone = ZoneInfo(self.zone)
        return f"{day(self.since, zone)} – {day(self.until - DAY / 2, zone)}"

    def parts(self, wanted: int) -> Iterator[Self]:
        """Itself in so many parts of whole days, as even as days allow; never more than it has."""
        length = (self.last - self.first).days + 1
        many = min(wanted, length)
        ends = [self.first + length * number // many * DAY for number in range(many + 1)]
        for first, following in pairwise(ends):
            yield replace(self, first=first, last=following - DAY)


_ORDINALS = ("1st", "2nd", "3rd", "4th")


def written(text: str, zone: str) -> Period:
    """The period that ``2026-05``, ``2026-Q2`` or ``2026`` names; raises `ValueError`."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise ValueError("Write a month as 2026-05, a quarter as 2026-Q2, a year as 2026.")
    year, month, quarter = (int(part) if part else None for part in found.groups())
    assert year is not None
    if month:
        return _whole_months(year, month, 1, zone)
    return (
        _whole_months(year, 3 * quarter - 2, 3, zone)
        if quarter
        else _whole_months(year, 1, 12, zone)
    )


def usual(today: date) -> Iterator[tuple[str, str]]:
    """The periods asked for most, each with its name: this month and the one before, and so on."""
    last_month, quarter = today.replace(day=1) - DAY, (today.month + 2) // 3
    last_quarter = today.replace(month=3 * quarter - 2, day=1) - DAY
    yield "This month", f"{today:%Y-%m}"
    yield "Last month", f"{last_month:%Y-%m}"
    yield "This quarter", f"{today.year}-Q{quarter}"
    yield "Last quarter", f"{last_quarter.year}-Q{(last_quarter.month + 2) // 3}"
    yield "This year", f"{today.year}"
    yield "Last year", f"{today.year - 1}"


def _whole_months(year: int, month: int, count: int, zone: str) -> Period:
    following = date(year + (month - 1 + count) // 12, (month - 1 + count) % 12 + 1, 1)
    return Period(first=date(year, month, 1), last=following - DAY, zone=zone)


def _months_of(period: Period) -> int | None:
    """How many whole calendar months it is; None when it begins or ends within one."""
    after = period.last + DAY
    if period.first.day != 1 or after.day != 1:
        return None
    return 12 * (after.year - period.first.year) + after.month - period.first.month
