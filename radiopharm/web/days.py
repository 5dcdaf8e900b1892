"""Calendar days as the site's wall clock counts them: 23, 24 or 25 hours long."""

from datetime import date, datetime, timedelta

from radiopharm.core.local_time import midnight
from radiopharm.schemas.instants import EARLIEST, LATEST
from radiopharm.web.formatting import site_zone


def day_of(at: datetime) -> date:
    """The site's calendar day at an instant."""
    return at.astimezone(site_zone()).date()


def asked_day(text: str, now: datetime) -> date:
    """The day an address asks for; today when it names none that instants are kept for."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return day_of(now)
    return day if EARLIEST.date() < day < LATEST.date() else day_of(now)


def bounds(day: date) -> tuple[datetime, datetime]:
    """The instants at which a day of the site begins and is over."""
    return midnight(day, site_zone()), midnight(day + timedelta(days=1), site_zone())
