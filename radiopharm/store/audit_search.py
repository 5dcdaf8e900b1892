"""The audit trail searched: pages of events for people, newest first.

Every question walks an index of the stream. What is asked by hours is asked by instants, for a
column of instants knows no time of day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.store.base import Instant
from radiopharm.store.tables.audit import audit_events, audit_subjects, marked

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the trail is narrowed to; `actions`, `marks` empty mean any.

    `about_any` None means about anything, `spans` None at any time within the window.
    """

    actor: str | None = None
    subjects: tuple[str, ...] = ()
    about_any: tuple[str, ...] | None = None
    actions: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    spans: tuple[Span, ...] | None = None


def page(
    db: sa.Connection, stream: str, filters: Filters, before: int | None, size: int
) -> tuple[list[sa.Row[Any]], int | None]:
    """Events of *stream*, newest first, below number *before*; and where the next page begins."""
    query = sa.select(audit_events).where(*_conditions(stream, filters, db.dialect.name))
    if before is not None:
        query = query.where(audit_events.c.number < before)
    rows = list(db.execute(query.order_by(audit_events.c.number.desc()).limit(size + 1)))
    shown = rows[:size]
    return shown, shown[-1].number if len(rows) > size else None


def count(db: sa.Connection, stream: str, filters: Filters) -> int:
    """How many events of *stream* the filters find."""
    query = sa.select(sa.func.count()).select_from(audit_events)
    return db.scalar(query.where(*_conditions(stream, filters, db.dialect.name))) or 0


def count_by_action(db: sa.Connection, stream: str, filters: Filters) -> dict[str, int]:
    """How often each act stands among what the filters find."""
    action = audit_events.c.action
    query = sa.select(action, sa.func.count()).where(*_conditions(stream, filters, db.dialect.name))
    return {row[0]: row[1] for row in db.execute(query.group_by(action).order_by(action))}


def _conditions(
    stream: str, filters: Filters, dialect: str
) -> Iterator[sa.ColumnElement[bool] | sa.TextClause]:
    events = audit_events.c
    yield events.stream == stream
    yield from (_about(stream, [subject]) for subject in filters.subjects)
    if filters.about_any is not None:
        yield _about(stream, filters.about_any)
    if filters.actor is not None:
        yield events.actor == filters.actor
    if filters.actions:
        yield events.action.in_(filters.actions)
    if filters.marks:
        yield marked(dialect)
        yield sa.or_(*(events.canonical.contains(mark) for mark in filters.marks))
    if filters.start is not None:
        yield events.at >= filters.start
    if filters.end is not None:
        yield events.at < filters.end
    if filters.spans is not None:
        yield _within(stream, filters.spans, dialect)


def _within(stream: str, spans: Sequence[Span], dialect: str) -> sa.ColumnElement[bool]:
    """Found span by span on the index of instants, for hundreds may be asked for."""
    if not spans:
        return sa.false()
    columns = (sa.column("starts", Instant()), sa.column("ends", Instant()))
    asked = sa.values(*columns, name="spans").data(list(spans)).cte("spans")
    each = audit_events.alias()
    inside = sa.and_(each.c.stream == stream, each.c.at >= asked.c.starts, each.c.at < asked.c.ends)
    if dialect != "postgresql":
        return audit_events.c.number.in_(sa.select(each.c.number).join_from(asked, each, inside))
    found = sa.select(each.c.number).where(inside).offset(0).lateral()  # else all meet all spans
    return audit_events.c.number.in_(sa.select(found.c.number).join_from(asked, found, sa.true()))


def _about(stream: str, subjects: Sequence[str]) -> sa.ColumnElement[bool]:
    named = audit_subjects.c
    return audit_events.c.number.in_(
        sa.select(named.number).where(named.subject.in_(subjects), named.stream == stream)
    )
