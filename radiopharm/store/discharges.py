"""What went to the drain, and the figures it is judged by."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from radiopharm.core.discharge_figures import FigureKind
from radiopharm.core.drain_accounts import Sewage
from radiopharm.store.tables.accounts import users
from radiopharm.store.tables.discharges import discharge_contents, discharge_figures, discharges

Poured = tuple[datetime, str, int]


def add(
    db: sa.Connection,
    contents_bq: Mapping[str, int],
    legs: Sequence[Mapping[str, Any]],
    **values: Any,
) -> int:
    """Write a signed discharge with its legs as they stand; returns its id."""
    frozen = json.dumps(list(legs), ensure_ascii=False)
    made = db.execute(discharges.insert().values(**values, legs=frozen))
    discharge_id = int(made.inserted_primary_key[0])
    rows = [
        {"discharge_id": discharge_id, "nuclide": symbol, "activity_bq": bq}
        for symbol, bq in contents_bq.items()
    ]
    if rows:
        db.execute(discharge_contents.insert(), rows)
    return discharge_id


def poured(db: sa.Connection, site_id: int, since: datetime, until: datetime) -> list[Poured]:
    """Instant, nuclide and Bq of everything discharged from *since* up to before *until*."""
    query = (
        sa.select(discharges.c.at, discharge_contents.c.nuclide, discharge_contents.c.activity_bq)
        .join(discharge_contents, discharge_contents.c.discharge_id == discharges.c.id)
        .where(*_between(site_id, since, until))
    )
    return [(row.at, row.nuclide, row.activity_bq) for row in db.execute(query)]


def listed(
    db: sa.Connection, site_id: int, since: datetime, until: datetime
) -> list[tuple[sa.Row[Any], dict[str, int]]]:
    """Each discharge with who signed for it and its becquerels by nuclide, oldest first."""
    query = (
        sa.select(discharges, users.c.display_name.label("by"))
        .join(users, users.c.id == discharges.c.actor_id)
        .where(*_between(site_id, since, until))
        .order_by(discharges.c.at, discharges.c.id)
    )
    rows = list(db.execute(query))
    found: dict[int, dict[str, int]] = defaultdict(dict)
    columns = discharge_contents.c
    contents = sa.select(discharge_contents).where(
        columns.discharge_id.in_([row.id for row in rows])
    )
    for row in db.execute(contents.order_by(columns.id)):
        found[row.discharge_id][row.nuclide] = row.activity_bq
    return [(row, found[row.id]) for row in rows]


def sewage(db: sa.Connection, site_id: int, at: datetime) -> Sewage | None:
    """The site's sewage of a month, as entered for *at*; None where nobody has."""
    found = figures(db, site_id, FigureKind.SEWAGE, at).get("")
    return Sewage(m3=Decimal(found.value), source=found.source) if found else None


def figures(
    db: sa.Connection, site_id: int, kind: FigureKind, at: datetime
) -> dict[str, sa.Row[Any]]:
    """The figures of *kind* in force at *at*, by subject: the newest that had begun."""
    columns = discharge_figures.c
    query = (
        sa.select(discharge_figures)
        .where(columns.site_id == site_id, columns.kind == str(kind), columns.from_at <= at)
        .order_by(columns.from_at, columns.id)
    )
    return {row.subject: row for row in db.execute(query)}


def every_figure(db: sa.Connection, site_id: int) -> list[sa.Row[Any]]:
    """Every figure ever entered, with who entered it, the newest first."""
    columns = discharge_figures.c
    query = (
        sa.select(discharge_figures, users.c.display_name.label("by"))
        .join(users, users.c.id == columns.actor_id)
        .where(columns.site_id == site_id)
        .order_by(columns.id.desc())
    )
    return list(db.execute(query))


def add_figure(db: sa.Connection, **values: Any) -> int:
    return int(db.execute(discharge_figures.insert().values(**values)).inserted_primary_key[0])


def _between(site_id: int, since: datetime, until: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    columns = discharges.c
    return columns.site_id == site_id, columns.at >= since, columns.at < until
