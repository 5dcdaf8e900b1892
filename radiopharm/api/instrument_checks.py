"""Checks of instruments by JSON: how each stands, plans, what was read, decisions over failures."""

from typing import Any

from flask import g

from radiopharm.api import check_shapes as shapes
from radiopharm.api import schemas
from radiopharm.api.access import act, actor, proved, runtime
from radiopharm.api.paging import page
from radiopharm.api.signature_shapes import TicketOut, offer
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core.check_plans import SetCheckPlan
from radiopharm.core.instrument_checks import RecordCheck
from radiopharm.core.refusals import NotFound
from radiopharm.schemas.dispensing import ReasonSchema
from radiopharm.schemas.instrument_checks import (
    DecideSchema,
    DecisionTicketSchema,
    RecordCheckSchema,
    SetCheckPlanSchema,
)
from radiopharm.services import check_standings
from radiopharm.services import instrument_checks as service
from radiopharm.store import check_doubts, check_plans, instrument_checks, instruments
from radiopharm.store.acts import Act

blp = JsonBlueprint("instrument_checks", "/instruments", "Checks of activity meters.")
Answer = dict[str, Any]
MOST = 200


@blp.get("/standings")
@blp.response(200, schemas.page_of(shapes.CheckStandingOut, "CheckStanding"))
def index() -> Answer:
    """How every meter stands: its newest check of each kind, what is due, what locks it."""
    with runtime().reading() as db:
        found = check_standings.of_site(db, actor().site)
    return page((shapes.standing(each, g.now) for each in found.values()), None)


@blp.post("/<int:instrument_id>/check-plans")
@blp.arguments(SetCheckPlanSchema)
@blp.response(201, shapes.CheckPlanOut)
def plan(command: SetCheckPlan, instrument_id: int) -> Answer:
    """Set the tolerance of a kind of check; the plan before stays on record."""

    def work(act: Act) -> Answer:
        plan_id = service.set_plan(act, instrument_id, command)
        return shapes.plan(check_plans.by_ids(act.db, [plan_id])[plan_id])

    return act(work, key_required=True).answer


@blp.get("/<int:instrument_id>/checks")
@blp.response(200, schemas.page_of(shapes.InstrumentCheckOut, "InstrumentCheck"))
def history(instrument_id: int) -> Answer:
    """The newest checks of a meter; voided ones say why."""
    with runtime().reading() as db:
        if instruments.find(db, actor().site.id, instrument_id) is None:
            raise NotFound("instrument")
        made = instrument_checks.of_instrument(db, instrument_id, MOST)
    return page(map(shapes.check, made), None)


@blp.post("/checks")
@blp.arguments(RecordCheckSchema)
@blp.response(201, shapes.InstrumentCheckOut)
def record(command: RecordCheck) -> Answer:
    """Record a check; one that fails locks its meter for doses and assays."""

    def work(act: Act) -> Answer:
        return _found(act, service.record(act, command))

    return act(work, key_required=True).answer


@blp.get("/checks/<int:check_id>")
@blp.response(200, shapes.InstrumentCheckInDoubtOut)
def show(check_id: int) -> Answer:
    """A check; of a failed one also what was measured since the last that passed."""
    with runtime().reading() as db:
        found = instrument_checks.get(db, actor().site.id, check_id)
        doubts = check_doubts.measured(db, found) if found.passed is False else []
    return {**shapes.check(found), "measured_since": shapes.measured_since(doubts)}


@blp.post("/checks/<int:check_id>/void")
@blp.arguments(ReasonSchema)
@blp.response(200, shapes.InstrumentCheckOut)
def void(command: dict[str, str], check_id: int) -> Answer:
    """Say that a check does not count; it stays on record, struck through."""

    def work(act: Act) -> Answer:
        service.void(act, check_id, command["reason"])
        return _found(act, check_id)

    return act(work).answer


@blp.post("/checks/<int:check_id>/decision/sign-ticket")
@blp.arguments(DecisionTicketSchema)
@blp.response(200, TicketOut)
def sign_ticket(asked: dict[str, str], check_id: int) -> Answer:
    """The text of a decision about to be signed, and a ticket for exactly that."""
    with runtime().reading() as db:
        return offer(service.statement(db, actor().site, check_id, asked["reason"]))


@blp.post("/checks/<int:check_id>/decision")
@blp.arguments(DecideSchema)
@blp.response(201, shapes.InstrumentCheckOut)
def decide(command: Answer, check_id: int) -> Answer:
    """Let a meter be used although a check of it failed, signed and with a reason."""
    signing = proved(command["signature"])

    def work(act: Act) -> Answer:
        service.decide(act, check_id, command["reason"], signing)
        return _found(act, check_id)

    return act(work, key_required=True).answer


def _found(act: Act, check_id: int) -> Answer:
    return shapes.check(instrument_checks.get(act.db, act.actor.site.id, check_id))
