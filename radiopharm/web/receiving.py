"""Receive a vial: the form, its live figures, and the act."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from radiopharm.core import receiving as rules
from radiopharm.core.receiving import ReceiveVial
from radiopharm.core.refusals import Invalid
from radiopharm.schemas.receiving import ReceiveVialSchema
from radiopharm.services import receiving
from radiopharm.store.acts import Act
from radiopharm.web import access, forms
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("receiving", __name__)


@bp.get("/receive")
def show() -> str:
    """An empty form; arrival is now, product and place as chosen before, never activity or lot."""
    local = g.now.astimezone(site_zone())
    values = {
        "received_at_date": f"{local:%Y-%m-%d}",
        "received_at_time": f"{local:%H:%M}",
        "product": request.args.get("product", ""),
    }
    return _page(Form(values))


@bp.post("/receive")
def submit() -> Any:
    """Write the vial; what cannot be is said under the box it stands in."""
    typed = request.form.to_dict()
    try:
        command = _command(typed)

        def work(act: Act) -> dict[str, Any]:
            return {"id": receiving.receive(act, command)}

        vial_id = access.act(work).answer["id"]
    except Unreadable as unreadable:
        return _page(unreadable.form), 422
    except Invalid as invalid:
        return _page(forms.refused(typed, invalid)), 422
    flash("Received. It may be drawn from once it is accepted.", "ok")
    return redirect(url_for("vials.show", vial_id=vial_id), 303)


@bp.get("/receive/figures")
def figures() -> str:
    """What the typed label means: activity now, at first use and at expiry, and what looks odd."""
    try:
        command = _command(request.args.to_dict())
        outlook = rules.outlook(receiving.describe(access.runtime().reference, command, g.now))
    except (Unreadable, Invalid):
        outlook = None
    return render_template("receiving/figures.html", outlook=outlook)


def _command(typed: dict[str, str]) -> ReceiveVial:
    zone = typed.get("reference_at_zone", "")
    command: ReceiveVial = forms.load(ReceiveVialSchema(), {**typed, "reference_zone": zone})
    return command


def _page(form: Form) -> str:
    products = [(p.code, p.name) for p in access.runtime().reference.products.values()]
    zones = list(dict.fromkeys([site_zone().key, "UTC", "Europe/Paris", "Europe/Berlin"]))
    return render_template("receiving/form.html", form=form, products=products, zones=zones)
