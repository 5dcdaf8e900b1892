"""The audit chain read back for the check: whole streams, or a stretch of one.

It reads columns as raw as the engine allows, so that no value, however spoilt, stops it and
no session's time zone or date style changes what it sees.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa

from radiopharm.core.audit import GENESIS, Event, Head, RowDigest, instant_text
from radiopharm.core.audit_check import Kept, KeptHead
from radiopharm.store.base import EPOCH
from radiopharm.store.tables.audit import audit_events, audit_heads, audit_subjects
from radiopharm.store.tables.derived import job_runs

CHUNK = 1000
NOT_A_NUMBER = 2**63


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


class Stretch(NamedTuple):
    """A part of a stream: the events above one number, up to another."""

    stream: str
    above: int = 0
    upto: int | None = None


def events(db: sa.Connection, part: Stretch) -> Iterator[Kept]:
    """Every event of a stretch in order of number, a chunk at a time."""
    kept = audit_events.c
    texts = [kept.canonical, kept.previous, kept.hash, kept.actor, kept.action]
    query = (
        sa.select(_raw(kept.number), _instant(db, kept.at), *(_text(db, each) for each in texts))
        .where(*_within(kept, part))
        .order_by(kept.number)
    )
    for number, at, *read in _streamed(db, query):
        canonical, previous, digest, actor, action = map(_read, read)
        event = Event(
            stream=part.stream,
            number=_whole(number),
            canonical=canonical,
            previous=previous,
            hash=digest,
        )
        yield Kept(event=event, at=_instant_text(at), actor=actor, action=action)


def chosen(db: sa.Connection, stream: str, numbers: Sequence[int]) -> Iterator[Event]:
    """The events of *stream* with those *numbers*, in order."""
    kept = audit_events.c
    for first in range(0, len(numbers), CHUNK):
        wanted = numbers[first : first + CHUNK]
        query = sa.select(audit_events).where(kept.stream == stream, kept.number.in_(wanted))
        for row in db.execute(query.order_by(kept.number)):
            yield Event(**{name: getattr(row, name) for name in Event.__slots__})


def before(db: sa.Connection, stream: str, number: int) -> Head:
    """The end of *stream* before event *number*, by what that event says."""
    kept = audit_events.c
    query = sa.select(kept.previous).where(kept.stream == stream, kept.number == number)
    return Head(stream=stream, number=number - 1, hash=db.scalar(query) or GENESIS)


def end_before(db: sa.Connection, stream: str, at: datetime) -> Head:
    """Where *stream* ended at an instant."""
    kept = audit_events.c
    query = sa.select(kept.number, kept.hash).where(kept.stream == stream, kept.at < at)
    row = db.execute(query.order_by(kept.at.desc(), kept.number.desc()).limit(1)).first()
    return Head(stream=stream, number=row.number, hash=row.hash) if row else Head(stream=stream)


def written_at(db: sa.Connection, stream: str, number: int) -> datetime | None:
    """When an event was written."""
    kept = audit_events.c
    return db.scalar(sa.select(kept.at).where(kept.stream == stream, kept.number == number))


def vouched(db: sa.Connection, part: Stretch) -> Iterator[tuple[int, RowDigest]]:
    """Every row that an event of a stretch vouches for, with the event's number."""
    kept = audit_events.c
    query = (
        sa.select(kept.number, kept.canonical)
        .where(*_within(kept, part), kept.canonical.contains('"rows":[['))
        .order_by(kept.number)
    )
    for number, canonical in _streamed(db, query):
        for table, row_id, digest in json.loads(canonical).get("rows", ()):
            yield number, RowDigest(table=table, id=row_id, digest=digest)


def subjects(db: sa.Connection, part: Stretch) -> Iterator[tuple[int, str]]:
    """Every event's number with each of its subjects, in order of number."""
    kept = audit_subjects.c
    query = (
        sa.select(_raw(kept.number), _text(db, kept.subject))
        .where(*_within(kept, part))
        .order_by(kept.number)
    )
    return ((_whole(number), _read(subject)) for number, subject in _streamed(db, query))


def about(db: sa.Connection, subject: str) -> Iterator[tuple[str, list[int]]]:
    """The streams in which *subject* is named, each with the numbers of its events."""
    named = audit_subjects.c
    query = sa.select(named.stream, named.number).where(named.subject == subject)
    rows = db.execute(query.order_by(named.stream, named.number))
    for stream, found in groupby(rows, key=lambda row: row.stream):
        yield stream, [row.number for row in found]


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


def _within(columns: Any, part: Stretch) -> list[sa.ColumnElement[bool]]:
    found = [columns.stream == part.stream]
    if part.above:
        found.append(columns.number > part.above)
    if part.upto is not None:
        found.append(columns.number <= part.upto)
    return found


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
