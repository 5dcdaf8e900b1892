"""Pour a vial away: the check of the drain as it is typed, the signature, and the act."""

from functools import partial
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from radiopharm.core import formatting as fmt
from radiopharm.core.refusals import Conflict, Refusal
from radiopharm.core.stock import VialAt
from radiopharm.schemas.discharging import CheckPourSchema, PourSchema
from radiopharm.services import pouring, stock
from radiopharm.web import access, forms, submitting
from radiopharm.web.drains import WaterOffer, offered, water_packs
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("pouring", __name__)


@bp.get("/vials/<int:vial_id>/pour")
def show(vial_id: int) -> str:
    """What would be poured, all of it unless less is typed; the drain and its permit are empty."""
    seen = _seen(vial_id)
    held_ml = fmt.ml(seen.vial.ledger.balance.volume_ul).removesuffix(" mL")
    what = f"{seen.product.name}, lot {seen.vial.lot}"
    return _page(vial_id, Form({"description": what, "volume": held_ml}))


@bp.post("/vials/<int:vial_id>/pour/statement")
def statement(vial_id: int) -> str:
    """Every condition of the drain as typed, and what would be signed, with a new ticket."""
    return render_template("drains/statement.html", offer=_offer(vial_id))


@bp.post("/vials/<int:vial_id>/pour")
def pour(vial_id: int) -> Any:
    """Pour it away with a safety officer's signature; the vial's book follows."""
    typed = _typed(vial_id)
    try:
        command = access.with_proof(forms.load(PourSchema(), typed))
        access.act(lambda act: {"id": pouring.pour(act, command)})
    except submitting.NOT_DONE as why:
        return submitting.answer(partial(_page, vial_id), typed, why)
    flash("Poured: out of the vial's book, and in the drain's account.", "ok")
    return redirect(url_for("vials.show", vial_id=vial_id), 303)


def _typed(vial_id: int) -> dict[str, str]:
    return {**request.form.to_dict(), "vial_id": str(vial_id)}


def _page(
    vial_id: int,
    form: Form,
    refusals: tuple[Refusal, ...] = (),
    conflict: Conflict | None = None,
) -> str:
    return render_template(
        "vials/pour.html",
        form=form,
        seen=_seen(vial_id),
        packs=water_packs(),
        offer=_offer(vial_id),
        refusals=refusals,
        conflict=conflict,
    )


def _seen(vial_id: int) -> VialAt:
    runtime, site = access.runtime(), access.actor().site
    with runtime.reading() as db:
        return stock.look(db, runtime.reference, site.id, vial_id, g.now, g.now)


def _offer(vial_id: int) -> WaterOffer | None:
    runtime, actor = access.runtime(), access.actor()
    try:
        asked = forms.load(CheckPourSchema(), _typed(vial_id))
    except Unreadable:
        return None
    with runtime.reading() as db:
        what = (asked["liquid"], asked["drain"], g.now)
        return offered(lambda: pouring.consider(db, runtime.reference, actor, *what))
