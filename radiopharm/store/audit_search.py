"""The audit trail searched: pages of events for people, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.store.tables.audit import audit_events, audit_subjects


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
