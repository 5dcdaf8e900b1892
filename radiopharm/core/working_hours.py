"""When a site works, by its own wall clock; what lies outside is "after hours".

Public holidays are not known here: a window of one is within hours when it falls on a working day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

WEEKDAYS = frozenset(range(5))
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingHours:
    """From `start` to `end` on `days` (0 is Monday)."""

    start: time
    end: time
    days: frozenset[int] = WEEKDAYS


def read(text: str) -> WorkingHours:
    """``07:00-18:00`` on working days; raises `ValueError` for anything else."""
    start, _, end = text.partition("-")
    found = WorkingHours(start=time.fromisoformat(start), end=time.fromisoformat(end))
    if found.start.tzinfo or found.end.tzinfo or found.start >= found.end:
        raise ValueError(text)
    return found


def outside(hours: WorkingHours, zone: tzinfo, start: datetime, end: datetime) -> list[Span]:
    """The spans of [*start*, *end*) in which nobody works, in order, in UTC."""
    found, free_since = [], start
    for opens, closes in _worked(hours, zone, start, end):
        if opens > free_since:
            found.append((free_since, min(opens, end)))
        free_since = max(free_since, closes)
    if free_since < end:
        found.append((free_since, end))
    return found


def _worked(hours: WorkingHours, zone: tzinfo, start: datetime, end: datetime) -> Iterator[Span]:
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    while day <= last:
        opens = datetime.combine(day, hours.start, zone).astimezone(UTC)
        closes = datetime.combine(day, hours.end, zone).astimezone(UTC)
        if day.weekday() in hours.days and opens < end:
            yield opens, closes
        day += timedelta(days=1)
