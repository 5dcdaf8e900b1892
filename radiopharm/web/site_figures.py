"""The figures a site looked up itself: what is entered, and a form for the next."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from radiopharm.core.refusals import Conflict
from radiopharm.schemas.site_figures import SiteFigureSchema, SiteFigureTicketSchema
from radiopharm.services import site_figures as service
from radiopharm.store import signatures, site_figures
from radiopharm.store.acts import Act
from radiopharm.web import access, forms, submitting
from radiopharm.web.forms import Form, Unreadable
from radiopharm.web.offers import Offer, offer

bp = Blueprint("site_figures", __name__)


@bp.get("/site-figures")
def show() -> str:
    """Every entry with its source and signature."""
    return _page(Form(request.args))


@bp.post("/site-figures")
def enter() -> Any:
    """Enter and sign a figure."""
    typed = request.form.to_dict()

    def work(act: Act) -> dict[str, Any]:
        return {"id": service.enter(act, command)}

    try:
        command = access.with_proof(forms.load(SiteFigureSchema(), typed))
        access.act(work)
    except submitting.NOT_ENTERED as why:
        return submitting.answer(_page, typed, why)
    flash("The figure is entered.", "ok")
    return redirect(url_for("site_figures.show"), 303)


@bp.post("/site-figures/statement")
def statement() -> str:
    """What would be signed now of the figure as typed, with a new ticket."""
    return render_template("waste/statement.html", offer=_offer())


def _offer() -> Offer | None:
    try:
        command, _meaning = forms.load(SiteFigureTicketSchema(), request.form)
    except Unreadable:
        return None
    if service.faults(access.runtime().reference, command, g.now):
        return None
    return offer(service.statement(command, access.actor()))


def _page(form: Form, conflict: Conflict | None = None) -> str:
    runtime, site_id = access.runtime(), access.actor().site.id
    with runtime.reading() as db:
        entries = site_figures.recorded(db, site_id)
        signed = signatures.by_ids(db, [entry.signature_id for entry in entries])
    tables = service.tables(runtime.reference, g.now)
    return render_template(
        "rules/site_figures.html",
        form=form,
        offer=_offer(),
        conflict=conflict,
        entries=entries,
        signed=signed,
        tables=[
            (f"{pack}/{name}", f"{pack}: {table.clause}, {table.unit}")
            for (pack, name), table in tables.items()
        ],
        units=sorted({table.unit for table in tables.values()}),
    )
