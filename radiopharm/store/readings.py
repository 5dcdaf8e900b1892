"""Device readings in and out of the database, and the dose each was used for."""

from typing import Any

import sqlalchemy as sa

from radiopharm.core.readings import TakenReading
from radiopharm.store.tables.devices import device_readings, dispensing_readings


def add(db: sa.Connection, **values: Any) -> int:
    """Write a reading; returns its id."""
    return int(db.execute(device_readings.insert().values(**values)).inserted_primary_key[0])


def use(db: sa.Connection, reading_id: int, dose_id: int) -> None:
    """Write that a dose takes what was measured from a reading: once, for ever."""
    values = {"dispensing_id": dose_id, "reading_id": reading_id}
    db.execute(dispensing_readings.insert().values(values))


def find(db: sa.Connection, site_id: int, reading_id: int) -> TakenReading | None:
    """One reading of a site."""
    readings, uses = device_readings.c, dispensing_readings.c
    row = db.execute(
        sa.select(device_readings, uses.dispensing_id)
        .outerjoin(dispensing_readings, uses.reading_id == readings.id)
        .where(readings.site_id == site_id, readings.id == reading_id)
    ).first()
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
        used_by=row.dispensing_id,
    )
