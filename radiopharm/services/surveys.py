"""Area surveys: rooms and plans by the safety officer, readings by whoever carries the meter.

A survey over its level raises the room's flag in the same act; the act of the follow-up clears it.
"""

from radiopharm.core import surveys as rules
from radiopharm.core.actions import Action
from radiopharm.core.instruments import InstrumentKind
from radiopharm.core.refusals import Invalid, NotFound, Refusal, Refused
from radiopharm.core.surveys import Plan, RecordSurvey, SetPlan
from radiopharm.services import flags, instruments, survey_flags
from radiopharm.store import surveys
from radiopharm.store.acts import Act


def add_room(act: Act, name: str) -> int:
    """Write a room; `Invalid` when there is one of that name. Returns its id."""
    site_id = act.actor.site.id
    if name in {room.name for room in surveys.of_site(act.db, site_id)}:
        said = "There is a room of this name already."
        raise Invalid([Refusal(code="name_taken", field="name", message=said)])
    room_id = surveys.add_room(
        act.db, site_id=site_id, name=name, recorded_at=act.now, actor_id=act.actor.id
    )
    act.record(Action.ROOM_ADDED, f"room:{room_id}", name=name)
    return room_id


def set_plan(act: Act, room_id: int, command: SetPlan) -> int:
    """Survey a room so from now on; the plan before stays on record. Raises `Invalid`."""
    surveys.room(act.db, act.actor.site.id, room_id)
    if broken := rules.plan_refusals(command):
        raise Invalid(broken)
    before = surveys.standing_plans(act.db, [room_id]).get((room_id, command.kind))
    plan_id = surveys.add_plan(act.db, room_id, command, act.actor.id, act.now)
    after = surveys.standing_plans(act.db, [room_id])[room_id, command.kind]
    act.record(
        Action.SURVEY_PLANNED,
        f"room:{room_id}",
        reason=command.reason,
        kind=str(command.kind),
        **_said(after),
        old=_said(before) if before else {},
    )
    _refresh(act)
    return plan_id


def record(act: Act, command: RecordSurvey) -> int:
    """Write a survey, each reading held against the level; returns its id. Raises `Invalid`."""
    plan, standing_id = _plan(act, command.plan_id)
    meter = instruments.for_reading(
        act.db, act.actor.site.id, command.instrument_id, InstrumentKind.SURVEY_METER
    )
    if broken := rules.survey_refusals(command, plan, standing_id, act.now):
        raise Invalid(broken)
    over = [
        point for point, reading in command.readings if plan.is_over(reading, command.background)
    ]
    survey_id = surveys.add(act.db, command, over, act.actor.id, act.now)
    act.record(
        Action.ROOM_SURVEYED,
        f"room:{plan.room_id}",
        f"survey:{survey_id}",
        kind=str(plan.kind),
        meter=meter.name,
        level=plan.level_text,
        points_over=[point.name for point in plan.points if point.id in over],
        decontamination=command.decontamination,
        surveyed_at=command.surveyed_at,
    )
    _refresh(act)
    return survey_id


def void(act: Act, survey_id: int, reason: str) -> int:
    """Say that a survey does not count; returns its room. Raises `Refused` the second time."""
    found = surveys.survey(act.db, act.actor.site.id, survey_id)
    if found.voided:
        said = f"This survey was voided by {found.voided.by} already."
        raise Refused([Refusal(code="voided", message=said)])
    surveys.void(act.db, survey_id, reason, act.actor.id, act.now)
    act.record(Action.SURVEY_VOIDED, f"room:{found.room_id}", f"survey:{survey_id}", reason=reason)
    _refresh(act)
    return found.room_id


def _plan(act: Act, plan_id: int) -> tuple[Plan, int]:
    """The plan named, and the id of the one that stands for its room and kind."""
    rooms = [room.id for room in surveys.of_site(act.db, act.actor.site.id)]
    every = surveys.plans(act.db, rooms)
    plan = next((each for each in every if each.id == plan_id), None)
    if plan is None:
        raise NotFound("plan")
    same = [each.id for each in every if (each.room_id, each.kind) == (plan.room_id, plan.kind)]
    return plan, max(same)


def _refresh(act: Act) -> None:
    found = list(survey_flags.changes(act.db, act.actor.site, act.now))
    if found:
        flags.apply(act, found)


def _said(plan: Plan) -> dict[str, object]:
    return {
        "interval_days": plan.interval_days,
        "level": plan.level_text,
        "source": plan.source,
        "points": [point.name for point in plan.points],
    }
