"""Administrations and their residues in and out of the database."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from radiopharm.store.tables.doses import administrations, residues


def add(db: sa.Connection, values: Mapping[str, Any], left: Iterable[Mapping[str, Any]]) -> int:
    """Write an administration and its residues; returns its id."""
    made = db.execute(administrations.insert().values(**values)).inserted_primary_key[0]
    rows = [{**residue, "administration_id": made} for residue in left]
    if rows:
        db.execute(residues.insert(), rows)
    return int(made)


def of_dose(db: sa.Connection, dose_id: int) -> dict[str, Any] | None:
    """The administration of a dose with its residues; None when it was not given."""
    row = db.execute(
        sa.select(administrations).where(administrations.c.dispensing_id == dose_id)
    ).first()
    if row is None:
        return None
    left = db.execute(
        sa.select(residues).where(residues.c.administration_id == row.id).order_by(residues.c.id)
    )
    found = dict(row._mapping)
    found["working"] = json.loads(row.working)
    found["residues"] = [dict(each._mapping) for each in left]
    return found
