"""Rooms that want somebody: a survey over its level and not closed, or one that is overdue."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from radiopharm.core.flags import FlagKind
from radiopharm.core.people import Site
from radiopharm.core.surveys import Standing, standing
from radiopharm.store import Connection, flags, surveys
from radiopharm.store.flags import Change
from radiopharm.store.surveys import Watch

SUBJECT = "room"


def standings(db: Connection, site: Site) -> dict[Watch, Standing]:
    """How every room of a site stands, by room and kind."""
    ids = [room.id for room in surveys.of_site(db, site.id)]
    made = surveys.of_rooms(db, ids)
    return {
        watch: standing(plan, made.get(watch, ()), ZoneInfo(site.zone))
        for watch, plan in surveys.standing_plans(db, ids).items()
    }


def changes(db: Connection, site: Site, at: datetime) -> Iterator[Change]:
    """Each room of a site whose flags are not what they ought to be at *at*."""
    found = standings(db, site)
    over = {room_id: it.deviation.surveyed_at for (room_id, _), it in found.items() if it.deviation}
    overdue = {
        room_id: it.overdue_at
        for (room_id, _), it in found.items()
        if it.overdue_at is not None and it.is_overdue(at)
    }
    yield from flags.changes_of(db, site.id, SUBJECT, FlagKind.CONTAMINATION, over)
    yield from flags.changes_of(db, site.id, SUBJECT, FlagKind.SURVEY_OVERDUE, overdue)
