"""Which containers stood in the waste store at an instant, as known at another."""

from datetime import datetime

import sqlalchemy as sa

from radiopharm.core.states import LEFT, ContainerState
from radiopharm.store.tables.waste import waste_containers, waste_events, waste_releases

BY_EVENT = tuple(
    str(state) for state in LEFT if state not in (ContainerState.RELEASED, ContainerState.DEROGATED)
)


def standing(db: sa.Connection, site_id: int, at: datetime, known_at: datetime) -> set[int]:
    """The containers that had been opened and had not left."""
    columns, releases, events = waste_containers.c, waste_releases.c, waste_events.c
    released = sa.select(releases.container_id).where(releases.at <= min(at, known_at))
    gone = sa.select(events.container_id).where(
        events.kind.in_(BY_EVENT), events.at <= at, events.recorded_at <= known_at
    )
    query = sa.select(columns.id).where(
        *_opened(site_id, None, at, known_at),
        columns.id.not_in(released),
        columns.id.not_in(gone),
    )
    return set(db.scalars(query))


def opened(
    db: sa.Connection, site_id: int, since: datetime | None, until: datetime, known_at: datetime
) -> set[int]:
    """The containers opened after *since* (None: ever) up to *until*."""
    query = sa.select(waste_containers.c.id).where(*_opened(site_id, since, until, known_at))
    return set(db.scalars(query))


def _opened(
    site_id: int, since: datetime | None, until: datetime, known_at: datetime
) -> list[sa.ColumnElement[bool]]:
    columns = waste_containers.c
    after = [] if since is None else [columns.opened_at > since]
    return [
        columns.site_id == site_id,
        columns.recorded_at <= known_at,
        columns.opened_at <= until,
        *after,
    ]
