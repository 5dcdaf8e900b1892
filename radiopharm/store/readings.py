"""Device readings in and out of the database, and what each was used for."""

from typing import Any

import sqlalchemy as sa

from radiopharm.core.readings import TakenReading
from radiopharm.store.tables.administrations import administrations, residues
from radiopharm.store.tables.checks import check_points, instrument_checks
from radiopharm.store.tables.devices import (
    assay_readings,
    device_readings,
    dispensing_readings,
    residue_readings,
)
from radiopharm.store.tables.vials import assays


def add(db: sa.Connection, **values: Any) -> int:
    """Write a reading; returns its id."""
    return int(db.execute(device_readings.insert().values(**values)).inserted_primary_key[0])


def use_for_dose(db: sa.Connection, reading_id: int, dose_id: int) -> None:
    """Write that a dose takes what was measured from a reading: once, for ever."""
    _use(db, dispensing_readings, reading_id, dispensing_id=dose_id)


def use_for_assay(db: sa.Connection, reading_id: int, assay_id: int) -> None:
    """The same of a vial's assay."""
    _use(db, assay_readings, reading_id, assay_id=assay_id)


def use_for_residue(db: sa.Connection, reading_id: int, residue_id: int) -> None:
    """The same of a residue."""
    _use(db, residue_readings, reading_id, residue_id=residue_id)


def find(db: sa.Connection, site_id: int, reading_id: int) -> TakenReading | None:
    """One reading of a site."""
    row = db.execute(_reading().where(_of.site_id == site_id, _of.id == reading_id)).first()
    if row is None:
        return None
    return TakenReading(
        id=row.id,
        instrument_id=row.instrument_id,
        dialect=row.dialect,
        raw=row.raw,
        activity_bq=row.activity_bq,
        text=row.activity_text,
        setting=row.setting,
        nuclide=row.nuclide,
        read_at=row.read_at,
        actor_id=row.actor_id,
        used_by=row.dose_id,
        used_for=_used_for(row),
    )


_of = device_readings.c


def _reading() -> sa.Select[Any]:
    """Readings with the dose, the vial, the residue's dose or the check each was used for."""
    return (
        sa.select(
            device_readings,
            dispensing_readings.c.dispensing_id.label("dose_id"),
            assays.c.vial_id.label("assayed_id"),
            administrations.c.dispensing_id.label("left_of_id"),
            instrument_checks.c.kind.label("checked"),
        )
        .outerjoin(dispensing_readings, dispensing_readings.c.reading_id == _of.id)
        .outerjoin(assay_readings, assay_readings.c.reading_id == _of.id)
        .outerjoin(assays, assays.c.id == assay_readings.c.assay_id)
        .outerjoin(residue_readings, residue_readings.c.reading_id == _of.id)
        .outerjoin(residues, residues.c.id == residue_readings.c.residue_id)
        .outerjoin(administrations, administrations.c.id == residues.c.administration_id)
        .outerjoin(check_points, check_points.c.reading_id == _of.id)
        .outerjoin(instrument_checks, instrument_checks.c.id == check_points.c.check_id)
    )


def _used_for(row: sa.Row[Any]) -> str | None:
    if row.dose_id is not None:
        return f"D-{row.dose_id:06d}"
    if row.assayed_id is not None:
        return f"V-{row.assayed_id:06d}"
    if row.left_of_id is not None:
        return f"a residue of D-{row.left_of_id:06d}"
    if row.checked is not None:
        return f"a check of {row.checked}"
    return None


def _use(db: sa.Connection, table: sa.Table, reading_id: int, **subject: int) -> None:
    db.execute(table.insert().values(reading_id=reading_id, **subject))
