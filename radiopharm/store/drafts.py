"""What a person had typed and not sent when a lock fell: nobody else's, and not for long."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from radiopharm.store.tables.bench import drafts

KEPT_FOR = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The boxes of one page as they stood."""

    page: str
    key: str
    typed: Mapping[str, str]
    kept_at: datetime


def keep(
    db: sa.Connection, user_id: int, page: str, key: str, typed: Mapping[str, str], now: datetime
) -> None:
    """Keep a draft in the place of an older one."""
    drop(db, user_id, page, key)
    db.execute(
        drafts.insert().values(
            user_id=user_id,
            page=page,
            key=key,
            typed=json.dumps(dict(typed), ensure_ascii=False),
            kept_at=now,
        )
    )


def find(db: sa.Connection, user_id: int, page: str, key: str, now: datetime) -> Draft | None:
    """The person's draft of a page; None when there is none or it is too old."""
    row = db.execute(
        sa.select(drafts).where(*_of(user_id, page, key), drafts.c.kept_at > now - KEPT_FOR)
    ).first()
    if row is None:
        return None
    return Draft(page=page, key=key, typed=json.loads(row.typed), kept_at=row.kept_at)


def drop(db: sa.Connection, user_id: int, page: str, key: str) -> int:
    """Remove a draft that was sent or given up; how many there were."""
    return db.execute(drafts.delete().where(*_of(user_id, page, key))).rowcount


def forget(db: sa.Connection, now: datetime) -> int:
    """Remove the drafts that are too old; how many."""
    return db.execute(drafts.delete().where(drafts.c.kept_at <= now - KEPT_FOR)).rowcount


def _of(user_id: int, page: str, key: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (drafts.c.user_id == user_id, drafts.c.page == page, drafts.c.key == key)
