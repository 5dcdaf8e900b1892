"""What a failed check leaves in doubt: what its instrument measured since the same check passed.

It ends when the check passed again, or somebody decided over the failed one; until then it goes on.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.core.instrument_checks import Check
from radiopharm.store.tables.checks import check_voids, instrument_checks
from radiopharm.store.tables.doses import dispensings
from radiopharm.store.tables.second_checks import second_checks
from radiopharm.store.tables.vials import assays


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A dose, or a vial that was assayed, with what was read."""

    subject: str
    subject_id: int
    text: str
    at: datetime


def last_passed_at(db: sa.Connection, check: Check) -> datetime | None:
    """When the same check, of the same source or nuclide, last passed before; None if never."""
    at = instrument_checks.c.checked_at
    return db.scalar(_passed(check, sa.func.max(at)).where(at < check.checked_at))


def measured(db: sa.Connection, check: Check) -> list[Measured]:
    """Doses, by either person, and assayed vials read with it from then until it was relied on."""
    window = last_passed_at(db, check), _relied_on_at(db, check)
    read = sa.union_all(
        _readings("dose", dispensings, dispensings.c.id, check, *window),
        _readings("dose", second_checks, second_checks.c.dispensing_id, check, *window),
        _readings("vial", assays, assays.c.vial_id, check, *window),
    ).subquery()
    rows = db.execute(sa.select(read).order_by(read.c.measured_at, read.c.subject_id))
    return [
        Measured(
            subject=row.subject,
            subject_id=row.subject_id,
            text=row.measured_text,
            at=row.measured_at,
        )
        for row in rows
    ]


def _relied_on_at(db: sa.Connection, check: Check) -> datetime | None:
    """When the same check next passed, or somebody decided; None where neither has happened."""
    at, number = instrument_checks.c.checked_at, instrument_checks.c.id
    later = sa.or_(at > check.checked_at, sa.and_(at == check.checked_at, number > check.id))
    passed_at = db.scalar(_passed(check, sa.func.min(at)).where(later))
    decided_at = check.decision.at if check.decision else None
    return min(filter(None, (passed_at, decided_at)), default=None)


def _passed(check: Check, found: sa.Function[datetime]) -> sa.Select[tuple[datetime]]:
    columns = instrument_checks.c
    return (
        sa.select(found)
        .outerjoin(check_voids, check_voids.c.check_id == columns.id)
        .where(columns.instrument_id == check.instrument_id, columns.kind == str(check.kind))
        .where(columns.source_id.is_not_distinct_from(check.source_id))
        .where(columns.nuclide.is_not_distinct_from(check.nuclide))
        .where(columns.passed, check_voids.c.id.is_(None))
    )


def _readings(
    subject: str,
    table: sa.Table,
    number: sa.Column[int],
    check: Check,
    since: datetime | None,
    until: datetime | None,
) -> sa.Select[Any]:
    columns = table.c
    query = (
        sa.select(sa.literal(subject).label("subject"), number.label("subject_id"))
        .add_columns(columns.measured_text, columns.measured_at)
        .where(columns.instrument_id == check.instrument_id)
    )
    if since is not None:
        query = query.where(columns.measured_at > since)
    return query if until is None else query.where(columns.measured_at <= until)
