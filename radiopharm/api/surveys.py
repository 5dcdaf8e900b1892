"""Area surveys by JSON: rooms with what is due, plans, and what was read by them."""

from typing import Any

from flask import g
from marshmallow import Schema, fields

from radiopharm.api import schemas
from radiopharm.api.access import act, actor, runtime
from radiopharm.api.paging import page
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core.surveys import Plan, Reading, RecordSurvey, SetPlan, Standing, Survey
from radiopharm.schemas.dispensing import ReasonSchema
from radiopharm.schemas.fields import Id
from radiopharm.schemas.instants import Instant, instant_out
from radiopharm.schemas.surveys import AddRoomSchema, RecordSurveySchema, SetPlanSchema
from radiopharm.services import survey_flags
from radiopharm.services import surveys as service
from radiopharm.store import surveys
from radiopharm.store.acts import Act

blp = JsonBlueprint("surveys", "/rooms", "Area surveys and contamination checks, room by room.")
Answer = dict[str, Any]


class PointOut(Schema):
    """A place in a room."""

    id = Id()
    name = fields.String()


class PlanOut(Schema):
    """How a room is surveyed, when it is due, and whether a survey over its level stands open."""

    id = Id()
    kind = fields.String()
    interval_days = fields.Integer(allow_none=True)
    level = fields.String()
    operator = fields.String()
    unit = fields.String()
    less_background = fields.Boolean()
    source = fields.String()
    points = fields.List(fields.Nested(PointOut))
    due_on = fields.String(allow_none=True)
    overdue = fields.Boolean()
    open_survey_id = Id(allow_none=True)


class RoomOut(Schema):
    """A room with its plans."""

    id = Id()
    name = fields.String()
    plans = fields.List(fields.Nested(PlanOut))


class PointReadingOut(Schema):
    """A reading as typed."""

    point = fields.String()
    reading = fields.String()
    over = fields.Boolean()


class SurveyOut(Schema):
    """A survey; `over` was decided when it was written."""

    id = Id()
    room_id = Id()
    kind = fields.String()
    plan_id = Id()
    instrument = fields.String()
    background = fields.String()
    over = fields.Boolean()
    decontamination = fields.String()
    readings = fields.List(fields.Nested(PointReadingOut))
    surveyed_at = Instant()
    by = fields.String()
    void_reason = fields.String(allow_none=True)


@blp.get("")
@blp.response(200, schemas.page_of(RoomOut, "Room"))
def index() -> Answer:
    """Every room, with what is due when and what stands open."""
    site = actor().site
    with runtime().reading() as db:
        found = survey_flags.standings(db, site)
        rooms = surveys.of_site(db, site.id)
    return page((_room(room, found.values()) for room in rooms), None)


@blp.post("")
@blp.arguments(AddRoomSchema)
@blp.response(201, RoomOut)
def add(command: dict[str, str]) -> Answer:
    """Add a room; it is surveyed once it has a plan."""

    def work(act: Act) -> Answer:
        return {"id": service.add_room(act, command["name"]), "plans": [], **command}

    return act(work, key_required=True).answer


@blp.post("/<int:room_id>/plans")
@blp.arguments(SetPlanSchema)
@blp.response(201, PlanOut)
def plan(command: SetPlan, room_id: int) -> Answer:
    """Set how a room is surveyed; the plan before stays on record."""

    def work(act: Act) -> Answer:
        service.set_plan(act, room_id, command)
        return _plan(survey_flags.standings(act.db, act.actor.site)[room_id, command.kind])

    return act(work, key_required=True).answer


@blp.get("/<int:room_id>/surveys")
@blp.response(200, schemas.page_of(SurveyOut, "Survey"))
def history(room_id: int) -> Answer:
    """Every survey of a room, the newest first; voided ones say why."""
    with runtime().reading() as db:
        surveys.room(db, actor().site.id, room_id)
        made = [each for found in surveys.of_rooms(db, [room_id]).values() for each in found]
        read = surveys.readings(db, [each.id for each in made])
    made.sort(key=lambda it: (it.surveyed_at, it.id), reverse=True)
    return page((_survey(each, read[each.id]) for each in made), None)


@blp.post("/surveys")
@blp.arguments(RecordSurveySchema)
@blp.response(201, SurveyOut)
def record(command: RecordSurvey) -> Answer:
    """Record a survey; a reading over the level raises the room's flag until a follow-up."""

    def work(act: Act) -> Answer:
        survey_id = service.record(act, command)
        made = surveys.survey(act.db, act.actor.site.id, survey_id)
        return _survey(made, surveys.readings(act.db, [survey_id])[survey_id])

    return act(work, key_required=True).answer


@blp.post("/surveys/<int:survey_id>/void")
@blp.arguments(ReasonSchema)
@blp.response(200, SurveyOut)
def void(command: dict[str, str], survey_id: int) -> Answer:
    """Say that a survey does not count; it stays on record, struck through."""

    def work(act: Act) -> Answer:
        service.void(act, survey_id, command["reason"])
        made = surveys.survey(act.db, act.actor.site.id, survey_id)
        return _survey(made, surveys.readings(act.db, [survey_id])[survey_id])

    return act(work).answer


def _room(room: surveys.Room, standings: Any) -> Answer:
    plans = [_plan(each) for each in standings if each.plan.room_id == room.id]
    return {"id": room.id, "name": room.name, "plans": plans}


def _plan(it: Standing) -> Answer:
    plan: Plan = it.plan
    named = ("id", "interval_days", "operator", "unit", "less_background", "source")
    return {
        **{name: getattr(plan, name) for name in named},
        "kind": str(plan.kind),
        "level": f"{plan.level:f}",
        "points": [{"id": point.id, "name": point.name} for point in plan.points],
        "due_on": it.due_on.isoformat() if it.due_on else None,
        "overdue": it.is_overdue(g.now),
        "open_survey_id": it.deviation.id if it.deviation else None,
    }


def _survey(it: Survey, readings: list[Reading]) -> Answer:
    named = ("id", "room_id", "plan_id", "instrument", "decontamination", "by")
    return {
        **{name: getattr(it, name) for name in named},
        "kind": str(it.kind),
        "background": f"{it.background:f}",
        "over": it.is_over,
        "readings": [
            {"point": each.point, "reading": f"{each.reading:f}", "over": each.is_over}
            for each in readings
        ],
        "surveyed_at": instant_out(it.surveyed_at),
        "void_reason": it.voided.reason if it.voided else None,
    }
