"""Waste containers as registers read them: which stood here, which left."""

from typing import Any

import sqlalchemy as sa

from radiopharm.core.registers import Asked
from radiopharm.core.states import LEFT, ContainerState
from radiopharm.store.tables.releases import historic_releases
from radiopharm.store.tables.waste import waste_containers, waste_events, waste_releases

BY_EVENT = tuple(str(state) for state in LEFT if state is not ContainerState.RELEASED)


def in_store(db: sa.Connection, site_id: int, asked: Asked) -> list[int]:
    """The containers that were here at the instant asked for, as far as known."""
    columns = waste_containers.c
    query = sa.select(columns.id).where(
        *_known(site_id, asked),
        columns.opened_at <= asked.at,
        columns.id.not_in(_released(waste_releases.c.at <= asked.at)),
        columns.id.not_in(_gone(asked, waste_events.c.at <= asked.at)),
    )
    return list(db.scalars(query.order_by(columns.id)))


def opened(db: sa.Connection, site_id: int, asked: Asked) -> list[int]:
    """The containers opened by a period's end that had not left before it, as far as known."""
    columns, since = waste_containers.c, asked.period.since
    query = sa.select(columns.id).where(
        *_known(site_id, asked),
        columns.opened_at < asked.period.until,
        columns.id.not_in(_released(waste_releases.c.at < since)),
        columns.id.not_in(_gone(asked, waste_events.c.at < since)),
    )
    return list(db.scalars(query.order_by(columns.id)))


def gone(db: sa.Connection, site_id: int, asked: Asked) -> list[int]:
    """The containers that left in a period by release, transfer or return, as far as known."""
    columns, since, until = waste_containers.c, asked.period.since, asked.period.until
    released_at, left_at = waste_releases.c.at, waste_events.c.at
    released = _released(released_at >= since, released_at < until, released_at <= asked.known_at)
    left = _gone(asked, left_at >= since, left_at < until)
    query = sa.select(columns.id).where(
        *_known(site_id, asked), sa.or_(columns.id.in_(released), columns.id.in_(left))
    )
    return list(db.scalars(query.order_by(columns.id)))


def historic(db: sa.Connection, site_id: int, asked: Asked) -> list[sa.Row[Any]]:
    """What old registers say left in a period; one without dates stands when it was entered."""
    columns, period = historic_releases.c, asked.period
    dated = sa.func.coalesce(columns.released_on, columns.stored_on)
    entered = sa.and_(
        dated.is_(None), columns.recorded_at >= period.since, columns.recorded_at < period.until
    )
    query = sa.select(historic_releases).where(
        columns.site_id == site_id,
        columns.recorded_at <= asked.known_at,
        sa.or_(dated.between(period.first, period.last), entered),
    )
    return list(db.execute(query.order_by(dated, columns.id)))


def _known(site_id: int, asked: Asked) -> list[sa.ColumnElement[bool]]:
    columns = waste_containers.c
    return [columns.site_id == site_id, columns.recorded_at <= asked.known_at]


def _released(*conditions: sa.ColumnElement[bool]) -> sa.Select[tuple[int]]:
    return sa.select(waste_releases.c.container_id).where(*conditions)


def _gone(asked: Asked, *conditions: sa.ColumnElement[bool]) -> sa.Select[tuple[int]]:
    events = waste_events.c
    return sa.select(events.container_id).where(
        events.kind.in_(BY_EVENT), events.recorded_at <= asked.known_at, *conditions
    )
