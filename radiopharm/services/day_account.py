"""What a site has let go today, against the limits it set for a day; the day is the site's own."""

from datetime import datetime
from zoneinfo import ZoneInfo

from radiopharm.core.day_limits import Day
from radiopharm.core.local_time import midnight
from radiopharm.core.people import Site
from radiopharm.core.reference import Reference
from radiopharm.core.waste import contents
from radiopharm.store import Connection, limits, releases, waste


def today(db: Connection, reference: Reference, site: Site, now: datetime) -> Day:
    """The day of *now*; what left is counted only where a limit asks for it."""
    day = Day(limits_bq=limits.in_force(db, site.id, now, per=limits.DAY))
    if not day.limits_bq:
        return day
    zone = ZoneInfo(site.zone)
    begin = midnight(now.astimezone(zone).date(), zone)
    left = releases.between(db, site.id, begin, now)
    for container in waste.by_ids(db, site.id, list(left)):
        at, data = left[container.id], reference.default_nuclear_data
        day = day.after(contents(container.facts(), at, data))
    return day
