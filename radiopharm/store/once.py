"""Exactly once: a command that comes again with its key gets the answer it had, and does nothing.

The key is kept as long as the record; of what was asked only a keyed hash.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.store.tables.accounts import idempotency_keys

SECRET_WORDS = ("secret", "password", "pin", "csrf_token", "ticket")
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """A command's key and the fingerprint of what it asks; the same key does the same only once."""

    key: str
    fingerprint: str


def fingerprint(asked: Any, key: str) -> str:
    """The keyed hash of what a command asks, without its secrets.

    It is kept: it must betray no secret, and nobody may find out a patient by guessing.
    """
    text = json.dumps(_without_secrets(asked), sort_keys=True, ensure_ascii=False, default=str)
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def _without_secrets(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            name: _without_secrets(inner)
            for name, inner in value.items()
            if not any(word in str(name) for word in SECRET_WORDS)
        }
    if isinstance(value, list):
        return [_without_secrets(inner) for inner in value]
    return value


class KeyReused(Exception):
    """The key was used for another request."""


def earlier(db: sa.Connection, user_id: int, once: Once) -> Answer | None:
    """What this person's command was answered; None when the key is new.

    Raises `KeyReused` when it came with another request.
    """
    keys = idempotency_keys.c
    row = db.execute(
        sa.select(keys.fingerprint, keys.answer).where(
            keys.user_id == user_id, keys.key == once.key
        )
    ).first()
    if row is None:
        return None
    if row.fingerprint != once.fingerprint:
        raise KeyReused
    answer: Answer = json.loads(row.answer)
    return answer


def keep(
    db: sa.Connection, user_id: int, once: Once, answer: Mapping[str, Any], now: datetime
) -> None:
    """Write a command's answer beside its effect, in the same transaction."""
    db.execute(
        idempotency_keys.insert().values(
            user_id=user_id,
            key=once.key,
            fingerprint=once.fingerprint,
            answer=json.dumps(answer, ensure_ascii=False),
            at=now,
        )
    )
