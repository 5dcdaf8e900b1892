"""Pages of vials by their facts, found in the database and never by loading them all.

The conditions say in SQL what `core.states.vial_state` says in words; a test holds the two equal.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from radiopharm.core.states import VialState
from radiopharm.store.tables.vials import ledger_entries, vial_events, vials

Key = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a page of stock is narrowed to; `states` empty means every state."""

    nuclide: str | None = None
    product: str | None = None
    lot: str | None = None
    states: frozenset[VialState] = frozenset()


HELD = frozenset(
    {VialState.RECEIVED, VialState.AVAILABLE, VialState.QUARANTINED, VialState.EXPIRED}
)


def page(
    db: sa.Connection, site_id: int, at: datetime, filters: Filters, after: Key | None, size: int
) -> tuple[list[int], Key | None]:
    """Ids of one page in the order (nuclide, id), and the key after which the next one begins."""
    query = (
        sa.select(vials.c.id, vials.c.nuclide)
        .where(vials.c.site_id == site_id, *_conditions(filters, at))
        .order_by(vials.c.nuclide, vials.c.id)
        .limit(size + 1)
    )
    if after is not None:
        nuclide, last = after
        query = query.where(
            sa.or_(
                vials.c.nuclide > nuclide,
                sa.and_(vials.c.nuclide == nuclide, vials.c.id > last),
            )
        )
    rows = db.execute(query).all()
    shown = rows[:size]
    following = (shown[-1].nuclide, shown[-1].id) if len(rows) > size else None
    return [row.id for row in shown], following


def held(site_id: int, at: datetime) -> sa.Select[tuple[int]]:
    """The query for the ids of all vials that hold something at *at*."""
    return sa.select(vials.c.id).where(vials.c.site_id == site_id, _held(at) > 0)


def ever_kept_ids(db: sa.Connection, site_id: int, directive_ids: list[int]) -> list[int]:
    """Vials that were kept for one of the directives at some time."""
    query = (
        sa.select(vials.c.id)
        .join(vial_events, vial_events.c.vial_id == vials.c.id)
        .where(vials.c.site_id == site_id, vial_events.c.directive_id.in_(directive_ids))
    )
    return list(db.scalars(query.distinct().order_by(vials.c.id)))


def _conditions(filters: Filters, at: datetime) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if filters.nuclide is not None:
        found.append(vials.c.nuclide == filters.nuclide)
    if filters.product is not None:
        found.append(vials.c.product == filters.product)
    if filters.lot is not None:
        found.append(vials.c.lot == filters.lot)
    if filters.states:
        found.append(sa.or_(*(_is(state, at) for state in sorted(filters.states))))
    return found


def _is(state: VialState, at: datetime) -> sa.ColumnElement[bool]:
    held = _held(at)
    if state is VialState.NOT_HERE:
        return held.is_(None)
    if state is VialState.EMPTY:
        return held == 0
    quarantined, expired = _quarantined(at), _expired(at)
    accepted = _happened(at, vial_events.c.kind == "accepted")
    here = {
        VialState.QUARANTINED: quarantined,
        VialState.EXPIRED: sa.and_(~quarantined, expired),
        VialState.RECEIVED: sa.and_(~quarantined, ~expired, ~accepted),
        VialState.AVAILABLE: sa.and_(~quarantined, ~expired, accepted),
    }
    return sa.and_(held > 0, here[state])


def _held(at: datetime) -> sa.ScalarSelect[int]:
    entries = ledger_entries.c
    return (
        sa.select(sa.func.sum(entries.volume_ul))
        .where(entries.vial_id == vials.c.id, entries.occurred_at <= at)
        .scalar_subquery()
    )


def _expired(at: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(vials.c.expires_at <= at, _happened(at, vial_events.c.use_by_at <= at))


def _happened(at: datetime, condition: sa.ColumnElement[bool]) -> sa.Exists:
    return sa.exists().where(
        vial_events.c.vial_id == vials.c.id, vial_events.c.occurred_at <= at, condition
    )


def _quarantined(at: datetime) -> sa.ColumnElement[bool]:
    events = vial_events.c
    newest = (
        sa.select(events.kind)
        .where(
            events.vial_id == vials.c.id,
            events.kind.in_(("quarantined", "released")),
            events.occurred_at <= at,
        )
        .order_by(events.occurred_at.desc(), events.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return sa.func.coalesce(newest, "released") == "quarantined"
