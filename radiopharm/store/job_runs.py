"""What jobs have done: a row for a slot that took effect, and one for each try that failed."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.store.tables.derived import job_failures, job_runs

Row = sa.Row[Any]


def is_done(db: sa.Connection, job: str, slot: datetime) -> bool:
    """Whether *slot* has taken effect."""
    query = sa.select(job_runs.c.job).where(job_runs.c.job == job, job_runs.c.slot == slot)
    return db.execute(query).first() is not None


def add(db: sa.Connection, **values: Any) -> None:
    """Write that a slot took effect."""
    db.execute(job_runs.insert().values(values))


def add_failure(db: sa.Connection, **values: Any) -> None:
    """Write that a try failed and left nothing behind."""
    db.execute(job_failures.insert().values(values))


def first_slot(db: sa.Connection, job: str) -> datetime | None:
    """The oldest slot that took effect."""
    return db.scalar(sa.select(sa.func.min(job_runs.c.slot)).where(job_runs.c.job == job))


def done_slots(db: sa.Connection, job: str, since: datetime) -> set[datetime]:
    """The slots from *since* on that took effect."""
    columns = job_runs.c
    query = sa.select(columns.slot).where(columns.job == job, columns.slot >= since)
    return set(db.scalars(query))


def given_up_slots(db: sa.Connection, job: str, since: datetime, tries: int) -> set[datetime]:
    """The slots from *since* on that failed *tries* times or more."""
    columns = job_failures.c
    query = (
        sa.select(columns.slot)
        .where(columns.job == job, columns.slot >= since)
        .group_by(columns.slot)
        .having(sa.func.count() >= tries)
    )
    return set(db.scalars(query))


def newest(db: sa.Connection, jobs: Collection[str]) -> dict[str, Row]:
    """The run with the newest slot of each of *jobs*; one that never ran is absent."""
    return _newest(db, job_runs, job_runs.c.slot, jobs)


def newest_failures(db: sa.Connection, jobs: Collection[str]) -> dict[str, Row]:
    """The newest failed try of each of *jobs*; one that never failed is absent."""
    return _newest(db, job_failures, job_failures.c.id, jobs)


def _newest(
    db: sa.Connection, table: sa.Table, order: sa.Column[Any], jobs: Collection[str]
) -> dict[str, Row]:
    """One index look-up a job, in one statement."""
    rows = [
        sa.select(table).where(
            table.c.job == job,
            order == sa.select(sa.func.max(order)).where(table.c.job == job).scalar_subquery(),
        )
        for job in jobs
    ]
    return {row.job: row for row in db.execute(sa.union_all(*rows))}
