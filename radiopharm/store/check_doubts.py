"""What was measured with an instrument between its last passed check of a kind and a failed one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.core.instrument_checks import Check
from radiopharm.store.tables.checks import check_voids, instrument_checks
from radiopharm.store.tables.doses import dispensings
from radiopharm.store.tables.vials import assays


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A dose, or a vial that was assayed, with what was read."""

    subject: str
    subject_id: int
    text: str
    at: datetime


def last_passed_at(db: sa.Connection, check: Check) -> datetime | None:
    """When the same kind of check last passed before *check*; None where it never did."""
    columns = instrument_checks.c
    query = (
        sa.select(sa.func.max(columns.checked_at))
        .outerjoin(check_voids, check_voids.c.check_id == columns.id)
        .where(columns.instrument_id == check.instrument_id, columns.kind == str(check.kind))
        .where(columns.passed, check_voids.c.id.is_(None), columns.checked_at < check.checked_at)
    )
    return db.scalar(query)


def measured(db: sa.Connection, check: Check) -> list[Measured]:
    """Doses and assayed vials read with the instrument after that and not after *check*."""
    since = last_passed_at(db, check)
    both = sa.union_all(
        _readings("dose", dispensings, dispensings.c.id, check, since),
        _readings("vial", assays, assays.c.vial_id, check, since),
    ).subquery()
    rows = db.execute(sa.select(both).order_by(both.c.measured_at, both.c.subject_id))
    return [
        Measured(
            subject=row.subject,
            subject_id=row.subject_id,
            text=row.measured_text,
            at=row.measured_at,
        )
        for row in rows
    ]


def _readings(
    subject: str,
    table: sa.Table,
    number: sa.Column[int],
    check: Check,
    since: datetime | None,
) -> sa.Select[Any]:
    columns = table.c
    query = (
        sa.select(sa.literal(subject).label("subject"), number.label("subject_id"))
        .add_columns(columns.measured_text, columns.measured_at)
        .where(columns.instrument_id == check.instrument_id)
        .where(columns.measured_at <= check.checked_at)
    )
    return query if since is None else query.where(columns.measured_at > since)
