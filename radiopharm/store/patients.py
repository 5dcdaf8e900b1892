"""Patients in and out of their tables; what is sealed is opened here and nowhere else."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.core.patients import Erased, Patient, RecordPatient
from radiopharm.core.refusals import NotFound
from radiopharm.store.tables.patients import (
    identity_rekeyings,
    patient_erasures,
    patient_keys,
    patients,
)
from radiopharm.store.vault import Vault, WrongKey, vault_of


def get(db: sa.Connection, site_id: int, reference: str) -> Patient:
    """The patient behind a reference; raises `NotFound`, also for another site's."""
    found = by_references(db, site_id, [reference])
    if reference not in found:
        raise NotFound("patient")
    return found[reference]


def by_references(db: sa.Connection, site_id: int, references: Iterable[str]) -> dict[str, Patient]:
    """The site's patients among *references*, in one statement."""
    rows = db.execute(
        _patients().where(patients.c.site_id == site_id, patients.c.reference.in_(set(references)))
    )
    return {row.reference: _patient(db, row) for row in rows}


def by_hospital_number(db: sa.Connection, site_id: int, number: str) -> Patient | None:
    """The patient with a hospital number; None when there is none, or none any more."""
    digest = vault_of(db).digest(site_id, number)
    row = db.execute(_patients().where(patient_keys.c.number_digest == digest)).first()
    return _patient(db, row) if row else None


def add(
    db: sa.Connection, site_id: int, reference: str, command: RecordPatient, now: datetime
) -> None:
    """Write a patient under a new reference, sealed under a new key.

    Raises `WrongKey` where the vault opens nobody else: this process has missed a change of keys.
    """
    if not is_key_right(db):
        raise WrongKey
    said = {
        "hospital_number": command.hospital_number,
        "family_name": command.family_name,
        "given_name": command.given_name,
        "birth_date": command.birth_date.isoformat(),
    }
    locked = vault_of(db).lock(reference, site_id, said)
    db.execute(
        patients.insert().values(
            reference=reference, site_id=site_id, sealed=locked.sealed, recorded_at=now
        )
    )
    db.execute(
        patient_keys.insert().values(
            patient=reference,
            wrapped_key=locked.wrapped_key,
            number_digest=locked.number_digest,
        )
    )


def rekey(db: sa.Connection, to: Vault, reason: str, now: datetime) -> int:
    """Wrap every key anew, so that only *to* opens and finds its patient; how many.

    Raises `WrongKey` where this connection's vault opens one of them not.
    """
    rows = list(db.execute(_patients().where(patient_keys.c.wrapped_key.is_not(None))))
    change = db.execute(
        identity_rekeyings.insert().values(patients=len(rows), reason=reason, rekeyed_at=now)
    )
    (generation,) = change.inserted_primary_key or ()
    for row in rows:
        mine = vault_of(db)
        locked = mine.locked_anew(row.reference, row.site_id, row.sealed, row.wrapped_key, to)
        db.execute(
            patient_keys.update()
            .where(patient_keys.c.patient == row.reference)
            .values(
                wrapped_key=locked.wrapped_key,
                number_digest=locked.number_digest,
                generation=generation,
            )
        )
    return len(rows)


def is_key_right(db: sa.Connection) -> bool:
    """Whether the vault opens an identity that is kept here; true where there is none."""
    query = _patients().where(patient_keys.c.wrapped_key.is_not(None)).limit(1)
    row = db.execute(query).first()
    try:
        return row is None or bool(_patient(db, row))
    except WrongKey:
        return False


def _patients() -> sa.Select[Any]:
    erasures = patient_erasures.c
    return (
        sa.select(patients, patient_keys.c.wrapped_key)
        .add_columns(erasures.erased_at, erasures.erased_by, erasures.reason)
        .outerjoin(patient_keys, patient_keys.c.patient == patients.c.reference)
        .outerjoin(patient_erasures, erasures.patient == patients.c.reference)
    )


def _patient(db: sa.Connection, row: sa.Row[Any]) -> Patient:
    if row.erased_at is not None:
        erased = Erased(at=row.erased_at, by=row.erased_by, reason=row.reason)
        return Patient(reference=row.reference, site_id=row.site_id, erased=erased)
    said = vault_of(db).open(row.reference, row.sealed, row.wrapped_key)
    return Patient(
        reference=row.reference,
        site_id=row.site_id,
        hospital_number=said["hospital_number"],
        family_name=said["family_name"],
        given_name=said["given_name"],
        birth_date=date.fromisoformat(said["birth_date"]),
    )
