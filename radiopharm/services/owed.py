"""Signatures owed for oral directives: flagged when 48 hours are over, closed when they come."""

from collections.abc import Iterator
from datetime import datetime

from radiopharm.core.directives import WRITTEN_WITHIN
from radiopharm.core.flags import FlagKind
from radiopharm.store import Connection, directive_signatures, flags
from radiopharm.store import directives as stored
from radiopharm.store.acts import Act
from radiopharm.store.flags import Change

KIND = FlagKind.ORAL_OVERDUE


def changes(db: Connection, site_id: int, at: datetime) -> Iterator[Change]:
    """Each directive of a site whose flag about an owed signature is not what it ought to be."""
    ids = directive_signatures.unwritten_ids(db, site_id, at - WRITTEN_WITHIN)
    overdue = {
        each.id: each.unwritten.due_at
        for each in stored.by_ids(db, site_id, ids)
        if each.unwritten is not None and each.unwritten.is_overdue(at)
    }
    flagged = {row.subject_id: row.id for row in flags.of_kind(db, site_id, KIND)}
    for directive_id in sorted(overdue.keys() - flagged.keys()):
        yield Change(
            site_id=site_id,
            subject="directive",
            subject_id=directive_id,
            raised=KIND,
            limit_at=overdue[directive_id],
        )
    for directive_id in sorted(flagged.keys() - overdue.keys()):
        yield Change(
            site_id=site_id,
            subject="directive",
            subject_id=directive_id,
            cleared_id=flagged[directive_id],
            cleared=KIND,
        )


def close(act: Act, directive_id: int) -> None:
    """Clear the flag about an owed signature, which has just been given or is owed no more."""
    rows = flags.of_subjects(act.db, act.actor.site.id, "directive", [directive_id])
    flags.clear(act.db, [row.id for row in rows if row.kind == str(KIND)], act.now)
