"""Limits of what a site may hold of a nuclide, or let go in a day, each from a date on."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.store.tables.accounts import users
from radiopharm.store.tables.waste import limits

DAY = "day"


def in_force(
    db: sa.Connection, site_id: int, at: datetime, per: str | None = None
) -> dict[str, int]:
    """The limit in Bq of each nuclide that has one at *at*: the newest that had begun.

    Of what is held, or *per* day of what leaves.
    """
    rows = db.execute(
        sa.select(limits.c.nuclide, limits.c.limit_bq)
        .where(limits.c.site_id == site_id, limits.c.from_at <= at, limits.c.per == per)
        .order_by(limits.c.from_at, limits.c.id)
    )
    return {row.nuclide: row.limit_bq for row in rows}


def recorded(db: sa.Connection, site_id: int) -> list[sa.Row[Any]]:
    """Every limit ever set, by nuclide and the latest to begin first, with who set it."""
    columns = limits.c
    return list(
        db.execute(
            sa.select(limits, users.c.display_name.label("by"))
            .join(users, users.c.id == columns.actor_id)
            .where(columns.site_id == site_id)
            .order_by(columns.nuclide, columns.from_at.desc(), columns.id.desc())
        )
    )


def add(db: sa.Connection, **values: Any) -> int:
    """Write a limit; the one before it stays on record."""
    return int(db.execute(limits.insert().values(**values)).inserted_primary_key[0])
