"""Receive a vial: the form, its live figures, and the act."""

import re
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from radiopharm.core import receiving as rules
from radiopharm.core.decay import OutOfRange, UndefinedBefore
from radiopharm.core.outlook import Outlook, outlook
from radiopharm.core.products import Product, Role
from radiopharm.core.receiving import Delivery, ReceiveVial
from radiopharm.core.refusals import Invalid, Refusal
from radiopharm.schemas.receiving import ReceiveVialSchema
from radiopharm.services import receiving
from radiopharm.store.acts import Act
from radiopharm.web import access, drafts, forms
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("receiving", __name__)
IMPURITY_LINES = 2
ZONES = ("UTC", "Europe/Paris", "Europe/Berlin", "Europe/Warsaw", "America/New_York")
DIRECTIVE_CODE = re.compile(r"\s*R-0*(\d{1,12})\s*", re.IGNORECASE)


@bp.get("/receive")
def show() -> str:
    """An empty form; arrival is now, the product as chosen before, never activity or lot."""
    local = g.now.astimezone(site_zone())
    values = {
        "received_at_date": f"{local:%Y-%m-%d}",
        "received_at_time": f"{local:%H:%M}",
        "product": request.args.get("product", ""),
    }
    return _page(Form({**values, **drafts.kept("receiving.show")}))


@bp.post("/receive")
def submit() -> Any:
    """Write the vial; what cannot be is said under the box it stands in."""
    typed = _typed(request.form.to_dict())

    def work(act: Act) -> dict[str, Any]:
        return {"id": receiving.receive(act, _command(typed))}

    try:
        vial_id = access.act(work).answer["id"]
    except (Unreadable, Invalid) as why:
        return _page(forms.refused(typed, why)), 422
    flash("Received. It may be drawn from once it is accepted.", "ok")
    return redirect(url_for("vials.show", vial_id=vial_id), 303)


@bp.get("/receive/figures")
def figures() -> str:
    """What the typed label means: activity now, at first use and at expiry, and what looks odd."""
    typed = _typed(request.args.to_dict())
    shown, refusals = _outlook(typed)
    return render_template(
        "receiving/figures.html",
        product=_product(typed.get("product", "")),
        outlook=shown,
        refusals=refusals,
    )


def _outlook(typed: dict[str, str]) -> tuple[Outlook | None, tuple[Refusal, ...]]:
    """The figures, or why there are none; neither while the form is half typed."""
    try:
        command = _command(typed)
        delivery = _describe(command)
        if broken := rules.refusals(delivery):
            return None, broken
        return outlook(delivery), ()
    except (Unreadable, Invalid):
        return None, ()
    except (UndefinedBefore, OutOfRange) as far:
        return None, (Refusal(code="undefined", message=f"There is no figure for now: {far}."),)


def _describe(command: ReceiveVial) -> Delivery:
    runtime, site = access.runtime(), access.actor().site
    with runtime.reading() as db:
        return receiving.describe(db, site.id, runtime.reference, command, g.now)


def _typed(sent: dict[str, str]) -> dict[str, str]:
    """What was sent, with the impurities closed up and a scanned directive as its number."""
    typed = forms.closed_up(sent, "impurities")
    if match := DIRECTIVE_CODE.fullmatch(typed.get("directive_id", "")):
        typed["directive_id"] = match[1]
    return typed


def _command(typed: dict[str, str]) -> ReceiveVial:
    zone = typed.get("reference_at_zone", "")
    command: ReceiveVial = forms.load(ReceiveVialSchema(), {**typed, "reference_zone": zone})
    return command


def _product(code: str) -> Product | None:
    return access.runtime().reference.products.get(code)


def _page(form: Form) -> str:
    typed = {name: form.value(name) for name in form.names}
    shown, refusals = _outlook(typed)
    return render_template(
        "receiving/form.html",
        form=form,
        product=_product(form.value("product")),
        products=[
            (product.code, product.name, product.display_unit)
            for product in access.runtime().reference.products.values()
            if product.role is not Role.IMAGING
        ],
        zones=list(dict.fromkeys([site_zone().key, *ZONES])),
        lines=IMPURITY_LINES + sum(name.endswith(".nuclide") for name in form.names),
        outlook=shown,
        refusals=refusals,
    )
