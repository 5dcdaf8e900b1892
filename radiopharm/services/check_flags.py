"""Instruments that want somebody: a failed check, an overdue one, and doses it leaves in doubt.

The first two clear with their cause; the doubt stands until a person says it was seen to.
"""

from collections.abc import Iterator
from datetime import datetime

from radiopharm.core.flags import FlagKind
from radiopharm.core.instrument_checks import Check
from radiopharm.core.people import Site
from radiopharm.services import check_standings
from radiopharm.store import Connection, check_doubts, flags
from radiopharm.store.flags import Change

SUBJECT = "instrument"


def changes(db: Connection, site: Site, at: datetime) -> Iterator[Change]:
    """Each instrument of a site whose flags are not what they ought to be at *at*."""
    found = check_standings.of_site(db, site)
    failed = {
        instrument_id: check.checked_at
        for (instrument_id, _), it in found.items()
        for check in it.failed
    }
    overdue = {
        instrument_id: it.overdue_at
        for (instrument_id, _), it in found.items()
        if it.overdue_at is not None and it.is_overdue(at)
    }
    yield from flags.changes_of(db, site.id, SUBJECT, FlagKind.INSTRUMENT_FAILED, failed)
    yield from flags.changes_of(db, site.id, SUBJECT, FlagKind.CHECK_OVERDUE, overdue)


def doubt(db: Connection, site: Site, check: Check) -> Iterator[Change]:
    """The flag of what a failed check leaves in doubt; none where nothing is, or it stands."""
    rows = flags.of_kind(db, site.id, FlagKind.MEASURED_IN_DOUBT)
    count = len(check_doubts.measured(db, check))
    if count and check.id not in {row.subject_id for row in rows}:
        yield Change(
            site_id=site.id,
            subject="check",
            subject_id=check.id,
            raised=FlagKind.MEASURED_IN_DOUBT,
            says=f"To be judged: {count} measured since the last check that passed",
        )
