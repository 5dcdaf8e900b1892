"""Flags: something to look at, raised and cleared by a job, found by indexes on what changed.

A run looks only at vials that crossed a limit since the one before, or about which something was
written since; so its cost grows with what happened and not with the stock.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from radiopharm.core.flags import FlagKind
from radiopharm.core.refusals import NotFound
from radiopharm.store.tables.derived import flags
from radiopharm.store.tables.vials import ledger_entries, vial_events, vials

Flag = sa.Row[Any]
VIAL_KINDS = (FlagKind.EXPIRED, FlagKind.NEAR_EXPIRY)
OVERLAP = timedelta(minutes=10)
"""How long an act may take from reading the clock to its commit; so far back a run looks again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A subject whose flag ought to be another: the open one (an id) and the one that is due."""

    site_id: int
    subject: str
    subject_id: int
    cleared_id: int | None = None
    cleared: FlagKind | None = None
    raised: FlagKind | None = None
    limit_at: datetime | None = None
    says: str = ""  # instead of the usual words


def vial_changes(
    db: sa.Connection, at: datetime, near: timedelta, since: datetime | None
) -> list[Change]:
    """The vials whose expiry flag is not what it ought to be at *at*.

    Looks at what changed after *since*; at every vial when that is None.
    """
    due, clock = _due(at, near), _first_clock(at)
    query = (
        sa.select(vials.c.id, vials.c.site_id, vials.c.expires_at, clock.label("clock"))
        .add_columns(due.label("due"), flags.c.id.label("open_id"), flags.c.kind)
        .outerjoin(flags, _open_on(vials.c.id, "vial", VIAL_KINDS))
        .where(due.is_distinct_from(flags.c.kind))
        .order_by(vials.c.id)
    )
    if since is not None:
        query = query.where(vials.c.id.in_(_touched(at, near, since)))
    return [_change(row) for row in db.execute(query)]


def changes_of(
    db: sa.Connection, site_id: int, subject: str, kind: FlagKind, due: Mapping[int, datetime]
) -> Iterator[Change]:
    """What to raise and clear, so that just the subjects of *due* have an open flag of *kind*."""
    flagged = {row.subject_id: row.id for row in of_kind(db, site_id, kind)}
    for number in sorted(due.keys() - flagged.keys()):
        yield Change(
            site_id=site_id, subject=subject, subject_id=number, raised=kind, limit_at=due[number]
        )
    for number in sorted(flagged.keys() - due.keys()):
        yield Change(
            site_id=site_id,
            subject=subject,
            subject_id=number,
            cleared_id=flagged[number],
            cleared=kind,
        )


def clear(db: sa.Connection, ids: Iterable[int], at: datetime) -> None:
    """Clear these flags."""
    rows = [{"flag": flag} for flag in ids]
    if rows:
        found = flags.c.id == sa.bindparam("flag")
        db.execute(flags.update().where(found).values(cleared_at=at), rows)


def add(db: sa.Connection, rows: list[dict[str, Any]]) -> None:
    """Raise flags; one that is open already is a bug and refused by the database."""
    if rows:
        db.execute(flags.insert(), rows)


def page(
    db: sa.Connection, site_id: int, after: int | None, size: int, kind: FlagKind | None = None
) -> list[sa.Row[Any]]:
    """Open flags of a site, newest first, and one more than *size* when there are more."""
    query = sa.select(flags).where(flags.c.site_id == site_id, flags.c.cleared_at.is_(None))
    if kind is not None:
        query = query.where(flags.c.kind == str(kind))
    if after is not None:
        query = query.where(flags.c.id < after)
    return list(db.execute(query.order_by(flags.c.id.desc()).limit(size + 1)))


def get(db: sa.Connection, site_id: int, flag_id: int) -> sa.Row[Any]:
    """A flag of a site, open or not; raises `NotFound`."""
    query = sa.select(flags).where(flags.c.site_id == site_id, flags.c.id == flag_id)
    row = db.execute(query).first()
    if row is None:
        raise NotFound("flag")
    return row


def of_kind(db: sa.Connection, site_id: int, kind: FlagKind) -> list[sa.Row[Any]]:
    """Every open flag of one kind, oldest first."""
    query = sa.select(flags).where(
        flags.c.site_id == site_id, flags.c.kind == str(kind), flags.c.cleared_at.is_(None)
    )
    return list(db.execute(query.order_by(flags.c.id)))


def of_subjects(
    db: sa.Connection, site_id: int, subject: str, ids: Collection[int]
) -> list[sa.Row[Any]]:
    """Open flags of some vials or containers, oldest first."""
    query = sa.select(flags).where(
        flags.c.site_id == site_id,
        flags.c.subject == subject,
        flags.c.subject_id.in_(ids),
        flags.c.cleared_at.is_(None),
    )
    return list(db.execute(query.order_by(flags.c.id)))


def _change(row: sa.Row[Any]) -> Change:
    return Change(
        site_id=row.site_id,
        subject="vial",
        subject_id=row.id,
        cleared_id=row.open_id,
        cleared=FlagKind(row.kind) if row.kind else None,
        raised=FlagKind(row.due) if row.due else None,
        limit_at=min(row.expires_at, row.clock or row.expires_at),
    )


def _due(at: datetime, near: timedelta) -> sa.ColumnElement[Any]:
    """The flag a vial ought to have: an empty one none, else by the earliest limit of its use."""
    held = (
        sa.select(ledger_entries.c.volume_after_ul)
        .where(ledger_entries.c.vial_id == vials.c.id)
        .order_by(ledger_entries.c.sequence.desc())
        .limit(1)
        .scalar_subquery()
    )
    return sa.case(
        (held == 0, sa.null()),
        (_ended(at, at), str(FlagKind.EXPIRED)),
        (_ended(at, at + near), str(FlagKind.NEAR_EXPIRY)),
        else_=sa.null(),
    )


def _ended(at: datetime, limit: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(vials.c.expires_at <= limit, _first_clock(at) <= limit)


def _first_clock(at: datetime) -> sa.ScalarSelect[datetime]:
    """The earliest use-by that opening or thawing has started."""
    events = vial_events.c
    return (
        sa.select(sa.func.min(events.use_by_at))
        .where(events.vial_id == vials.c.id, events.occurred_at <= at)
        .scalar_subquery()
    )


def _touched(at: datetime, near: timedelta, since: datetime) -> sa.CompoundSelect[Any]:
    events, entries = vial_events.c, ledger_entries.c

    def crossed(limit: sa.Column[datetime]) -> sa.ColumnElement[bool]:
        return sa.or_(
            sa.and_(limit > since, limit <= at),
            sa.and_(limit > since + near, limit <= at + near),
        )

    return sa.union(
        sa.select(vials.c.id).where(crossed(vials.c.expires_at)),
        sa.select(events.vial_id).where(crossed(events.use_by_at)),
        sa.select(events.vial_id).where(events.recorded_at > since - OVERLAP),
        sa.select(entries.vial_id).where(entries.recorded_at > since - OVERLAP),
    )


def _open_on(
    subject_id: sa.Column[int], subject: str, kinds: Iterable[FlagKind]
) -> sa.ColumnElement[bool]:
    return sa.and_(
        flags.c.subject == subject,
        flags.c.subject_id == subject_id,
        flags.c.kind.in_([str(kind) for kind in kinds]),
        flags.c.cleared_at.is_(None),
    )
