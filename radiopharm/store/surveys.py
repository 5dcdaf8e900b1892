"""Rooms, their plans, and the surveys by them, in and out of the tables."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from radiopharm.core.refusals import NotFound
from radiopharm.core.surveys import (
    Plan,
    Point,
    Reading,
    RecordSurvey,
    SetPlan,
    Survey,
    SurveyKind,
    Voided,
)
from radiopharm.store.tables.accounts import instruments, users
from radiopharm.store.tables.surveys import (
    rooms,
    survey_plans,
    survey_points,
    survey_readings,
    survey_voids,
    surveys,
)

Watch = tuple[int, SurveyKind]
"""What is surveyed by itself: a room, by dose rate or by wipe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room of a site."""

    id: int
    name: str


def of_site(db: sa.Connection, site_id: int) -> list[Room]:
    """The rooms of a site, by name."""
    query = sa.select(rooms.c.id, rooms.c.name).where(rooms.c.site_id == site_id)
    return [Room(id=row.id, name=row.name) for row in db.execute(query.order_by(rooms.c.name))]


def room(db: sa.Connection, site_id: int, room_id: int) -> Room:
    """A room of a site; raises `NotFound`."""
    query = sa.select(rooms).where(rooms.c.site_id == site_id, rooms.c.id == room_id)
    row = db.execute(query).first()
    if row is None:
        raise NotFound("room")
    return Room(id=row.id, name=row.name)


def plans(db: sa.Connection, room_ids: Collection[int]) -> list[Plan]:
    """Every plan ever set for rooms, oldest first."""
    rows = db.execute(
        sa.select(survey_plans, users.c.display_name)
        .join(users, users.c.id == survey_plans.c.actor_id)
        .where(survey_plans.c.room_id.in_(room_ids))
        .order_by(survey_plans.c.id)
    ).all()
    points = _points(db, [row.id for row in rows])
    return [_plan(row, points[row.id]) for row in rows]


def standing_plans(db: sa.Connection, room_ids: Collection[int]) -> dict[Watch, Plan]:
    """The newest plan of each room and kind."""
    return {(plan.room_id, plan.kind): plan for plan in plans(db, room_ids)}


def of_rooms(db: sa.Connection, room_ids: Collection[int]) -> dict[Watch, list[Survey]]:
    """Every survey of rooms, voided ones too, the newest first."""
    found: dict[Watch, list[Survey]] = defaultdict(list)
    query = _surveys().where(survey_plans.c.room_id.in_(room_ids))
    for row in db.execute(query.order_by(surveys.c.surveyed_at.desc(), surveys.c.id.desc())):
        survey = _survey(row)
        found[survey.room_id, survey.kind].append(survey)
    return found


def survey(db: sa.Connection, site_id: int, survey_id: int) -> Survey:
    """A survey of a site; raises `NotFound`."""
    query = _surveys().join(rooms, rooms.c.id == survey_plans.c.room_id)
    row = db.execute(query.where(rooms.c.site_id == site_id, surveys.c.id == survey_id)).first()
    if row is None:
        raise NotFound("survey")
    return _survey(row)


def readings(db: sa.Connection, ids: Collection[int]) -> dict[int, list[Reading]]:
    """What was read in the surveys of *ids*, in the order of the plan's points."""
    rows = db.execute(
        sa.select(survey_readings, survey_points.c.name)
        .join(survey_points, survey_points.c.id == survey_readings.c.point_id)
        .where(survey_readings.c.survey_id.in_(ids))
        .order_by(survey_readings.c.point_id)
    )
    found: dict[int, list[Reading]] = defaultdict(list)
    for row in rows:
        read = Reading(point=row.name, reading=Decimal(row.reading), is_over=row.is_over)
        found[row.survey_id].append(read)
    return found


def add_room(db: sa.Connection, **values: Any) -> int:
    """Write a room."""
    return int(db.execute(rooms.insert().values(**values)).inserted_primary_key[0])


