"""The audit chain read back: whole streams for the check, pages for people.

The check reads columns as raw as the engine allows, so that no value, however spoilt, stops it and
no session's time zone or date style changes what it sees.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from radiopharm.core.audit import Event, Head, RowDigest, instant_text
from radiopharm.core.audit_check import Kept, KeptHead
from radiopharm.store.base import EPOCH
from radiopharm.store.tables.audit import audit_events, audit_heads, audit_subjects
from radiopharm.store.tables.derived import job_runs

CHUNK = 1000
NOT_A_NUMBER = 2**63


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a page of the trail is narrowed to; `actions` empty means every action."""

    actor: str | None = None
    subjects: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    late: bool = False
    start: datetime | None = None
    end: datetime | None = None


def page(
    db: sa.Connection, stream: str, filters: Filters, before: int | None, size: int
) -> tuple[list[sa.Row[Any]], int | None]:
    """Events of *stream*, newest first, below number *before*; and where the next page begins."""
    events = audit_events.c
    query = sa.select(audit_events).where(events.stream == stream, *_conditions(filters))
    if before is not None:
        query = query.where(events.number < before)
    rows = list(db.execute(query.order_by(events.number.desc()).limit(size + 1)))
    shown = rows[:size]
    return shown, shown[-1].number if len(rows) > size else None


def head(db: sa.Connection, stream: str) -> Head:
    """Where *stream* ends, by its head row."""
    heads = audit_heads.c
    row = db.execute(sa.select(audit_heads).where(heads.stream == stream)).first()
    return Head(stream=stream, number=row.number, hash=row.hash) if row else Head(stream=stream)


def newest_at(db: sa.Connection, action: str) -> datetime | None:
    """When an act was last recorded, in any stream."""
    events = audit_events.c
    return db.scalar(sa.select(sa.func.max(events.at)).where(events.action == action))


def last_checked(db: sa.Connection, job: str) -> sa.Row[Any] | None:
    """The newest run of the job that walks the chain."""
    runs = job_runs.c
    query = sa.select(job_runs).where(runs.job == job).order_by(runs.slot.desc()).limit(1)
    return db.execute(query).first()


def streams(db: sa.Connection) -> list[str]:
    """Every stream that any of the three tables names."""
    tables = (audit_events, audit_heads, audit_subjects)
    every = sa.union(*(sa.select(_text(db, table.c.stream)) for table in tables))
    return sorted(_read(row[0]) for row in db.execute(every))


def events(db: sa.Connection, stream: str) -> Iterator[Kept]:
    """Every event of *stream* in order of number, a chunk at a time."""
    kept = audit_events.c
    texts = [kept.canonical, kept.previous, kept.hash, kept.actor, kept.action]
    query = (
        sa.select(_raw(kept.number), _instant(db, kept.at), *(_text(db, each) for each in texts))
        .where(kept.stream == stream)
        .order_by(kept.number)
    )
    for number, at, *read in _streamed(db, query):
        canonical, previous, digest, actor, action = map(_read, read)
        event = Event(
            stream=stream,
            number=_whole(number),
            canonical=canonical,
            previous=previous,
            hash=digest,
        )
        yield Kept(event=event, at=_instant_text(at), actor=actor, action=action)


def vouched(db: sa.Connection, stream: str) -> Iterator[tuple[int, RowDigest]]:
    """Every row that an event of *stream* vouches for, with the event's number."""
    kept = audit_events.c
    query = (
        sa.select(kept.number, kept.canonical)
        .where(kept.stream == stream, kept.canonical.contains('"rows":[['))
        .order_by(kept.number)
    )
    for number, canonical in _streamed(db, query):
        for table, row_id, digest in json.loads(canonical).get("rows", ()):
            yield number, RowDigest(table=table, id=row_id, digest=digest)


def subjects(db: sa.Connection, stream: str) -> Iterator[tuple[int, str]]:
    """Every event's number with each of its subjects, in order of number."""
    kept = audit_subjects.c
    query = (
        sa.select(_raw(kept.number), _text(db, kept.subject))
        .where(kept.stream == stream)
        .order_by(kept.number)
    )
    return ((_whole(number), _read(subject)) for number, subject in _streamed(db, query))


def heads(db: sa.Connection, stream: str) -> list[KeptHead]:
    """The head rows of *stream*: one, unless somebody meddled."""
    kept = audit_heads.c
    query = sa.select(_raw(kept.number), _text(db, kept.hash), _text(db, kept.mac))
    return [
        KeptHead(
            head=Head(stream=stream, number=_whole(number), hash=_read(digest)), mac=_read(mac)
        )
        for number, digest, mac in db.execute(query.where(kept.stream == stream))
    ]


def all_heads(db: sa.Connection) -> Mapping[str, Head]:
    """Where each stream ends."""
    return {
        row.stream: Head(stream=row.stream, number=row.number, hash=row.hash)
        for row in db.execute(sa.select(audit_heads).order_by(audit_heads.c.stream))
    }


def _conditions(filters: Filters) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [_about(subject) for subject in filters.subjects]
    if filters.actor is not None:
        found.append(audit_events.c.actor == filters.actor)
    if filters.actions:
        found.append(audit_events.c.action.in_(filters.actions))
    if filters.late:
        found.append(audit_events.c.canonical.contains('"late":true'))
    if filters.start is not None:
        found.append(audit_events.c.at >= filters.start)
    if filters.end is not None:
        found.append(audit_events.c.at < filters.end)
    return found


def _about(subject: str) -> sa.ColumnElement[bool]:
    named = audit_subjects.c
    return audit_events.c.number.in_(
        sa.select(named.number).where(
            named.subject == subject, named.stream == audit_events.c.stream
        )
    )


def _streamed(db: sa.Connection, query: sa.Select[Any]) -> Iterator[sa.Row[Any]]:
    with db.execute(query, execution_options={"yield_per": CHUNK}) as rows:
        yield from rows


def _raw(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """Without the type's conversion: SQLite keeps whatever somebody put there."""
    return sa.type_coerce(column, sa.types.NullType())


def _text(db: sa.Connection, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """On SQLite the bytes, for text there may be no text."""
    is_sqlite = db.dialect.name == "sqlite"
    return sa.cast(column, sa.LargeBinary) if is_sqlite else _raw(column)


def _instant(db: sa.Connection, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    if db.dialect.name == "sqlite":
        return _raw(column)
    utc = sa.func.timezone("UTC", _raw(column))
    return sa.func.to_char(utc, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')


def _read(value: Any) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else NOT_A_NUMBER


def _instant_text(value: Any) -> str:
    if not isinstance(value, int):
        return str(value)
    try:
        return instant_text(EPOCH + timedelta(microseconds=value))
    except OverflowError:
        return str(value)
