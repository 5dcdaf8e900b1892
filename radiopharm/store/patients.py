"""Patients in and out of their one table."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.core.patients import Patient, RecordPatient
from radiopharm.core.refusals import NotFound
from radiopharm.store.tables.directives import patients


def get(db: sa.Connection, site_id: int, reference: str) -> Patient:
    """The patient behind a reference; raises `NotFound`, also for another site's."""
    found = by_references(db, site_id, [reference])
    if reference not in found:
        raise NotFound("patient")
    return found[reference]


def by_references(db: sa.Connection, site_id: int, references: Iterable[str]) -> dict[str, Patient]:
    """The site's patients among *references*, in one statement."""
    rows = db.execute(
        sa.select(patients).where(
            patients.c.site_id == site_id, patients.c.reference.in_(set(references))
        )
    )
    return {row.reference: _patient(row) for row in rows}


def by_hospital_number(db: sa.Connection, site_id: int, number: str) -> Patient | None:
    """The patient with a hospital number; None when there is none."""
    row = db.execute(
        sa.select(patients).where(
            patients.c.site_id == site_id, patients.c.hospital_number == number
        )
    ).first()
    return _patient(row) if row else None


def add(
    db: sa.Connection, site_id: int, reference: str, command: RecordPatient, now: datetime
) -> None:
    """Write a patient under a new reference."""
    db.execute(
        patients.insert().values(
            reference=reference,
            site_id=site_id,
            hospital_number=command.hospital_number,
            family_name=command.family_name,
            given_name=command.given_name,
            birth_date=command.birth_date,
            recorded_at=now,
        )
    )


def _patient(row: sa.Row[Any]) -> Patient:
    return Patient(
        reference=row.reference,
        site_id=row.site_id,
        hospital_number=row.hospital_number,
        family_name=row.family_name,
        given_name=row.given_name,
        birth_date=row.birth_date,
    )
