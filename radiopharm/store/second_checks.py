"""Whose second check a dose has, in and out of the database."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from radiopharm.core.doses import SecondCheck
from radiopharm.store import signatures
from radiopharm.store.tables.second_checks import second_checks


def add(db: sa.Connection, **values: Any) -> None:
    """Write a dose's second person, with their reading where they took one."""
    db.execute(second_checks.insert().values(**values))


def of_doses(db: sa.Connection, dose_ids: Sequence[int]) -> dict[int, SecondCheck]:
    """The second check of each dose that has one, in two statements."""
    query = sa.select(second_checks).where(second_checks.c.dispensing_id.in_(dose_ids))
    rows = db.execute(query).all()
    signed = signatures.by_ids(db, [row.signature_id for row in rows])
    return {
        row.dispensing_id: SecondCheck(
            signature=signed[row.signature_id],
            measured_bq=row.measured_bq,
            measured_text=row.measured_text,
            measured_at=row.measured_at,
            instrument_id=row.instrument_id,
            difference=row.difference,
        )
        for row in rows
    }
