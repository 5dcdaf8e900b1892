"""Delay tanks in and out of the database: tanks, their fillings, and what was read of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from radiopharm.core.refusals import NotFound
from radiopharm.core.tanks import Filling, Level, Sample, Tank
from radiopharm.store.tables.discharges import (
    discharges,
    tank_closings,
    tank_fillings,
    tank_level_voids,
    tank_levels,
    tank_reclosings,
    tank_samples,
    tank_stays,
    tanks,
)

ROOMS = "; "
READINGS = {"level": tank_levels, "closing": tank_closings, "reclosing": tank_reclosings}
"""The tables of readings, by what a key of one begins with."""


def tank(db: sa.Connection, site_id: int, tank_id: int) -> Tank:
    """One tank of a site; raises `NotFound`."""
    query = sa.select(tanks).where(tanks.c.site_id == site_id, tanks.c.id == tank_id)
    row = db.execute(query).first()
    if row is None:
        raise NotFound(f"tank {tank_id}")
    return _tank(row)


def of_site(db: sa.Connection, site_id: int) -> list[Tank]:
    """A site's tanks by number."""
    query = sa.select(tanks).where(tanks.c.site_id == site_id).order_by(tanks.c.number)
    return [_tank(row) for row in db.execute(query)]


def filling(db: sa.Connection, site_id: int, filling_id: int) -> Filling:
    """One filling of a site's tank, its stays left out; raises `NotFound`."""
    found = _fillings(db, site_id, tank_fillings.c.id == filling_id)
    if not found:
        raise NotFound(f"filling {filling_id}")
    return found[0]


def fillings(db: sa.Connection, site_id: int, limit: int = 200) -> list[Filling]:
    """The newest fillings of a site, the newest first, their stays left out."""
    return _fillings(db, site_id, sa.true(), limit)


def last_filling(db: sa.Connection, site_id: int, tank_id: int) -> Filling | None:
    """A tank's newest filling."""
    found = _fillings(db, site_id, tank_fillings.c.tank_id == tank_id, 1)
    return found[0] if found else None


def stays(db: sa.Connection, filling_ids: Sequence[int]) -> dict[int, list[sa.Row[Any]]]:
    """The stays of each filling, in the order they were recorded."""
    columns = tank_stays.c
    query = sa.select(tank_stays).where(columns.filling_id.in_(filling_ids)).order_by(columns.id)
    found: dict[int, list[sa.Row[Any]]] = defaultdict(list)
    for row in db.execute(query):
        found[row.filling_id].append(row)
    return found


def add_tank(db: sa.Connection, rooms: Sequence[str], **values: Any) -> int:
    return _insert(db, tanks, {**values, "rooms": ROOMS.join(rooms)})


def add_filling(db: sa.Connection, **values: Any) -> int:
    return _insert(db, tank_fillings, values)


def add_level(db: sa.Connection, *, closes: bool, filling_id: int, **values: Any) -> int:
    """Write a reading of the volume, or the one that the inlet was shut with, now or again."""
    said = {**values, "filling_id": filling_id}
    if not closes:
        return _insert(db, tank_levels, said)
    before = sum(level.closes for level in _levels(db, [filling_id])[filling_id])
    if not before:
        return _insert(db, tank_closings, said)
    return _insert(db, tank_reclosings, {**said, "number": before + 1})


def add_void(db: sa.Connection, key: str, **values: Any) -> int:
    """Write that the reading of that key does not count; returns the void's id."""
    kind, number = key.split("-")
    return _insert(db, tank_level_voids, {**values, f"{kind}_id": int(number)})


def add_stay(db: sa.Connection, **values: Any) -> int:
    return _insert(db, tank_stays, values)


def add_sample(db: sa.Connection, **values: Any) -> int:
    return _insert(db, tank_samples, values)


def _fillings(
    db: sa.Connection, site_id: int, condition: sa.ColumnElement[bool], limit: int | None = None
) -> list[Filling]:
    query = (
        sa.select(tanks, tank_fillings.c.id.label("filling_id"), tank_fillings.c.opened_at)
        .add_columns(discharges.c.at.label("discharged_at"))
        .join(tank_fillings, tank_fillings.c.tank_id == tanks.c.id)
        .outerjoin(discharges, discharges.c.filling_id == tank_fillings.c.id)
        .where(tanks.c.site_id == site_id, condition)
        .order_by(tank_fillings.c.id.desc())
        .limit(limit)
    )
    rows = list(db.execute(query))
    ids = [row.filling_id for row in rows]
    levels, samples = _levels(db, ids), _samples(db, ids)
    return [
        Filling(
            id=row.filling_id,
            tank=_tank(row),
            opened_at=row.opened_at,
            levels=tuple(levels[row.filling_id]),
            samples=tuple(samples[row.filling_id]),
            discharged_at=row.discharged_at,
        )
        for row in rows
    ]


def _levels(db: sa.Connection, ids: Sequence[int]) -> dict[int, list[Level]]:
    found: dict[int, list[Level]] = defaultdict(list)
    for kind, table in READINGS.items():
        of_it = tank_level_voids.c[f"{kind}_id"]
        query = (
            sa.select(table, tank_level_voids.c.reason.label("void_reason"))
            .outerjoin(tank_level_voids, of_it == table.c.id)
            .where(table.c.filling_id.in_(ids))
            .order_by(table.c.id)
        )
        for row in db.execute(query):
            found[row.filling_id].append(_level(kind, row))
    return found


def _level(kind: str, row: sa.Row[Any]) -> Level:
    return Level(
        at=row.at,
        volume_l=row.volume_l,
        instrument=row.instrument,
        actor_id=row.actor_id,
        closes=kind != "level",
        key=f"{kind}-{row.id}",
        void_reason=row.void_reason,
    )


def _samples(db: sa.Connection, ids: Sequence[int]) -> dict[int, list[Sample]]:
    query = sa.select(tank_samples).where(tank_samples.c.filling_id.in_(ids))
    found: dict[int, list[Sample]] = defaultdict(list)
    for row in db.execute(query.order_by(tank_samples.c.id)):
        sample = Sample(
            sampled_at=row.sampled_at,
            nuclide=row.nuclide,
            bq_per_l=row.bq_per_l,
            text=row.text,
            instrument=row.instrument,
            actor_id=row.actor_id,
        )
        found[row.filling_id].append(sample)
    return found


def _tank(row: sa.Row[Any]) -> Tank:
    rooms = tuple(room for room in row.rooms.split(ROOMS) if room)
    return Tank(id=row.id, number=row.number, capacity_l=row.capacity_l, rooms=rooms)


def _insert(db: sa.Connection, table: sa.Table, values: Mapping[str, Any]) -> int:
    return int(db.execute(table.insert().values(**values)).inserted_primary_key[0])
