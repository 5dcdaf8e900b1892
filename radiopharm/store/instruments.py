"""Instruments of a site in and out of the database."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.core.instruments import AddInstrument, Instrument, InstrumentKind
from radiopharm.store.tables.accounts import instruments


def add(db: sa.Connection, site_id: int, command: AddInstrument, now: datetime) -> int:
    """Write an instrument; returns its id."""
    values = {
        "site_id": site_id,
        "name": command.name,
        "kind": str(command.kind),
        "serial": command.serial,
        "calibration_due_at": command.calibration_due_at,
        "created_at": now,
    }
    return int(db.execute(instruments.insert().values(**values)).inserted_primary_key[0])


def of_site(
    db: sa.Connection, site_id: int, kind: InstrumentKind | None = None
) -> list[Instrument]:
    """The site's instruments by name, retired ones last."""
    query = sa.select(instruments).where(instruments.c.site_id == site_id)
    if kind is not None:
        query = query.where(instruments.c.kind == str(kind))
    columns = instruments.c
    rows = db.execute(query.order_by(columns.retired_at.is_not(None), columns.name, columns.id))
    return [_instrument(row) for row in rows]


def find(db: sa.Connection, site_id: int, instrument_id: int) -> Instrument | None:
    """One instrument of a site."""
    row = db.execute(
        sa.select(instruments).where(
            instruments.c.site_id == site_id, instruments.c.id == instrument_id
        )
    ).first()
    return _instrument(row) if row else None


def has_serial(db: sa.Connection, site_id: int, serial: str) -> bool:
    """Whether an instrument with that serial number is here already."""
    columns = instruments.c
    query = sa.select(columns.id).where(columns.site_id == site_id, columns.serial == serial)
    return db.scalar(query) is not None


def _instrument(row: sa.Row[Any]) -> Instrument:
    return Instrument(
        id=row.id,
        name=row.name,
        kind=InstrumentKind(row.kind),
        serial=row.serial,
        calibration_due_at=row.calibration_due_at,
        retired_at=row.retired_at,
    )
