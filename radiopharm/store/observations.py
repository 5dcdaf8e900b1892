"""What was noted on doses, in and out of the database."""

from typing import Any

import sqlalchemy as sa

from radiopharm.store.tables.administrations import dose_observations


def add(db: sa.Connection, **values: Any) -> int:
    """Write an observation; returns its id."""
    return int(db.execute(dose_observations.insert().values(**values)).inserted_primary_key[0])


def of_dose(db: sa.Connection, dose_id: int) -> list[sa.Row[Any]]:
    """Everything noted on a dose, as it was noted."""
    columns = dose_observations.c
    query = sa.select(dose_observations).where(columns.dispensing_id == dose_id)
    return list(db.execute(query.order_by(columns.id)))
