"""What a clock on the wall means: one instant, two on an autumn night, none in a spring gap."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo


def instants(date: str, time: str, zone: str) -> tuple[datetime, ...]:
    """The UTC instants that wall time *date* (ISO) *time* (HH:MM[:SS]) may mean in *zone*.

    Raises `ValueError` when date, time or zone cannot be read.
    """
    wall = datetime.fromisoformat(f"{date}T{time}")
    if wall.tzinfo is not None:
        raise ValueError("a wall time carries no offset")
    here = _zone(zone)
    candidates = {wall.replace(tzinfo=here, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return tuple(
        sorted(at for at in candidates if at.astimezone(here).replace(tzinfo=None) == wall)
    )


def week_ends_at(at: datetime, zone: tzinfo) -> datetime:
    """When the week of *at* is over in *zone*: the next midnight that begins a Monday there."""
    today = at.astimezone(zone).date()
    monday = today + timedelta(days=7 - today.weekday())
    return midnight(monday, zone)


def midnight(day: date, zone: tzinfo) -> datetime:
    """The instant at which *day* begins on the wall of *zone*, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError) as error:
        raise ValueError(f"{name} is no time zone") from error
