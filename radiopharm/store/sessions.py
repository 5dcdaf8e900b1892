"""Signed-in browsers in and out of the database; only a hash of the cookie's token is kept."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.core.sessions import Session
from radiopharm.store.tables.accounts import sessions
from radiopharm.store.tables.bench import workstations


def find(db: sa.Connection, token_hash: str) -> sa.Row[Any] | None:
    """The session of a cookie that nobody has ended; whether its time is over, core says."""
    return db.execute(
        sa.select(sessions).where(
            sessions.c.token_hash == token_hash, sessions.c.ended_at.is_(None)
        )
    ).first()


def instants(row: sa.Row[Any]) -> Session:
    """The instants of a session's row, as core judges them."""
    return Session(started_at=row.started_at, seen_at=row.seen_at, locked_at=row.locked_at)


def of_person(db: sa.Connection, user_id: int, since: datetime) -> list[sa.Row[Any]]:
    """A person's sessions begun after *since* and not ended, the newest first, with their place."""
    return list(
        db.execute(
            sa.select(sessions, workstations.c.name.label("workstation"))
            .outerjoin(workstations, workstations.c.id == sessions.c.workstation_id)
            .where(
                sessions.c.user_id == user_id,
                sessions.c.ended_at.is_(None),
                sessions.c.started_at > since,
            )
            .order_by(sessions.c.seen_at.desc(), sessions.c.token_hash)
        )
    )


def add(
    db: sa.Connection,
    token_hash: str,
    user_id: int | None,
    data: Mapping[str, Any],
    *,
    started_at: datetime,
    now: datetime,
    workstation_id: int | None,
) -> None:
    """Begin a session, signed in or not."""
    db.execute(
        sessions.insert().values(
            token_hash=token_hash,
            user_id=user_id,
            data=json.dumps(dict(data)),
            started_at=started_at,
            seen_at=now,
            workstation_id=workstation_id,
        )
    )


def keep(db: sa.Connection, token_hash: str, data: Mapping[str, Any]) -> None:
    """Keep what a session holds."""
    _change(db, token_hash, data=json.dumps(dict(data)))


def see(db: sa.Connection, token_hash: str, now: datetime) -> None:
    """Keep that a session was seen."""
    _change(db, token_hash, seen_at=now)


def lock(db: sa.Connection, token_hash: str, at: datetime) -> None:
    """Lock one session; an earlier lock stays."""
    db.execute(
        sessions.update()
        .where(sessions.c.token_hash == token_hash, sessions.c.locked_at.is_(None))
        .values(locked_at=at)
    )


def end(db: sa.Connection, token_hash: str, now: datetime) -> None:
    """End one session at once."""
    _change(db, token_hash, ended_at=now)


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


def forget(db: sa.Connection, before: datetime) -> int:
    """Remove sessions begun before an instant by which all of them are over; how many."""
    return db.execute(sessions.delete().where(sessions.c.started_at < before)).rowcount


def _change(db: sa.Connection, token_hash: str, **values: Any) -> None:
    db.execute(sessions.update().where(sessions.c.token_hash == token_hash).values(**values))
