"""Delay tanks: the list, a filling's page, and what is done to it there."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from marshmallow import Schema

from radiopharm.core.refusals import Conflict, Refusal, Refused
from radiopharm.core.tanks import TankState, state
from radiopharm.schemas.discharging import CheckTankSchema, DischargeTankSchema
from radiopharm.schemas.dispensing import ReasonSchema
from radiopharm.schemas.tanks import (
    AddTankSchema,
    ReadLevelSchema,
    TakeSampleSchema,
    UseTankSchema,
)
from radiopharm.services import tanks
from radiopharm.store import accounts
from radiopharm.store import tanks as store
from radiopharm.store.acts import Act
from radiopharm.web import access, forms, submitting
from radiopharm.web.drains import WaterOffer, offered, water_packs
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("tanks", __name__)
UNTICKED = {"closes": "no"}
DOSE = re.compile(r"D-0*([0-9]+)")
ACTS = {
    "use": ("Count a dose", "tanks.use"),
    "level": ("Read or close", "tanks.read_level"),
    "sample": ("Sample", "tanks.sample"),
    "discharge": ("Discharge", "tanks.discharge"),
}
WHILE = {
    TankState.FILLING: ("use", "level"),
    TankState.CLOSED: ("sample", "level"),
    TankState.DECAYING: ("discharge", "sample", "level"),
}


@bp.get("/tanks")
def show() -> str:
    """Every tank with what it holds, and the fillings before."""
    return _list(Form())


@bp.post("/tanks")
def add() -> Any:
    """Add a tank as built."""
    typed = request.form.to_dict()

    def work(act: Act) -> dict[str, Any]:
        return {"id": tanks.add(act, forms.load(AddTankSchema(), typed))}

    try:
        access.act(work)
    except Unreadable as unreadable:
        return _list(unreadable.form), 422
    except Conflict as conflict:
        return _list(Form(typed, {"number": [conflict.message]})), 409
    flash("The tank is added. Open its inlet when it is first used.", "ok")
    return redirect(url_for("tanks.show"), 303)


@bp.post("/tanks/<int:tank_id>/fillings")
def open_filling(tank_id: int) -> Any:
    """Open a tank's inlet anew."""
    try:
        made = access.act(lambda act: {"id": tanks.open_filling(act, tank_id)})
    except Refused as refused:
        flash(" ".join(refusal.message for refusal in refused.refusals), "stop")
        return redirect(url_for("tanks.show"), 303)
    flash("The inlet is open.", "ok")
    return redirect(url_for("tanks.filling", filling_id=made.answer["id"]), 303)


@bp.get("/tanks/fillings/<int:filling_id>")
def filling(filling_id: int) -> str:
    """A filling now: its account, its readings, and what may be done."""
    return _page(filling_id, request.args.get("act", ""), Form())


@bp.post("/tanks/fillings/<int:filling_id>/levels")
def read_level(filling_id: int) -> Any:
    """Record a reading of the volume, or close the inlet with it."""
    return _do(filling_id, "level", ReadLevelSchema(), tanks.read_level, "The reading is recorded.")


@bp.post("/tanks/fillings/<int:filling_id>/levels/<key>/void")
def void_level(filling_id: int, key: str) -> Any:
    """Say that a reading does not count."""

    def void(act: Act, number: int, command: dict[str, str]) -> None:
        tanks.void_level(act, number, key, command["reason"])

    said = "The reading is void; all is reckoned without it."
    return _do(filling_id, key, ReasonSchema(), void, said)


@bp.post("/tanks/fillings/<int:filling_id>/stays")
def use(filling_id: int) -> Any:
    """Count a given dose into it."""
    return _do(filling_id, "use", UseTankSchema(), tanks.use, "The dose counts from now on.")


@bp.post("/tanks/fillings/<int:filling_id>/samples")
def sample(filling_id: int) -> Any:
    """Record a measured concentration."""
    return _do(filling_id, "sample", TakeSampleSchema(), tanks.sample, "The sample is recorded.")


@bp.post("/tanks/fillings/<int:filling_id>/discharge")
def discharge(filling_id: int) -> Any:
    """Let it into the drain with a safety officer's signature."""
    schema, said = DischargeTankSchema(), "Discharged."
    return _do(filling_id, "discharge", schema, tanks.discharge, said, before=access.with_proof)


@bp.post("/tanks/fillings/<int:filling_id>/statement")
def statement(filling_id: int) -> str:
    """What would be signed now of the discharge as typed, with a new ticket."""
    return render_template("drains/statement.html", offer=_offer(filling_id))


def _do(
    filling_id: int,
    name: str,
    schema: Schema,
    change: Callable[[Act, int, Any], object],
    said: str,
    *,
    before: Callable[[Any], Any] = lambda command: command,
) -> Any:
    typed = request.form.to_dict()

    def work(act: Act) -> dict[str, Any]:
        change(act, filling_id, command)
        return {}

    try:
        command = before(forms.load(schema, {**UNTICKED, **typed, **_scanned(typed)}))
        access.act(work)
    except submitting.NOT_DONE as why:
        return submitting.answer(partial(_page, filling_id, name), typed, why)
    flash(said, "ok")
    return redirect(url_for("tanks.filling", filling_id=filling_id), 303)


def _scanned(typed: dict[str, str]) -> dict[str, str]:
    """The id of the dose whose label was scanned or typed."""
    label = DOSE.fullmatch(typed.get("dispensing_id", "").strip().upper())
    return {"dispensing_id": label[1]} if label else {}


def _list(form: Form) -> str:
    runtime, site = access.runtime(), access.actor().site
    with runtime.reading() as db:
        built = store.of_site(db, site.id)
        fillings = [
            tanks.look(db, runtime.reference, site.id, each.id, g.now)
            for each in store.fillings(db, site.id, 50)
        ]
    held = {it.filling.tank.id for it in fillings if it.state is not TankState.DISCHARGED}
    return render_template("tanks/list.html", form=form, tanks=built, fillings=fillings, held=held)


def _page(
    filling_id: int,
    act: str,
    form: Form,
    refusals: tuple[Refusal, ...] = (),
    conflict: Conflict | None = None,
) -> str:
    runtime, site = access.runtime(), access.actor().site
    with runtime.reading() as db:
        seen = tanks.look(db, runtime.reference, site.id, filling_id, g.now)
        facts = (*seen.filling.levels, *seen.filling.samples)
        people = accounts.names(db, {fact.actor_id for fact in facts})
    void = next((it for it in seen.filling.levels if it.key == act and not it.void_reason), None)
    acts = {name: ACTS[name][0] for name in WHILE.get(seen.state, ()) if access.may(ACTS[name][1])}
    return render_template(
        "tanks/filling.html",
        acts=acts,
        void=void if access.may("tanks.void_level") else None,
        chosen="" if void else act if act in acts else next(iter(acts), ""),
        form=form,
        seen=seen,
        it=seen.filling,
        level=seen.filling.level(g.now),
        is_open=state(seen.filling, g.now) is TankState.FILLING,
        people=people,
        refusals=refusals,
        conflict=conflict,
        packs=water_packs(),
        offer=_offer(filling_id),
    )


def _offer(filling_id: int) -> WaterOffer | None:
    runtime, actor = access.runtime(), access.actor()
    try:
        asked = forms.load(CheckTankSchema(), request.form.to_dict())
    except Unreadable:
        return None
    with runtime.reading() as db:
        return offered(
            lambda: tanks.judge(db, runtime.reference, actor, filling_id, asked["drain"], g.now)
        )
