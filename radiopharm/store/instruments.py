"""Instruments of a site in and out of the database."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.core.instruments import (
    AddInstrument,
    DialectName,
    Instrument,
    InstrumentKind,
    MeterLine,
)
from radiopharm.store.tables.accounts import instruments
from radiopharm.store.tables.devices import meter_lines


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
    query = _with_lines().where(instruments.c.site_id == site_id)
    if kind is not None:
        query = query.where(instruments.c.kind == str(kind))
    columns = instruments.c
    rows = db.execute(query.order_by(columns.retired_at.is_not(None), columns.name, columns.id))
    return [_instrument(row) for row in rows]


def find(db: sa.Connection, site_id: int, instrument_id: int) -> Instrument | None:
    """One instrument of a site."""
    row = db.execute(
        _with_lines().where(instruments.c.site_id == site_id, instruments.c.id == instrument_id)
    ).first()
    return _instrument(row) if row else None


def connect(
    db: sa.Connection, instrument_id: int, line: MeterLine | None, actor_id: int, now: datetime
) -> None:
    """Write how an instrument is connected from now on; None takes its line off."""
    said = {
        "dialect": str(line.dialect) if line else None,
        "port": line.port if line else None,
        "baud": line.baud if line else None,
        "decimal_sign": line.decimal if line else None,
    }
    values = {"instrument_id": instrument_id, "set_at": now, "actor_id": actor_id, **said}
    db.execute(meter_lines.insert().values(values))


def has_serial(db: sa.Connection, site_id: int, serial: str) -> bool:
    """Whether an instrument with that serial number is here already."""
    columns = instruments.c
    query = sa.select(columns.id).where(columns.site_id == site_id, columns.serial == serial)
    return db.scalar(query) is not None


def _with_lines() -> sa.Select[Any]:
    """Instruments beside the newest row of how they are connected."""
    lines, every = meter_lines.c, meter_lines.alias()
    newest = sa.select(sa.func.max(every.c.id)).where(every.c.instrument_id == instruments.c.id)
    connected = lines.id == newest.correlate(instruments).scalar_subquery()
    columns = (lines.dialect, lines.port, lines.baud, lines.decimal_sign)
    joined = instruments.outerjoin(meter_lines, connected)
    return sa.select(instruments, *columns).select_from(joined)


def _instrument(row: sa.Row[Any]) -> Instrument:
    line = None
    if row.dialect is not None:
        line = MeterLine(
            dialect=DialectName(row.dialect),
            port=row.port,
            baud=row.baud,
            decimal=row.decimal_sign,
        )
    return Instrument(
        id=row.id,
        name=row.name,
        kind=InstrumentKind(row.kind),
        serial=row.serial,
        calibration_due_at=row.calibration_due_at,
        retired_at=row.retired_at,
        line=line,
    )
