"""How instruments are checked: plans in and out of the database; the newest of a kind stands."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from radiopharm.core.check_plans import CheckKind, CheckPlan, SetCheckPlan
from radiopharm.store.tables.accounts import users
from radiopharm.store.tables.checks import check_plans

Watch = tuple[int, CheckKind]
"""What is checked by itself: an instrument, in one way."""


def standing(
    db: sa.Connection, instrument_ids: Collection[int], until: datetime | None = None
) -> dict[Watch, CheckPlan]:
    """The newest plan of each instrument and kind, of those set by *until* (None: ever)."""
    query = _plans().where(check_plans.c.instrument_id.in_(instrument_ids))
    if until is not None:
        query = query.where(check_plans.c.recorded_at <= until)
    found = map(_plan, db.execute(query.order_by(check_plans.c.id)))
    return {(plan.instrument_id, plan.kind): plan for plan in found}


def by_ids(db: sa.Connection, ids: Collection[int]) -> dict[int, CheckPlan]:
    """Plans by id, whether they stand or not."""
    rows = db.execute(_plans().where(check_plans.c.id.in_(ids)))
    return {row.id: _plan(row) for row in rows}


def add(
    db: sa.Connection, instrument_id: int, command: SetCheckPlan, actor_id: int, now: datetime
) -> int:
    """Write a plan; the one before it stays on record. Returns its id."""
    named = ("unit", "operator", "interval_days", "is_required", "source", "reason")
    values = {
        "instrument_id": instrument_id,
        "kind": str(command.kind),
        "tolerance": f"{command.tolerance:f}",
        "recorded_at": now,
        "actor_id": actor_id,
        **{name: getattr(command, name) for name in named},
    }
    return int(db.execute(check_plans.insert().values(values)).inserted_primary_key[0])


def _plans() -> sa.Select[Any]:
    return sa.select(check_plans, users.c.display_name.label("by")).join(
        users, users.c.id == check_plans.c.actor_id
    )


def _plan(row: sa.Row[Any]) -> CheckPlan:
    return CheckPlan(
        id=row.id,
        instrument_id=row.instrument_id,
        kind=CheckKind(row.kind),
        tolerance=Decimal(row.tolerance),
        unit=row.unit,
        operator=row.operator,
        interval_days=row.interval_days,
        is_required=row.is_required,
        source=row.source,
        reason=row.reason,
        recorded_at=row.recorded_at,
        by=row.by,
    )
