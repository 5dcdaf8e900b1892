"""What a site owes its own audit: seals in time, and its review when that is due."""

from collections.abc import Iterator
from datetime import datetime

from radiopharm.core import seals as rules
from radiopharm.core.flags import FlagKind
from radiopharm.store import Connection, audit_trail, flags, reviews, seals
from radiopharm.store.flags import Change


def unsealed_since(db: Connection, now: datetime, *streams: str) -> datetime | None:
    """Since when a chain waits for its seal, where that is too long; None while all is well."""
    heads, last = audit_trail.all_heads(db), seals.newest(db)
    waiting = {head.stream for head in rules.unsealed(heads.values(), last)}
    first = {name: last[name].number + 1 if name in last else 1 for name in waiting}
    times = (
        audit_trail.written_at(db, name, first[name]) for name in waiting & set(streams or waiting)
    )
    oldest = min((at for at in times if at is not None), default=None)
    return oldest if oldest is not None and now - oldest > rules.BEHIND else None


def review_due(db: Connection, site_id: int, now: datetime) -> datetime | None:
    """When the next review of the audit was due, where that is past; a first one is never due."""
    due = next((row.next_due_at for row in reviews.newest(db, site_id, 1)), None)
    return due if due is not None and due <= now else None


def changes(db: Connection, site_id: int, stream: str, at: datetime) -> Iterator[Change]:
    """Each flag about the site's audit that is not what it ought to be."""
    ought = {
        FlagKind.SEALER_BEHIND: unsealed_since(db, at, stream),
        FlagKind.REVIEW_OVERDUE: review_due(db, site_id, at),
    }
    for kind, since in ought.items():
        flagged = flags.of_kind(db, site_id, kind)
        change = {"site_id": site_id, "subject": "site", "subject_id": site_id}
        if since is not None and not flagged:
            yield Change(**change, raised=kind, limit_at=since)
        if since is None and flagged:
            yield Change(**change, cleared=kind, cleared_id=flagged[0].id)
