"""Figures that a site entered where a pack has none; a later one holds from its date on."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from radiopharm.core.site_figures import SiteFigure
from radiopharm.store.tables.accounts import users
from radiopharm.store.tables.releases import site_figures


def in_force(db: sa.Connection, site_id: int, at: datetime) -> list[SiteFigure]:
    """The newest figure of each nuclide in each table that had begun by *at*."""
    columns = site_figures.c
    query = _with_names(site_id).where(columns.from_at <= at)
    rows = db.execute(query.order_by(columns.from_at, columns.id))
    newest = {(row.pack, row.table_name, row.nuclide): row for row in rows}
    return [_figure(row) for row in newest.values()]


def recorded(db: sa.Connection, site_id: int) -> list[sa.Row[Any]]:
    """Every entry ever made, the newest first, with who made it (`by`)."""
    query = _with_names(site_id).order_by(site_figures.c.id.desc())
    return list(db.execute(query))


def add(db: sa.Connection, **values: Any) -> int:
    """Write an entry; returns its id."""
    return int(db.execute(site_figures.insert().values(**values)).inserted_primary_key[0])


def _with_names(site_id: int) -> sa.Select[Any]:
    return (
        sa.select(site_figures, users.c.display_name.label("by"))
        .join(users, users.c.id == site_figures.c.actor_id)
        .where(site_figures.c.site_id == site_id)
    )


def _figure(row: sa.Row[Any]) -> SiteFigure:
    return SiteFigure(
        pack=row.pack,
        table=row.table_name,
        nuclide=row.nuclide,
        value=Decimal(row.value),
        unit=row.unit,
        clause=row.clause,
        source=row.source,
        from_at=row.from_at,
        entered_by=row.by,
    )
