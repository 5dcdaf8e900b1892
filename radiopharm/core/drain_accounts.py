"""What went into a site's drain: the month's becquerels by nuclide, the year's together.

A month and a year are the site's: they begin at midnight of its own zone.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from radiopharm.core.local_time import midnight

MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A calendar month of a site, in its zone."""

    year: int
    number: int
    zone: str

    @property
    def name(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def begins_at(self) -> datetime:
        return midnight(date(self.year, self.number, 1), ZoneInfo(self.zone))

    @property
    def ends_at(self) -> datetime:
        """The first instant of the next month."""
        ahead = self.year * 12 + self.number
        return midnight(date(ahead // 12, ahead % 12 + 1, 1), ZoneInfo(self.zone))

    @property
    def last_instant(self) -> datetime:
        """What is in force then is in force for the month."""
        return self.ends_at - timedelta(microseconds=1)

    @property
    def year_begins_at(self) -> datetime:
        return midnight(date(self.year, 1, 1), ZoneInfo(self.zone))


def month_asked(text: str, now: datetime, zone: str) -> Month:
    """The month that ``2026-06`` names; the one of *now* where *text* names none."""
    if not MONTH.fullmatch(text.strip()):
        return month_of(now, zone)
    year, number = map(int, text.split("-"))
    return Month(year=year, number=number, zone=zone)


def month_of(at: datetime, zone: str) -> Month:
    """The month of the site's calendar in which *at* lies."""
    local = at.astimezone(ZoneInfo(zone))
    return Month(year=local.year, number=local.month, zone=zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sewage:
    """The water of a site in a month, as the safety officer entered it, and where they read it."""

    m3: Decimal
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrainAccount:
    """What went into the drain before: this month by nuclide, this year all together, in Bq.

    Where nobody entered the month's `sewage` it is None, and no monthly limit can be judged.
    """

    month: Month
    month_bq: Mapping[str, int]
    year_bq: int
    sewage: Sewage | None = None


def account(
    month: Month, poured: Iterable[tuple[datetime, str, int]], sewage: Sewage | None
) -> DrainAccount:
    """The account of *month* from what was *poured* (instant, nuclide, Bq)."""
    month_bq: dict[str, int] = {}
    year_bq = 0
    for at, nuclide, bq in poured:
        if month.year_begins_at <= at < month.ends_at:
            year_bq += bq
        if month.begins_at <= at < month.ends_at:
            month_bq[nuclide] = month_bq.get(nuclide, 0) + bq
    return DrainAccount(month=month, month_bq=month_bq, year_bq=year_bq, sewage=sewage)
