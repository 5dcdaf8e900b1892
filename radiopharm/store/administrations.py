"""Administrations and their residues in and out of the database."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from radiopharm.core.refusals import NotFound
from radiopharm.store.tables.doses import administrations, dispensings, residues
from radiopharm.store.tables.waste import waste_items


def add(db: sa.Connection, values: Mapping[str, Any], left: Iterable[Mapping[str, Any]]) -> int:
    """Write an administration and its residues; returns its id."""
    made = db.execute(administrations.insert().values(**values)).inserted_primary_key[0]
    rows = [{**residue, "administration_id": made} for residue in left]
    if rows:
        db.execute(residues.insert(), rows)
    return int(made)


def of_dose(db: sa.Connection, dose_id: int) -> dict[str, Any] | None:
    """The administration of a dose with its residues and the containers they went into.

    None when the dose was not given.
    """
    row = db.execute(
        sa.select(administrations).where(administrations.c.dispensing_id == dose_id)
    ).first()
    if row is None:
        return None
    left = db.execute(
        sa.select(residues, waste_items.c.container_id)
        .outerjoin(waste_items, waste_items.c.residue_id == residues.c.id)
        .where(residues.c.administration_id == row.id)
        .order_by(residues.c.id)
    )
    found = dict(row._mapping)
    found["working"] = json.loads(row.working)
    found["residues"] = [dict(each._mapping) for each in left]
    return found


def residue(db: sa.Connection, site_id: int, residue_id: int) -> sa.Row[Any]:
    """A residue of the site with its dose and the container it lies in, if it does.

    Raises `NotFound`.
    """
    row = db.execute(
        sa.select(residues, administrations.c.dispensing_id, waste_items.c.container_id)
        .join(administrations, administrations.c.id == residues.c.administration_id)
        .join(dispensings, dispensings.c.id == administrations.c.dispensing_id)
        .outerjoin(waste_items, waste_items.c.residue_id == residues.c.id)
        .where(dispensings.c.site_id == site_id, residues.c.id == residue_id)
    ).first()
    if row is None:
        raise NotFound(f"residue {residue_id}")
    return row
