"""Delay tanks by JSON: filled, closed, sampled, checked and discharged."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import g

from radiopharm.api import discharge_shapes as shapes
from radiopharm.api.access import act, actor, proved, runtime
from radiopharm.api.paging import page
from radiopharm.api.schemas import AtQuery, page_of
from radiopharm.api.signature_shapes import TicketOut, offer
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core.discharging import DischargeTank
from radiopharm.core.tank_acts import AddTank, ReadLevel, TakeSample, UseTank
from radiopharm.schemas import discharging as discharging_schemas
from radiopharm.schemas import tanks as schemas
from radiopharm.schemas.dispensing import ReasonSchema
from radiopharm.services import drains, tanks
from radiopharm.store import tanks as store
from radiopharm.store.acts import Act

blp = JsonBlueprint("tanks", "/tanks", "Delay tanks, their fillings, and their discharge.")
Answer = dict[str, Any]


@blp.get("")
@blp.response(200, page_of(shapes.TankOut, "Tank"))
def index() -> Answer:
    """Every tank of the site, by number."""
    with runtime().reading() as db:
        return page(map(shapes.tank, store.of_site(db, actor().site.id)), None)


@blp.post("")
@blp.arguments(schemas.AddTankSchema)
@blp.response(201, shapes.TankOut)
def add(command: AddTank) -> Answer:
    """Add a tank as built."""

    def work(act: Act) -> Answer:
        tank_id = tanks.add(act, command)
        return shapes.tank(store.tank(act.db, act.actor.site.id, tank_id))

    return act(work, key_required=True).answer


@blp.post("/<int:tank_id>/fillings")
@blp.response(201, shapes.FillingOut)
def open_filling(tank_id: int) -> Answer:
    """Open the inlet anew; refused while what it held before is not discharged."""
    return act(lambda act: _look(act, tanks.open_filling(act, tank_id)), key_required=True).answer


@blp.get("/fillings/<int:filling_id>")
@blp.arguments(AtQuery(only=["at"]), location="query")
@blp.response(200, shapes.FillingOut)
def show(query: Answer, filling_id: int) -> Answer:
    """A filling at any instant: its state, its account, its readings."""
    at = query.get("at", g.now)
    with runtime().reading() as db:
        return shapes.filling(tanks.look(db, runtime().reference, actor().site.id, filling_id, at))


@blp.post("/fillings/<int:filling_id>/levels")
@blp.arguments(schemas.ReadLevelSchema)
@blp.response(200, shapes.FillingOut)
def read_level(command: ReadLevel, filling_id: int) -> Answer:
    """Record a reading of the volume, or close the inlet with it."""
    return _do(filling_id, lambda act: tanks.read_level(act, filling_id, command))


@blp.post("/fillings/<int:filling_id>/levels/<key>/void")
@blp.arguments(ReasonSchema)
@blp.response(200, shapes.FillingOut)
def void_level(command: Answer, filling_id: int, key: str) -> Answer:
    """Void a reading with a reason; the account is reckoned without it from then on."""
    reason = command["reason"]
    return _do(filling_id, lambda act: tanks.void_level(act, filling_id, key, reason))


@blp.post("/fillings/<int:filling_id>/stays")
@blp.arguments(schemas.UseTankSchema)
@blp.response(200, shapes.FillingOut)
def use(command: UseTank, filling_id: int) -> Answer:
    """Count a given dose's excretion into it."""
    return _do(filling_id, lambda act: tanks.use(act, filling_id, command))


@blp.post("/fillings/<int:filling_id>/samples")
@blp.arguments(schemas.TakeSampleSchema)
@blp.response(200, shapes.FillingOut)
def sample(command: TakeSample, filling_id: int) -> Answer:
    """Record a measured concentration."""
    return _do(filling_id, lambda act: tanks.sample(act, filling_id, command))


@blp.post("/fillings/<int:filling_id>/discharge-check")
@blp.arguments(discharging_schemas.CheckTankSchema)
@blp.response(200, shapes.DischargeCheckOut)
def check(asked: Answer, filling_id: int) -> Answer:
    """Whether it may go into the drain now, and what that makes of the month and the year."""
    with runtime().reading() as db:
        return shapes.check(
            tanks.judge(db, runtime().reference, actor(), filling_id, asked["drain"], g.now)
        )


@blp.post("/fillings/<int:filling_id>/sign-ticket")
@blp.arguments(discharging_schemas.CheckTankSchema)
@blp.response(200, TicketOut)
def sign_ticket(asked: Answer, filling_id: int) -> Answer:
    """The text of a discharge as it stands now, and a ticket for exactly that."""
    with runtime().reading() as db:
        judged = tanks.judge(db, runtime().reference, actor(), filling_id, asked["drain"], g.now)
    return offer(judged.statement(asked["meaning"] or drains.MEANING), judged.refusals)


@blp.post("/fillings/<int:filling_id>/discharge")
@blp.arguments(discharging_schemas.DischargeTankSchema)
@blp.response(201, shapes.FillingOut)
def discharge(command: DischargeTank, filling_id: int) -> Answer:
    """Let it into the drain, once, with a safety officer's signature by password."""
    signed = replace(command, signature=proved(command.signature))
    return _do(filling_id, lambda act: tanks.discharge(act, filling_id, signed))


def _do(filling_id: int, change: Callable[[Act], object]) -> Answer:
    def work(act: Act) -> Answer:
        change(act)
        return _look(act, filling_id)

    return act(work, key_required=True).answer


def _look(act: Act, filling_id: int) -> Answer:
    return shapes.filling(tanks.look(act.db, act.reference, act.actor.site.id, filling_id, act.now))
