"""What every held vial and container had at a slot, written by the database in two statements.

The activity is that of the vial's or container's own nuclide, with what a declared parent feeds it
(Lu-177m → Lu-177, Sr-90 → Y-90); of a mixed container each nuclide declared in it has a row.
Nothing is read into Python, so memory does not grow with stock.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from radiopharm.core.containers import MIX
from radiopharm.core.nuclides import NuclearData
from radiopharm.store.base import Instant
from radiopharm.store.decay import elapsed_s, feeds, ingrown, remaining
from radiopharm.store.tables.derived import activity_snapshots
from radiopharm.store.tables.vials import ledger_entries, vial_compositions, vials
from radiopharm.store.tables.waste import (
    waste_containers,
    waste_events,
    waste_item_contents,
    waste_items,
    waste_releases,
)

COLUMNS = ("subject", "subject_id", "slot", "nuclide", "activity_bq")
SLOT = sa.bindparam("slot", type_=Instant())


def write(db: sa.Connection, slot: datetime, data_sets: Mapping[str, NuclearData]) -> int:
    """Write the snapshot of *slot*, every site's; returns how many rows.

    A vial is left out at an instant so early that its declared composition cannot have existed.
    """
    statements = _statements(tuple(data_sets.values()))
    return sum(db.execute(statement, {"slot": slot}).rowcount for statement in statements)


@lru_cache(maxsize=2)
def _statements(data_sets: tuple[NuclearData, ...]) -> tuple[sa.Insert, ...]:
    """Built once a process: naming every branch of every data set takes longer than a small run."""
    fed = feeds(data_sets)
    inserts = (
        activity_snapshots.insert().from_select(COLUMNS, rows)
        for rows in (_vials(fed), _containers(fed))
    )
    return tuple(insert.execution_options(preserve_rowcount=True) for insert in inserts)


def _vials(fed: sa.CTE) -> sa.Select[Any]:
    held, grown = _balances(), _grown(fed)
    elapsed = elapsed_s(vials.c.reference_at, SLOT)
    per_bq = remaining(vials.c.half_life_s, elapsed) + sa.func.coalesce(grown.c.per_bq, 0.0)
    return (
        sa.select(
            sa.literal("vial"),
            vials.c.id,
            SLOT,
            vials.c.nuclide,
            held.c.reference_bq * per_bq,
        )
        .join(held, held.c.vial_id == vials.c.id)
        .outerjoin(grown, grown.c.vial_id == vials.c.id)
        .where(sa.or_(grown.c.per_bq.is_(None), per_bq >= 0))
    )


def _balances() -> sa.Subquery:
    """What each vial held at the slot, where it held anything.

    Whole becquerels and microlitres up to 1e15 add up exactly in doubles (2^53 is 9e15), and
    PostgreSQL adds those in a third of the time of its big integers, which it sums as decimals.
    """
    entries = ledger_entries.c
    held_bq, held_ul = (
        sa.func.sum(sa.cast(amount, sa.Double))
        for amount in (entries.reference_bq, entries.volume_ul)
    )
    return (
        sa.select(entries.vial_id, held_bq.label("reference_bq"))
        .where(entries.occurred_at <= SLOT)
        .group_by(entries.vial_id)
        .having(held_ul > 0)
        .subquery()
    )


def _grown(fed: sa.CTE) -> sa.Subquery:
    """What a vial's newest declared parents have fed its principal, per becquerel of it."""
    parts = vial_compositions.c
    newer = vial_compositions.alias("newer")
    superseded = sa.exists().where(
        newer.c.vial_id == parts.vial_id, newer.c.version > parts.version
    )
    elapsed = elapsed_s(vials.c.reference_at, SLOT)
    per_parent = ingrown(parts.half_life_s, vials.c.half_life_s, elapsed)
    return (
        sa.select(
            parts.vial_id,
            sa.func.sum(sa.cast(parts.ratio, sa.Double) * fed.c.fraction * per_parent).label(
                "per_bq"
            ),
        )
        .join(vials, vials.c.id == parts.vial_id)
        .join(
            fed,
            sa.and_(
                fed.c.data_set == vials.c.data_set,
                fed.c.parent == parts.nuclide,
                fed.c.daughter == vials.c.nuclide,
            ),
        )
        .where(~superseded)
        .group_by(parts.vial_id)
        .subquery()
    )


