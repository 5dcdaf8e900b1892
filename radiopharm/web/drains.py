"""The drain: its month, what may be poured into it, and the figures the site enters."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from radiopharm.core.discharge_figures import FigureKind
from radiopharm.core.discharging import is_about_water
from radiopharm.core.drain_accounts import month_asked
from radiopharm.core.refusals import Conflict, Invalid, NotFound, Refusal
from radiopharm.core.rule_packs import editions_at
from radiopharm.schemas.discharging import CheckPourSchema, EnterFigureSchema, PourSchema
from radiopharm.services import discharge_figures, drains, pouring
from radiopharm.services.drains import Judged
from radiopharm.store import discharges
from radiopharm.store.acts import Act
from radiopharm.web import access, forms, submitting
from radiopharm.web.forms import Form, Unreadable
from radiopharm.web.offers import Offer, offer

bp = Blueprint("drains", __name__)
LINES = range(2)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterOffer:
    """A discharge as typed: every leg and refusal; what is signed, where nothing refuses it."""

    judged: Judged
    signed: Offer | None


def offered(judge: Callable[[], Judged]) -> WaterOffer | None:
    """What is put before the signer; None where what was typed names nothing that is there."""
    try:
        judged = judge()
    except (Invalid, NotFound, Conflict):
        return None
    return WaterOffer(judged=judged, signed=None if judged.refusals else offer(judged.statement()))


def water_packs() -> list[tuple[str, str]]:
    """The packs in force that say something about water."""
    packs = editions_at(access.runtime().reference.rule_packs, g.now)
    return [(pack.code, pack.name) for pack in packs if is_about_water(pack)]


@bp.get("/drain")
def show() -> str:
    """The account of a month: by nuclide, discharge by discharge, and against the rules."""
    return _page(Form())


@bp.post("/drain")
def pour() -> Any:
    """Pour something away with a safety officer's signature."""
    typed = request.form.to_dict()
    try:
        command = access.with_proof(forms.load(PourSchema(), typed))
        access.act(lambda act: _poured(act, command))
    except submitting.NOT_DONE as why:
        return submitting.answer(_page, typed, why)
    flash("Poured, and in the drain's account.", "ok")
    return redirect(url_for("drains.show"), 303)


@bp.post("/drain/statement")
def statement() -> str:
    """What would be signed now of pouring as typed, with a new ticket."""
    return render_template("drains/statement.html", offer=_offer())


@bp.post("/drain/figures")
def enter_figure() -> Any:
    """Enter the sewage of a month, or the excretion of a product."""
    typed = request.form.to_dict()
    try:
        command = forms.load(EnterFigureSchema(), typed)
        access.act(lambda act: {"id": discharge_figures.enter(act, command)})
    except (Unreadable, Invalid) as why:
        return _page(forms.refused(typed, why)), 422
    flash("The figure is entered.", "ok")
    return redirect(url_for("drains.show"), 303)


def _poured(act: Act, command: Any) -> dict[str, Any]:
    return {"id": pouring.pour(act, command)}


def _page(form: Form, refusals: tuple[Refusal, ...] = (), conflict: Conflict | None = None) -> str:
    runtime, site = access.runtime(), access.actor().site
    month = month_asked(request.args.get("month", ""), g.now, site.zone)
    with runtime.reading() as db:
        known = drains.month_account(db, site.id, month)
        listed = drains.rows(db, site.id, month.begins_at, month.ends_at)
        used = drains.standing(db, runtime.reference, site.id, known, g.now)
        figures = discharges.every_figure(db, site.id)
    return render_template(
        "drains/page.html",
        form=form,
        asked=Form({"month": month.name}),
        account=known,
        listed=listed,
        used=used,
        figures=figures,
        kinds=[(str(kind), words) for kind, words in KINDS.items()],
        products=[(code, it.name) for code, it in runtime.reference.products.items()],
        packs=water_packs(),
        lines=LINES,
        refusals=refusals,
        conflict=conflict,
        offer=_offer(),
    )


KINDS = {
    FigureKind.SEWAGE: "Sewage of the site, m³ a month",
    FigureKind.EXCRETION: "Excretion of a product",
}


def _offer() -> WaterOffer | None:
    runtime, actor = access.runtime(), access.actor()
    try:
        asked = forms.load(CheckPourSchema(), request.form.to_dict())
    except Unreadable:
        return None
    with runtime.reading() as db:
        what = (asked["liquid"], asked["drain"], g.now)
        return offered(lambda: pouring.consider(db, runtime.reference, actor, *what))