def add_plan(
    db: sa.Connection, room_id: int, command: SetPlan, actor_id: int, now: datetime
) -> int:
    """Write a plan with its points; the one before it stays on record."""
    values = {"room_id": room_id, "recorded_at": now, "actor_id": actor_id}
    named = ("interval_days", "operator", "unit", "less_background", "source", "reason")
    said = {name: getattr(command, name) for name in named}
    typed = {"kind": str(command.kind), "level": f"{command.level:f}"}
    made = db.execute(survey_plans.insert().values(**values, **said, **typed))
    plan_id = int(made.inserted_primary_key[0])
    points = [{"plan_id": plan_id, "name": name} for name in command.points]
    db.execute(survey_points.insert(), points)
    return plan_id


def add(
    db: sa.Connection, command: RecordSurvey, over: Collection[int], actor_id: int, now: datetime
) -> int:
    """Write a survey with its readings; *over* are the points whose reading calls for action."""
    made = db.execute(
        surveys.insert().values(
            plan_id=command.plan_id,
            instrument_id=command.instrument_id,
            background=f"{command.background:f}",
            is_over=bool(over),
            decontamination=command.decontamination,
            surveyed_at=command.surveyed_at,
            recorded_at=now,
            actor_id=actor_id,
        )
    )
    survey_id = int(made.inserted_primary_key[0])
    db.execute(survey_readings.insert(), list(_readings(survey_id, command, over)))
    return survey_id


def void(db: sa.Connection, survey_id: int, reason: str, actor_id: int, now: datetime) -> None:
    """Write that a survey does not count."""
    values = {"survey_id": survey_id, "reason": reason, "voided_at": now, "actor_id": actor_id}
    db.execute(survey_voids.insert().values(**values))


def _readings(
    survey_id: int, command: RecordSurvey, over: Collection[int]
) -> Iterable[dict[str, Any]]:
    for point_id, reading in command.readings:
        values = {"survey_id": survey_id, "point_id": point_id, "reading": f"{reading:f}"}
        yield {**values, "is_over": point_id in over}


def _surveys() -> sa.Select[Any]:
    voider = users.alias()
    return (
        sa.select(surveys, survey_plans.c.room_id, survey_plans.c.kind)
        .add_columns(instruments.c.name.label("instrument"), users.c.display_name)
        .add_columns(survey_voids.c.reason, survey_voids.c.voided_at)
        .add_columns(voider.c.display_name.label("voided_by"))
        .join(survey_plans, survey_plans.c.id == surveys.c.plan_id)
        .join(instruments, instruments.c.id == surveys.c.instrument_id)
        .join(users, users.c.id == surveys.c.actor_id)
        .outerjoin(survey_voids, survey_voids.c.survey_id == surveys.c.id)
        .outerjoin(voider, voider.c.id == survey_voids.c.actor_id)
    )


def _points(db: sa.Connection, plan_ids: Collection[int]) -> dict[int, tuple[Point, ...]]:
    found: dict[int, tuple[Point, ...]] = defaultdict(tuple)
    query = sa.select(survey_points).where(survey_points.c.plan_id.in_(plan_ids))
    for row in db.execute(query.order_by(survey_points.c.id)):
        found[row.plan_id] += (Point(id=row.id, name=row.name),)
    return found


def _plan(row: sa.Row[Any], points: tuple[Point, ...]) -> Plan:
    return Plan(
        id=row.id,
        room_id=row.room_id,
        kind=SurveyKind(row.kind),
        interval_days=row.interval_days,
        level=Decimal(row.level),
        operator=row.operator,
        unit=row.unit,
        less_background=row.less_background,
        source=row.source,
        reason=row.reason,
        points=points,
        recorded_at=row.recorded_at,
        by=row.display_name,
    )


def _survey(row: sa.Row[Any]) -> Survey:
    voided = row.voided_at and Voided(reason=row.reason, at=row.voided_at, by=row.voided_by)
    return Survey(
        id=row.id,
        room_id=row.room_id,
        kind=SurveyKind(row.kind),
        plan_id=row.plan_id,
        instrument=row.instrument,
        background=Decimal(row.background),
        is_over=row.is_over,
        decontamination=row.decontamination,
        surveyed_at=row.surveyed_at,
        recorded_at=row.recorded_at,
        by=row.display_name,
        voided=voided,
    )
