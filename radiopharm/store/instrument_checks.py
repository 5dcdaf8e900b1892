"""Checks of instruments, with their readings and what was said of them since, in and out."""

import json
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.core.check_plans import CheckKind, CheckPlan
from radiopharm.core.instrument_checks import Check, Decision, Point, Voided
from radiopharm.core.refusals import NotFound
from radiopharm.store import check_plans
from radiopharm.store.tables.accounts import instruments, users
from radiopharm.store.tables.checks import (
    check_decisions,
    check_points,
    check_sources,
    check_voids,
    instrument_checks,
)

_of = instrument_checks.c


def newest(
    db: sa.Connection, instrument_ids: Collection[int], until: datetime | None = None
) -> list[Check]:
    """Of each instrument, kind, source and nuclide the newest check that counts, made by *until*
    (None: ever), judged and not judged."""
    is_judged = sa.case((_of.passed.is_(None), 0), else_=1)
    place = sa.func.row_number().over(
        partition_by=(_of.instrument_id, _of.kind, _of.source_id, _of.nuclide, is_judged),
        order_by=(_of.checked_at.desc(), _of.id.desc()),
    )
    placed = (
        sa.select(_of.id, place.label("place"))
        .outerjoin(check_voids, check_voids.c.check_id == _of.id)
        .where(_of.instrument_id.in_(instrument_ids), check_voids.c.id.is_(None))
    )
    if until is not None:
        placed = placed.where(_of.checked_at <= until)
    each = placed.subquery()
    ids = sa.select(each.c.id).where(each.c.place == 1)
    return _read(db, _checks().where(_of.id.in_(ids)).order_by(_of.id))


def of_instrument(
    db: sa.Connection, instrument_id: int, most: int, kind: CheckKind | None = None
) -> list[Check]:
    """An instrument's *most* newest checks, of every kind or of one, voided ones too."""
    query = _checks().where(_of.instrument_id == instrument_id)
    if kind is not None:
        query = query.where(_of.kind == str(kind))
    return _read(db, query.order_by(_of.checked_at.desc(), _of.id.desc()).limit(most))


def of_site(
    db: sa.Connection, site_id: int, since: datetime, until: datetime, known_at: datetime
) -> list[Check]:
    """The checks made in [*since*, *until*) and recorded by *known_at*, the oldest first."""
    query = (
        _checks()
        .join(instruments, instruments.c.id == _of.instrument_id)
        .where(instruments.c.site_id == site_id, _of.recorded_at <= known_at)
        .where(_of.checked_at >= since, _of.checked_at < until)
    )
    found = _read(db, query.order_by(_of.checked_at, _of.id))
    return [check.as_known(known_at) for check in found]


def get(db: sa.Connection, site_id: int, check_id: int) -> Check:
    """A check of a site's instrument; raises `NotFound`."""
    query = _checks().join(instruments, instruments.c.id == _of.instrument_id)
    found = _read(db, query.where(instruments.c.site_id == site_id, _of.id == check_id))
    if not found:
        raise NotFound("check")
    return found[0]


def add(db: sa.Connection, points: Collection[Point], **values: Any) -> int:
    """Write a check with its readings; returns its id."""
    made = db.execute(instrument_checks.insert().values(**values))
    check_id = int(made.inserted_primary_key[0])
    db.execute(check_points.insert(), [_row(check_id, n, each) for n, each in enumerate(points)])
    return check_id


def void(db: sa.Connection, check_id: int, reason: str, actor_id: int, now: datetime) -> None:
    """Write that a check does not count."""
    values = {"check_id": check_id, "reason": reason, "voided_at": now, "actor_id": actor_id}
    db.execute(check_voids.insert().values(values))


def decide(db: sa.Connection, **values: Any) -> None:
    """Write that the instrument may be used although the check failed."""
    db.execute(check_decisions.insert().values(**values))


def _row(check_id: int, number: int, point: Point) -> dict[str, Any]:
    worked = point.working and json.dumps(point.working, default=str, ensure_ascii=False)
    return {
        "check_id": check_id,
        "number": number,
        "label": point.label,
        "measured_bq": point.bq,
        "measured_text": point.text,
        "measured_at": point.at,
        "reading_id": point.reading_id,
        "expected_bq": point.expected_bq,
        "working": worked,
    }


def _checks() -> sa.Select[Any]:
    voids, decisions = check_voids.c, check_decisions.c
    voider, decider = users.alias(), users.alias()
    return (
        sa.select(instrument_checks, check_sources.c.serial, users.c.display_name)
        .add_columns(voids.reason.label("void_reason"), voids.voided_at)
        .add_columns(voider.c.display_name.label("voided_by"))
        .add_columns(decisions.reason.label("decision"), decisions.decided_at)
        .add_columns(decider.c.display_name.label("decided_by"))
        .join(users, users.c.id == _of.actor_id)
        .outerjoin(check_sources, check_sources.c.id == _of.source_id)
        .outerjoin(check_voids, voids.check_id == _of.id)
        .outerjoin(voider, voider.c.id == voids.actor_id)
        .outerjoin(check_decisions, decisions.check_id == _of.id)
        .outerjoin(decider, decider.c.id == decisions.actor_id)
    )


def _read(db: sa.Connection, query: sa.Select[Any]) -> list[Check]:
    rows = db.execute(query).all()
    plans = check_plans.by_ids(db, {row.plan_id for row in rows if row.plan_id is not None})
    points = _points(db, [row.id for row in rows])
    return [_check(row, points[row.id], plans.get(row.plan_id)) for row in rows]


def _points(db: sa.Connection, check_ids: Collection[int]) -> dict[int, tuple[Point, ...]]:
    columns = check_points.c
    query = sa.select(check_points).where(columns.check_id.in_(check_ids))
    found: dict[int, tuple[Point, ...]] = defaultdict(tuple)
    for row in db.execute(query.order_by(columns.check_id, columns.number)):
        found[row.check_id] += (_point(row),)
    return found


def _point(row: sa.Row[Any]) -> Point:
    return Point(
        label=row.label,
        bq=row.measured_bq,
        text=row.measured_text,
        at=row.measured_at,
        expected_bq=row.expected_bq,
        reading_id=row.reading_id,
        working=json.loads(row.working) if row.working else None,
    )


def _check(row: sa.Row[Any], points: tuple[Point, ...], plan: CheckPlan | None) -> Check:
    voided = row.voided_at and Voided(reason=row.void_reason, at=row.voided_at, by=row.voided_by)
    decision = row.decided_at and Decision(
        reason=row.decision, at=row.decided_at, by=row.decided_by
    )
    return Check(
        id=row.id,
        instrument_id=row.instrument_id,
        kind=CheckKind(row.kind),
        source_id=row.source_id,
        source=f"{row.nuclide}, no. {row.serial}" if row.serial else "",
        nuclide=row.nuclide,
        points=points,
        plan=plan,
        passed=row.passed,
        note=row.note,
        checked_at=row.checked_at,
        recorded_at=row.recorded_at,
        by=row.display_name,
        voided=voided,
        decision=decision,
    )
