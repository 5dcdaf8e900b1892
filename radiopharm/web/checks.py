"""One check: its readings and working, what was measured before it failed, void and decision."""

from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from radiopharm.core.instrument_checks import Point, difference_text
from radiopharm.core.refusals import Conflict, Refusal, Refused
from radiopharm.schemas.dispensing import ReasonSchema
from radiopharm.schemas.instants import parse_instant
from radiopharm.schemas.instrument_checks import DecideSchema, DecisionTicketSchema
from radiopharm.services import check_standings
from radiopharm.services import instrument_checks as service
from radiopharm.store import check_doubts, instrument_checks, instruments
from radiopharm.store.acts import Act
from radiopharm.web import access, forms, submitting
from radiopharm.web.check_form import NAMES
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form, Unreadable
from radiopharm.web.offers import Offer, offer

bp = Blueprint("checks", __name__)


@bp.get("/instruments/checks/<int:check_id>")
def show(check_id: int) -> str:
    """A check with its working; of a failed one what was measured since the last that passed."""
    return _page(check_id, Form())


@bp.post("/instruments/checks/<int:check_id>/void")
def void(check_id: int) -> Any:
    """Say that a check does not count."""
    typed = request.form.to_dict()

    def work(act: Act) -> dict[str, Any]:
        service.void(act, check_id, forms.load(ReasonSchema(), typed)["reason"])
        return {}

    try:
        access.act(work)
    except Unreadable as why:
        return _page(check_id, why.form, act_name="void"), 422
    except Refused as refused:
        return _page(check_id, Form(typed), refusals=refused.refusals, act_name="void"), 409
    flash("The check is struck through and counts no more.", "ok")
    return redirect(url_for("checks.show", check_id=check_id), 303)


@bp.post("/instruments/checks/<int:check_id>/decision/statement")
def statement(check_id: int) -> str:
    """What would be signed now, with a new ticket."""
    return render_template("waste/statement.html", offer=_offer(check_id))


@bp.post("/instruments/checks/<int:check_id>/decision")
def decide(check_id: int) -> Any:
    """Let the instrument be used although the check failed, signed."""
    typed = request.form.to_dict()

    def work(act: Act) -> dict[str, Any]:
        service.decide(act, check_id, command["reason"], signing)
        return {}

    try:
        command = forms.load(DecideSchema(), typed)
        signing = access.proved(command["signature"])
        access.act(work)
    except submitting.NOT_DONE as why:
        return submitting.answer(partial(_page, check_id, act_name="decide"), typed, why)
    flash("The instrument may be used. The decision is in the register of deviations.", "ok")
    return redirect(url_for("checks.show", check_id=check_id), 303)


def _working(point: Point) -> dict[str, Any] | None:
    """The frozen working of what was expected, its reference instant an instant again."""
    kept: Any = point.working
    return kept and {**kept, "reference_at": parse_instant(kept["reference_at"])}


def _offer(check_id: int) -> Offer | None:
    try:
        reason = forms.load(DecisionTicketSchema(), request.form)["reason"]
        with access.runtime().reading() as db:
            return offer(service.statement(db, access.actor().site, check_id, reason))
    except (Unreadable, Refused):
        return None


def _page(
    check_id: int,
    form: Form,
    *,
    act_name: str = "",
    refusals: tuple[Refusal, ...] = (),
    conflict: Conflict | None = None,
) -> str:
    site = access.actor().site
    with access.runtime().reading() as db:
        check = instrument_checks.get(db, site.id, check_id)
        meter = instruments.find(db, site.id, check.instrument_id)
        found = check_standings.of_instruments(db, [check.instrument_id], site_zone())
        since = check_doubts.last_passed_at(db, check)
        doubts = check_doubts.measured(db, check) if check.passed is False else []
    return render_template(
        "instrument_checks/check.html",
        check=check,
        points=[(point, _working(point)) for point in check.points],
        blank=Form(),
        meter=meter,
        names=NAMES,
        stands=any(check in it.failed for it in found.values()),
        since=since,
        doubts=doubts,
        form=form,
        act=act_name,
        refusals=refusals,
        conflict=conflict,
        offer=_offer(check_id) if act_name == "decide" else None,
        difference_text=difference_text,
    )