def _containers(fed: sa.CTE) -> sa.Select[Any]:
    parts = sa.union_all(_put_in(), _fed_inside(fed)).subquery()
    return (
        sa.select(
            sa.literal("container"),
            waste_containers.c.id,
            SLOT,
            parts.c.nuclide,
            sa.func.sum(parts.c.activity_bq),
        )
        .join(parts, parts.c.container_id == waste_containers.c.id)
        .where(~_has_left())
        .group_by(waste_containers.c.id, parts.c.nuclide)
    )


def _put_in() -> sa.Select[Any]:
    """What is left of each portion of the container's own nuclide, or of any in a mixed one."""
    portions = waste_item_contents.c
    left = portions.activity_bq * remaining(portions.half_life_s, _waited())
    return _portions(portions.nuclide, left).where(
        waste_containers.c.nuclide.in_((portions.nuclide, MIX))
    )


def _fed_inside(fed: sa.CTE) -> sa.Select[Any]:
    """What each portion of a parent has become of it; the item's own half-lives where declared."""
    portions, own = waste_item_contents.c, waste_item_contents.alias("own")
    daughter_s = sa.func.coalesce(own.c.half_life_s, fed.c.half_life_s, type_=sa.Double)
    per_parent = ingrown(portions.half_life_s, daughter_s, _waited())
    return (
        _portions(fed.c.daughter, portions.activity_bq * fed.c.fraction * per_parent)
        .join(
            fed,
            sa.and_(
                fed.c.data_set == portions.data_set,
                fed.c.parent == portions.nuclide,
            ),
        )
        .outerjoin(
            own,
            sa.and_(own.c.item_id == waste_items.c.id, own.c.nuclide == fed.c.daughter),
        )
        .where(_counts(fed.c.daughter))
    )


def _counts(daughter: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether a daughter is the container's own nuclide, or declared in a mixed one."""
    item, content = waste_items.alias("other_item").c, waste_item_contents.alias("other").c
    declared = sa.exists().where(
        item.container_id == waste_containers.c.id,
        item.put_in_at <= SLOT,
        content.item_id == item.id,
        content.nuclide == daughter,
    )
    own = waste_containers.c.nuclide
    return sa.or_(own == daughter, sa.and_(own == MIX, declared))


def _portions(
    nuclide: sa.ColumnElement[str], activity_bq: sa.ColumnElement[float]
) -> sa.Select[Any]:
    columns = waste_items.c.container_id, nuclide.label("nuclide")
    return (
        sa.select(*columns, activity_bq.label("activity_bq"))
        .select_from(waste_items)
        .join(waste_containers, waste_containers.c.id == waste_items.c.container_id)
        .join(waste_item_contents, waste_item_contents.c.item_id == waste_items.c.id)
        .where(waste_items.c.put_in_at <= SLOT)
    )


def _waited() -> sa.ColumnElement[float]:
    return elapsed_s(waste_items.c.put_in_at, SLOT)


def _has_left() -> sa.ColumnElement[bool]:
    released = sa.exists().where(
        waste_releases.c.container_id == waste_containers.c.id, waste_releases.c.at <= SLOT
    )
    handed_over = sa.exists().where(
        waste_events.c.container_id == waste_containers.c.id,
        waste_events.c.kind.in_(("transferred", "returned_to_supplier")),
        waste_events.c.at <= SLOT,
    )
    return sa.or_(released, handed_over)
