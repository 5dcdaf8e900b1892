"""Signed-in browsers in and out of the database; only a hash of the cookie's token is kept."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.store.tables.accounts import sessions


def find(db: sa.Connection, token_hash: str) -> sa.Row[Any] | None:
    """The live session of a cookie."""
    return db.execute(
        sa.select(sessions).where(
            sessions.c.token_hash == token_hash, sessions.c.ended_at.is_(None)
        )
    ).first()


def add(
    db: sa.Connection, token_hash: str, user_id: int | None, data: Mapping[str, Any], now: datetime
) -> None:
    """Begin a session, signed in or not."""
    db.execute(
        sessions.insert().values(
            token_hash=token_hash,
            user_id=user_id,
            data=json.dumps(dict(data)),
            started_at=now,
            seen_at=now,
        )
    )


def keep(db: sa.Connection, token_hash: str, data: Mapping[str, Any], now: datetime) -> None:
    """Keep what a session holds, and that it was seen."""
    db.execute(
        sessions.update()
        .where(sessions.c.token_hash == token_hash)
        .values(data=json.dumps(dict(data)), seen_at=now)
    )


def end(db: sa.Connection, token_hash: str, now: datetime) -> None:
    """End one session at once."""
    db.execute(sessions.update().where(sessions.c.token_hash == token_hash).values(ended_at=now))


def end_all_of(db: sa.Connection, user_id: int, now: datetime) -> None:
    """End every session of a person at once."""
    db.execute(
        sessions.update()
        .where(sessions.c.user_id == user_id, sessions.c.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_every_session(db: sa.Connection, now: datetime) -> None:
    """End all sessions at once: after a restore, cookies of the past must not open anything."""
    db.execute(sessions.update().where(sessions.c.ended_at.is_(None)).values(ended_at=now))
