"""Erasures: the row that says so, and the key that goes with it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.core.patients import Erased
from radiopharm.store.tables.patients import patient_erasures, patient_keys, patients


def of_site(db: sa.Connection, site_id: int) -> list[sa.Row[Any]]:
    """Every erasure of a site, the newest first."""
    query = sa.select(patient_erasures).join(
        patients, patients.c.reference == patient_erasures.c.patient
    )
    return list(
        db.execute(
            query.where(patients.c.site_id == site_id).order_by(patient_erasures.c.id.desc())
        )
    )


def every(db: sa.Connection) -> dict[str, Erased]:
    """Every erasure by reference; none in a database from before there were any."""
    if not sa.inspect(db).has_table(patient_erasures.name):
        return {}
    return {
        row.patient: Erased(at=row.erased_at, by=row.erased_by, reason=row.reason)
        for row in db.execute(sa.select(patient_erasures))
    }


def keyed(db: sa.Connection) -> set[str]:
    """The references whose identity can still be read."""
    return set(db.scalars(sa.select(patient_keys.c.patient)))


def add(
    db: sa.Connection,
    reference: str,
    erased: Erased,
    *,
    signature_id: int | None = None,
    repeated_at: datetime | None = None,
) -> None:
    """Write an erasure and destroy the key: in this order, or the database refuses it."""
    db.execute(
        patient_erasures.insert().values(
            patient=reference,
            reason=erased.reason,
            erased_at=erased.at,
            erased_by=erased.by,
            signature_id=signature_id,
            repeated_at=repeated_at,
        )
    )
    db.execute(patient_keys.delete().where(patient_keys.c.patient == reference))
