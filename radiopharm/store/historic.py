"""What old registers say of releases from before this program."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from radiopharm.core.historic import HistoricRelease, Key
from radiopharm.store.tables.accounts import users
from radiopharm.store.tables.releases import historic_releases


def page(db: sa.Connection, site_id: int, after: int, size: int) -> tuple[list[sa.Row[Any]], bool]:
    """At most *size* entries below the id *after* (0: from the newest), and whether more follow."""
    columns = historic_releases.c
    query = (
        sa.select(historic_releases, users.c.display_name.label("by"))
        .join(users, users.c.id == columns.actor_id)
        .where(columns.site_id == site_id)
    )
    if after:
        query = query.where(columns.id < after)
    rows = list(db.execute(query.order_by(columns.id.desc()).limit(size + 1)))
    return rows[:size], len(rows) > size


def entry(row: sa.Row[Any]) -> HistoricRelease:
    """A row as the register's line."""
    names = HistoricRelease.__dataclass_fields__
    return HistoricRelease(**{name: getattr(row, name) for name in names})


def keys(db: sa.Connection, site_id: int) -> set[Key]:
    """Where everything that is entered stands: book, page, number."""
    columns = historic_releases.c
    query = sa.select(columns.book, columns.page, columns.number)
    return {
        (row.book, row.page, row.number)
        for row in db.execute(query.where(columns.site_id == site_id))
    }


def add(db: sa.Connection, entries: Iterable[HistoricRelease], **values: Any) -> None:
    """Write entries."""
    db.execute(historic_releases.insert(), [{**asdict(each), **values} for each in entries])
