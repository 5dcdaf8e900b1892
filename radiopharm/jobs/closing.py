"""A day is closed on paper: what was recorded is counted, all is sealed, and the seals printed.

On paper the seal is an anchor out of reach of whoever could rewrite the database; that the sheet
was printed is the last event under it.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from radiopharm.core.actions import Action
from radiopharm.core.local_time import midnight
from radiopharm.core.people import Person
from radiopharm.documents.day_sheets import DaySheet
from radiopharm.jobs import sealer
from radiopharm.runtime import Runtime
from radiopharm.services import sealing
from radiopharm.services.anchors import PrintedFoot
from radiopharm.store import audit_search
from radiopharm.store.audit_search import Filters


def closed(runtime: Runtime, person: Person, day: date, now: datetime) -> DaySheet:
    """The sheet of a *day* of the person's site, with the seals that its foot will be."""
    zone = ZoneInfo(person.site.zone)
    start, end = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    runtime.taken(
        lambda act: act.record(Action.DOCUMENT_PRINTED, document="day sheet", day=start),
        person,
        now,
    )
    sealer.tick(runtime, at_once=True)
    foot = PrintedFoot()
    sealing.anchor(runtime.engine, [foot], now, person.site.stream)
    with runtime.reading() as db:
        window = Filters(start=start, end=end)
        counts = audit_search.count_by_action(db, person.site.stream, window)
    return DaySheet(
        site=person.site.name,
        day=start,
        counts=counts,
        seals=foot.printed,
        zone=zone,
        printed_at=now,
        printed_by=person.display_name,
    )
