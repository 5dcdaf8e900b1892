"""Old registers are entered: by the safety officer, a line or the whole, checked before written."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from radiopharm.core import historic as rules
from radiopharm.core.actions import Action
from radiopharm.core.historic import HistoricRelease
from radiopharm.core.refusals import Invalid
from radiopharm.store import historic
from radiopharm.store.acts import Act


def enter(act: Act, entries: Sequence[HistoricRelease], reason: str, *, first: int = 0) -> int:
    """Write every entry or none; returns how many.

    `Invalid` with everything that is wrong at once, each by its line where *first* is the line of
    the first entry.
    """
    site = act.actor.site
    today = act.now.astimezone(ZoneInfo(site.zone)).date()
    if broken := rules.faults(entries, historic.keys(act.db, site.id), today, first=first):
        raise Invalid(broken)

    historic.add(
        act.db,
        entries,
        site_id=site.id,
        reason=reason,
        recorded_at=act.now,
        actor_id=act.actor.id,
    )
    books = sorted({entry.book for entry in entries})
    act.record(
        Action.HISTORIC_ENTERED,
        *(f"book:{book}"[:64] for book in books),
        reason=reason,
        entries=len(entries),
        books=books,
        gaps=sum(len(entry.gaps) for entry in entries),
    )
    return len(entries)
