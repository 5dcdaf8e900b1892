"""When the licence ends: what was entered, and the form by which the safety officer signs it."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from radiopharm.core.refusals import Conflict, Refusal, Refused
from radiopharm.schemas.licence_ends import EnterLicenceEndSchema, LicenceEndTicketSchema
from radiopharm.services import licence_ends as service
from radiopharm.store import licence_ends as store
from radiopharm.store import signatures
from radiopharm.store.acts import Act
from radiopharm.web import access, forms, submitting
from radiopharm.web.forms import Form, Unreadable
from radiopharm.web.offers import Offer, offer

bp = Blueprint("licence_ends", __name__)


@bp.get("/retention/licence")
def show() -> str:
    """Every entry with its signature, and the form for another."""
    return _page(Form())


@bp.post("/retention/licence/statement")
def statement() -> str:
    """What would be signed now, with a new ticket."""
    return render_template("waste/statement.html", offer=_offer())


@bp.post("/retention/licence")
def enter() -> Any:
    """Enter when the licence ends, signed."""
    typed = request.form.to_dict()

    def work(act: Act) -> dict[str, Any]:
        return {"id": service.enter(act, command)}

    try:
        command = access.with_proof(forms.load(EnterLicenceEndSchema(), typed))
        access.act(work)
    except submitting.NOT_DONE as why:
        return submitting.answer(_page, typed, why)
    flash("Entered. Retention counts from it.", "ok")
    return redirect(url_for("licence_ends.show"), 303)


def _offer() -> Offer | None:
    try:
        entry = forms.load(LicenceEndTicketSchema(), request.form)
        with access.runtime().reading() as db:
            return offer(service.statement(db, access.actor().site, entry))
    except (Unreadable, Refused):
        return None


def _page(form: Form, conflict: Conflict | None = None, refusals: Sequence[Refusal] = ()) -> str:
    with access.runtime().reading() as db:
        entries = store.of_site(db, access.actor().site.id)
        signed = signatures.by_ids(db, [row.signature_id for row in entries])
    return render_template(
        "retention/licence.html",
        form=form,
        offer=_offer(),
        conflict=conflict,
        refusals=refusals,
        entries=entries,
        signed=signed,
    )
