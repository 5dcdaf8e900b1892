"""Who has a vial open for dispensing, in and out of the database."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from radiopharm.core.presence import LASTS, Presence
from radiopharm.store.tables.accounts import users
from radiopharm.store.tables.presences import presences


def note(db: sa.Connection, vial_ids: Collection[int], user_id: int, now: datetime) -> None:
    """A person has these vials open for a while, and no others; what has run out begins anew."""
    columns = presences.c
    is_over = sa.or_(columns.until <= now, columns.vial_id.not_in(vial_ids))
    db.execute(presences.delete().where(columns.user_id == user_id, is_over))
    for vial_id in sorted(vial_ids):
        values = {"vial_id": vial_id, "user_id": user_id, "since": now, "until": now + LASTS}
        statement = _insert(db).values(values)
        key, longer = [columns.vial_id, columns.user_id], {"until": statement.excluded.until}
        db.execute(statement.on_conflict_do_update(index_elements=key, set_=longer))


def forget(db: sa.Connection, user_id: int) -> None:
    """A person has no vial open any longer."""
    db.execute(presences.delete().where(presences.c.user_id == user_id))


def others(
    db: sa.Connection, vial_ids: Sequence[int], user_id: int, now: datetime
) -> list[Presence]:
    """Who else has any of these vials open, the earliest first."""
    columns = presences.c
    rows = db.execute(
        sa.select(columns.vial_id, users.c.display_name, columns.since)
        .join(users, users.c.id == columns.user_id)
        .where(columns.vial_id.in_(vial_ids), columns.user_id != user_id, columns.until > now)
        .order_by(columns.since, columns.vial_id)
    )
    return [Presence(vial_id=row.vial_id, name=row.display_name, since=row.since) for row in rows]


def _insert(db: sa.Connection) -> Any:
    dialect = postgresql if db.dialect.name == "postgresql" else sqlite
    return dialect.insert(presences)
