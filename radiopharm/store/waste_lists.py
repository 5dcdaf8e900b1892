"""Pages of waste containers by their facts, oldest first.

The conditions say in SQL what `core.states.container_state` says in words; a test holds them equal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.core.containers import MIX
from radiopharm.core.registers import code
from radiopharm.core.states import LEFT, ContainerState
from radiopharm.store.tables.releases import derogations
from radiopharm.store.tables.waste import (
    waste_containers,
    waste_events,
    waste_item_contents,
    waste_items,
    waste_releases,
)

MOST = 200
HERE = frozenset({ContainerState.OPEN, ContainerState.SEALED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a page of containers is narrowed to; `states` empty means every state."""

    nuclide: str | None = None
    states: frozenset[ContainerState] = frozenset()
    opened_since: datetime | None = None


def page(
    db: sa.Connection, site_id: int, at: datetime, filters: Filters, after: int, size: int
) -> tuple[list[int], bool]:
    """Ids of at most *size* containers above *after*, and whether more follow."""
    containers = waste_containers.c
    query = sa.select(containers.id).where(containers.site_id == site_id, containers.id > after)
    if filters.nuclide is not None:
        query = query.where(_is_of(filters.nuclide))
    if filters.opened_since is not None:
        query = query.where(containers.opened_at >= filters.opened_since)
    if filters.states:
        query = query.where(sa.or_(*(_is(state, at) for state in sorted(filters.states))))
    ids = list(db.scalars(query.order_by(containers.id).limit(size + 1)))
    return ids[:size], len(ids) > size


def nuclides(db: sa.Connection, site_id: int) -> list[str]:
    """The nuclides the site ever had a container for, mixed ones and what is in them too."""
    columns = waste_containers.c
    opened_for = sa.select(columns.nuclide).where(columns.site_id == site_id)
    mixed = _mixed(waste_item_contents.c.nuclide).where(columns.site_id == site_id)
    return sorted(db.scalars(opened_for.union(mixed)))


def here(site_id: int, at: datetime) -> sa.Select[tuple[int]]:
    """The query for the ids of all containers that stood here at *at*."""
    containers = waste_containers.c
    states = sa.or_(*(_is(state, at) for state in sorted(HERE)))
    return sa.select(containers.id).where(containers.site_id == site_id, states)


def open_for(db: sa.Connection, site_id: int, nuclide: str, at: datetime) -> list[int]:
    """The open containers that take *nuclide*, those of its own before the mixed ones."""
    columns = waste_containers.c
    query = sa.select(columns.id).where(
        columns.site_id == site_id,
        columns.nuclide.in_((nuclide, MIX)),
        _is(ContainerState.OPEN, at),
    )
    return list(db.scalars(query.order_by(columns.nuclide == MIX, columns.id).limit(MOST)))


def labels(db: sa.Connection, ids: Sequence[int]) -> dict[int, str]:
    """What each container is called where one is chosen: code, number, place at its opening."""
    columns = waste_containers.c
    query = sa.select(columns.id, columns.number, columns.place).where(columns.id.in_(ids))
    return {
        row.id: " · ".join(filter(None, (code("W", row.id), row.number, row.place)))
        for row in db.execute(query.order_by(columns.id))
    }


def _is_of(nuclide: str) -> sa.ColumnElement[bool]:
    """Whether a container is for a nuclide, or mixed with it in it."""
    held = _mixed(waste_containers.c.id).where(waste_item_contents.c.nuclide == nuclide)
    return sa.or_(waste_containers.c.nuclide == nuclide, waste_containers.c.id.in_(held))


def _mixed(column: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """*column* of what lies in mixed containers."""
    return (
        sa.select(column)
        .select_from(waste_containers)
        .join(waste_items, waste_items.c.container_id == waste_containers.c.id)
        .join(waste_item_contents, waste_item_contents.c.item_id == waste_items.c.id)
        .where(waste_containers.c.nuclide == MIX)
    )


def _is(state: ContainerState, at: datetime) -> sa.ColumnElement[bool]:
    opened = waste_containers.c.opened_at <= at
    if state is ContainerState.NOT_HERE:
        return ~opened
    left = {way: _left(way, at) for way in LEFT}
    if state in left:
        return sa.and_(opened, left[state])
    sealed = _sealed(at)
    here = sa.and_(opened, *(~each for each in left.values()))
    return sa.and_(here, sealed if state is ContainerState.SEALED else ~sealed)


def _left(way: ContainerState, at: datetime) -> sa.ColumnElement[bool]:
    if way not in (ContainerState.RELEASED, ContainerState.DEROGATED):
        return _happened(str(way), at)
    releases, against = (
        waste_releases.c,
        sa.exists().where(derogations.c.release_id == waste_releases.c.id),
    )
    return sa.exists().where(
        releases.container_id == waste_containers.c.id,
        releases.at <= at,
        against if way is ContainerState.DEROGATED else ~against,
    )


def _sealed(at: datetime) -> sa.Exists:
    """Whether a seal holds: none was broken since."""
    seal, opened = waste_events.alias("seal").c, waste_events.alias("opened").c
    later = sa.or_(opened.at > seal.at, sa.and_(opened.at == seal.at, opened.id > seal.id))
    broken = sa.exists().where(
        opened.container_id == seal.container_id, opened.kind == "reopened", opened.at <= at, later
    )
    ours = seal.container_id == waste_containers.c.id
    return sa.exists().where(ours, seal.kind == "sealed", seal.at <= at, ~broken)


def _happened(kind: str, at: datetime) -> sa.Exists:
    events = waste_events.c
    return sa.exists().where(
        events.container_id == waste_containers.c.id, events.kind == kind, events.at <= at
    )
