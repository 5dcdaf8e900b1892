"""The audit chain in the database: read the head, append one event, move the head by one."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.core import audit as chain
from radiopharm.core.audit import Event, Head
from radiopharm.store.tables.audit import audit_events, audit_heads, audit_subjects

SYSTEM = "system"


def lock_head(db: sa.Connection, stream: str) -> Head:
    """The end of *stream*, locked until the transaction ends.

    A new stream gets its row first, so that its very first acts wait for each other too; whoever
    comes second finds the row taken and tries again.
    """
    row = db.execute(
        sa.select(audit_heads).where(audit_heads.c.stream == stream).with_for_update()
    ).first()
    if row is None:
        start = Head(stream=stream)
        values = {"number": start.number, "hash": start.hash, "mac": ""}
        db.execute(audit_heads.insert().values(stream=stream, **values))
        return start
    return Head(stream=stream, number=row.number, hash=row.hash)


def newest_at(db: sa.Connection, stream: str) -> datetime | None:
    """When the newest event of *stream* was recorded; None while it has none."""
    events = audit_events.c
    query = sa.select(events.at).where(events.stream == stream).order_by(events.number.desc())
    at: datetime | None = db.scalar(query.limit(1))
    return at


def append(
    db: sa.Connection,
    key: bytes,
    stream: str,
    facts: Mapping[str, Any],
    subjects: Iterable[str] = (),
) -> Event:
    """Write one event onto *stream*; `facts` hold at least `at`, `actor` and `action`."""
    head = lock_head(db, stream)
    named = sorted(set(subjects))
    event = chain.link(head, chain.canonical({**facts, "subjects": named}))
    db.execute(
        audit_events.insert().values(
            stream=stream,
            number=event.number,
            at=facts["at"],
            actor=facts["actor"],
            action=str(facts["action"]),
            canonical=event.canonical,
            previous=event.previous,
            hash=event.hash,
        )
    )
    if named:
        rows = [{"subject": s, "stream": stream, "number": event.number} for s in named]
        db.execute(audit_subjects.insert(), rows)
    _move_head(db, key, head, event)
    return event


def times(db: sa.Connection, stream: str, action: str, subject: str) -> int:
    """How often *action* was done to *subject*."""
    events, subjects = audit_events.c, audit_subjects.c
    same = sa.and_(subjects.stream == events.stream, subjects.number == events.number)
    found = db.scalar(
        sa.select(sa.func.count())
        .select_from(audit_events.join(audit_subjects, same))
        .where(subjects.subject == subject, events.stream == stream, events.action == str(action))
    )
    return found or 0


def _move_head(db: sa.Connection, key: bytes, head: Head, event: Event) -> None:
    new = Head(stream=event.stream, number=event.number, hash=event.hash)
    values = {"number": new.number, "hash": new.hash, "mac": chain.head_mac(key, new)}
    moved = db.execute(
        audit_heads.update()
        .where(audit_heads.c.stream == new.stream, audit_heads.c.number == head.number)
        .values(values)
    )
    if moved.rowcount != 1:
        raise RuntimeError("the audit head moved under a locked transaction")
