"""Badges in and out of the database: a code that says who somebody is, never that they are."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.store.tables.accounts import users
from radiopharm.store.tables.bench import badges


def owner(db: sa.Connection, code: str) -> str | None:
    """The user name of an open account whose badge this is; None when unknown or revoked."""
    return db.scalar(
        sa.select(users.c.username)
        .join(badges, badges.c.user_id == users.c.id)
        .where(badges.c.code == code, badges.c.revoked_at.is_(None), users.c.disabled_at.is_(None))
    )


def of_site(db: sa.Connection, site_id: int) -> dict[int, str]:
    """The badge that counts, by person."""
    rows = db.execute(
        sa.select(badges.c.user_id, badges.c.code)
        .join(users, users.c.id == badges.c.user_id)
        .where(users.c.site_id == site_id, badges.c.revoked_at.is_(None))
    )
    return {row.user_id: row.code for row in rows}


def add(db: sa.Connection, user_id: int, code: str, now: datetime) -> None:
    """Write a new badge."""
    values: dict[str, Any] = {"user_id": user_id, "code": code, "issued_at": now}
    db.execute(badges.insert().values(values))


def revoke_of(db: sa.Connection, user_id: int, now: datetime) -> int:
    """Let none of a person's badges count any more; how many did."""
    return db.execute(
        badges.update()
        .where(badges.c.user_id == user_id, badges.c.revoked_at.is_(None))
        .values(revoked_at=now)
    ).rowcount
