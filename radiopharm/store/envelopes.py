"""Sealed accounts and their openings, in and out of the database."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.core.emergency import LASTS, Emergency
from radiopharm.store.tables.accounts import users
from radiopharm.store.tables.envelopes import envelope_openings as openings
from radiopharm.store.tables.envelopes import envelopes

Envelope = sa.Row[Any]


def add(db: sa.Connection, site_id: int, user_id: int, sealed_by: str, now: datetime) -> int:
    """Write that an account is sealed; returns the envelope's id."""
    row = {"site_id": site_id, "user_id": user_id, "sealed_by": sealed_by, "sealed_at": now}
    return int(db.execute(envelopes.insert().values(row)).inserted_primary_key[0])


def add_opening(db: sa.Connection, envelope_id: int, emergency: Emergency) -> None:
    """Write that an envelope was opened; the database refuses a second time."""
    db.execute(
        openings.insert().values(
            envelope_id=envelope_id,
            opener=emergency.opener,
            reason=emergency.reason,
            opened_at=emergency.opened_at,
        )
    )


def find(db: sa.Connection, username: str) -> Envelope | None:
    """The envelope of a user name with its opening, if any; None for everybody else's account."""
    return db.execute(_every().where(users.c.username == username.strip().lower())).first()


def of_site(db: sa.Connection, site_id: int) -> list[Envelope]:
    """Every envelope of a site, the newest first."""
    query = _every().where(envelopes.c.site_id == site_id)
    return list(db.execute(query.order_by(envelopes.c.id.desc())))


def accounts() -> sa.Select[tuple[int]]:
    """The accounts in envelopes, whatever became of them."""
    return sa.select(envelopes.c.user_id)


def closed(at: datetime) -> sa.Select[tuple[int]]:
    """The accounts in envelopes that are sealed still, or whose hours were over at *at*."""
    return (
        sa.select(envelopes.c.user_id)
        .outerjoin(openings, openings.c.envelope_id == envelopes.c.id)
        .where(sa.or_(openings.c.id.is_(None), openings.c.opened_at <= at - LASTS))
    )


def opening(db: sa.Connection, user_id: int) -> Emergency | None:
    """How an account came out of its envelope; None for everybody else's."""
    row = db.execute(_every().where(users.c.id == user_id, openings.c.id.is_not(None))).first()
    if row is None:
        return None
    return Emergency(opener=row.opener, reason=row.reason, opened_at=row.opened_at)


def openers(db: sa.Connection, ids: Iterable[int]) -> dict[int, str]:
    """The name that was typed, for those of these accounts that are opened envelopes."""
    rows = db.execute(_every().where(users.c.id.in_(list(ids)), openings.c.id.is_not(None)))
    return {row.user_id: row.opener for row in rows}


def _every() -> sa.Select[Any]:
    return (
        sa.select(envelopes, users.c.username, users.c.disabled_at)
        .add_columns(openings.c.opener, openings.c.reason, openings.c.opened_at)
        .join(users, users.c.id == envelopes.c.user_id)
        .outerjoin(openings, openings.c.envelope_id == envelopes.c.id)
    )
