"""Signatures in and out of the database; a ticket that has signed is remembered in its row."""

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from radiopharm.core.refusals import NotFound
from radiopharm.core.signing import Signature
from radiopharm.store.tables.accounts import signatures


def add(db: sa.Connection, **values: Any) -> int:
    """Write a signature: who, what it means, what was shown and its hash."""
    return int(db.execute(signatures.insert().values(**values)).inserted_primary_key[0])


def is_used(db: sa.Connection, ticket: str) -> bool:
    """Whether a ticket has signed something."""
    query = sa.select(signatures.c.id).where(signatures.c.ticket == ticket)
    return db.execute(query).first() is not None


def get(db: sa.Connection, signature_id: int) -> Signature:
    """One signature; raises `NotFound`."""
    found = by_ids(db, [signature_id])
    if not found:
        raise NotFound(f"signature {signature_id}")
    return found[signature_id]


def by_ids(db: sa.Connection, ids: Iterable[int]) -> dict[int, Signature]:
    """The signatures among *ids* by their id, in one statement."""
    rows = db.execute(sa.select(signatures).where(signatures.c.id.in_(list(ids))))
    return {row.id: _signature(row) for row in rows}


def _signature(row: sa.Row[Any]) -> Signature:
    shown = json.loads(row.shown) if row.shown else {}
    return Signature(
        id=row.id,
        signer_id=row.user_id,
        signer_name=row.signer_name,
        roles=tuple(row.roles.split(",")),
        meaning=row.meaning,
        means=row.means,
        signed_at=row.signed_at,
        zone=row.zone or "",
        shown_hash=row.shown_hash,
        sentences=tuple(shown.get("sentences", ())),
    )
