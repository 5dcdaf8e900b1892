"""Enrolled computers in and out of the database; only a hash of the device cookie is kept."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.core.workstations import Workstation, WorkstationKind
from radiopharm.store.tables.bench import workstations


def of_device(db: sa.Connection, token_hash: str) -> Workstation | None:
    """The workstation that carries this cookie; None when it was revoked."""
    columns = workstations.c
    row = db.execute(
        sa.select(workstations).where(
            columns.token_hash == token_hash,
            columns.claimed_at.is_not(None),
            columns.revoked_at.is_(None),
        )
    ).first()
    return _workstation(row) if row else None


def ids_at(db: sa.Connection, site_id: int) -> set[int]:
    """The workstations of a site that count."""
    columns = workstations.c
    return set(
        db.scalars(
            sa.select(columns.id).where(
                columns.site_id == site_id,
                columns.claimed_at.is_not(None),
                columns.revoked_at.is_(None),
            )
        )
    )


def of_site(db: sa.Connection, site_id: int) -> list[sa.Row[Any]]:
    """Every workstation of a site, also revoked ones, by name."""
    columns = workstations.c
    return list(
        db.execute(
            sa.select(workstations)
            .where(columns.site_id == site_id)
            .order_by(columns.revoked_at.is_not(None), columns.name, columns.id)
        )
    )


def add(
    db: sa.Connection,
    site_id: int,
    name: str,
    room: str,
    kind: WorkstationKind,
    token_hash: str,
    now: datetime,
) -> int:
    """Write a workstation that waits for its computer; returns the id."""
    values = {
        "site_id": site_id,
        "name": name,
        "room": room,
        "kind": str(kind),
        "token_hash": token_hash,
        "enrolled_at": now,
    }
    made = db.execute(workstations.insert().values(values)).inserted_primary_key
    assert made is not None
    return int(made[0])


def unclaimed(db: sa.Connection, token_hash: str, since: datetime) -> sa.Row[Any] | None:
    """The workstation enrolled after *since* under this code and not claimed yet."""
    columns = workstations.c
    return db.execute(
        sa.select(workstations).where(
            columns.token_hash == token_hash,
            columns.claimed_at.is_(None),
            columns.revoked_at.is_(None),
            columns.enrolled_at > since,
        )
    ).first()


def change(db: sa.Connection, workstation_id: int, **values: Any) -> None:
    """Change what may change: the cookie it is known by, claimed, revoked."""
    db.execute(workstations.update().where(workstations.c.id == workstation_id).values(**values))


def _workstation(row: sa.Row[Any]) -> Workstation:
    return Workstation(
        id=row.id,
        site_id=row.site_id,
        name=row.name,
        room=row.room,
        kind=WorkstationKind(row.kind),
    )
