"""Pages of directives by their facts, in the order of their planned time.

The conditions say in SQL what `core.states.directive_state` says in words; a test holds the two
equal.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from radiopharm.core.states import DirectiveState
from radiopharm.store.tables.administrations import administrations
from radiopharm.store.tables.directives import (
    directive_events,
    directive_versions,
    directives,
    oral_orders,
)
from radiopharm.store.tables.doses import dispensing_voids, dispensings

Key = tuple[datetime, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a page is narrowed to: planned in [`start`, `end`), of one state, for one patient."""

    state: DirectiveState | None = None
    start: datetime | None = None
    end: datetime | None = None
    patient: str | None = None


def page(
    db: sa.Connection, site_id: int, filters: Filters, after: Key | None, size: int
) -> tuple[list[int], Key | None]:
    """Ids of one page by newest planned time and id, and the key after which the next begins."""
    planned = directive_versions.c.planned_for
    query = (
        sa.select(directives.c.id, planned)
        .join(directive_versions, directive_versions.c.directive_id == directives.c.id)
        .where(
            directives.c.site_id == site_id,
            directive_versions.c.version == _newest(),
            *_conditions(filters),
        )
        .order_by(planned, directives.c.id)
        .limit(size + 1)
    )
    if after is not None:
        at, last = after
        same = sa.and_(planned == at, directives.c.id > last)
        query = query.where(sa.or_(planned > at, same))
    rows = db.execute(query).all()
    shown = rows[:size]
    following = (shown[-1].planned_for, shown[-1].id) if len(rows) > size else None
    return [row.id for row in shown], following


def _conditions(filters: Filters) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if filters.start is not None:
        found.append(directive_versions.c.planned_for >= filters.start)
    if filters.end is not None:
        found.append(directive_versions.c.planned_for < filters.end)
    if filters.patient is not None:
        found.append(directives.c.patient == filters.patient)
    if filters.state is not None:
        found.append(_is(filters.state))
    return found


def _is(state: DirectiveState) -> sa.ColumnElement[bool]:
    live, given = _dose(), _dose(administrations.c.id.is_not(None))
    cancelled, signed = _event("cancelled"), _event("signed", directive_versions.c.version)
    oral = _oral(directive_versions.c.version)
    return {
        DirectiveState.ADMINISTERED: given,
        DirectiveState.DISPENSED: sa.and_(live, ~given),
        DirectiveState.CANCELLED: sa.and_(~live, cancelled),
        DirectiveState.SIGNED: sa.and_(~live, ~cancelled, signed),
        DirectiveState.ORAL: sa.and_(~live, ~cancelled, ~signed, oral),
        DirectiveState.DRAFT: sa.and_(~live, ~cancelled, ~signed, ~oral),
        DirectiveState.SUPERSEDED: sa.false(),
    }[state]


def _newest() -> sa.ScalarSelect[int]:
    every = directive_versions.alias("every")
    return (
        sa.select(sa.func.max(every.c.version))
        .where(every.c.directive_id == directives.c.id)
        .scalar_subquery()
    )


def _event(kind: str, version: sa.ColumnElement[int] | None = None) -> sa.Exists:
    events = directive_events.c
    of_version = [] if version is None else [events.version == version]
    return sa.exists().where(
        events.directive_id == directives.c.id, events.kind == kind, *of_version
    )


def _oral(version: sa.ColumnElement[int]) -> sa.Exists:
    orders = oral_orders.c
    return sa.exists().where(orders.directive_id == directives.c.id, orders.version == version)


def _dose(*conditions: sa.ColumnElement[bool]) -> sa.Exists:
    """Whether a dose that is not void stands against the directive."""
    doses = dispensings.outerjoin(
        dispensing_voids, dispensing_voids.c.dispensing_id == dispensings.c.id
    ).outerjoin(administrations, administrations.c.dispensing_id == dispensings.c.id)
    return (
        sa.select(dispensings.c.id)
        .select_from(doses)
        .where(
            dispensings.c.directive_id == directives.c.id,
            dispensing_voids.c.id.is_(None),
            *conditions,
        )
        .exists()
    )
