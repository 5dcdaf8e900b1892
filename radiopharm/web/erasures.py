"""Erasing who a patient was: the safety officer sees a reference and its records, never a name."""

from functools import partial
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from radiopharm.core import erasing
from radiopharm.core.refusals import Conflict, Refused
from radiopharm.schemas.erasures import EraseIdentitySchema, EraseTicketSchema
from radiopharm.schemas.patients import is_reference
from radiopharm.services import erasures
from radiopharm.store import erasures as stored
from radiopharm.store.acts import Act
from radiopharm.web import access, forms, submitting
from radiopharm.web.forms import Form, Unreadable
from radiopharm.web.offers import Offer, offer

bp = Blueprint("erasures", __name__)


@bp.get("/erasures")
def index() -> Any:
    """Every erasure, and the box for a reference."""
    asked = request.args.get("reference", "").strip().upper()
    if is_reference(asked):
        return redirect(url_for("erasures.show", reference=asked))
    wrong = {"reference": ["Write a reference such as P-K7M3QX2R."]} if asked else {}
    with access.runtime().reading() as db:
        done = stored.of_site(db, access.actor().site.id)
    return render_template("erasures/list.html", done=done, form=Form(request.args, wrong))


@bp.get("/patients/<reference>/erasure")
def show(reference: str) -> str:
    """What stands in the way of erasing an identity, and the form that does it."""
    return _page(reference, Form())


@bp.post("/patients/<reference>/erasure")
def erase(reference: str) -> Any:
    """Erase the identity, signed."""
    roles = access.runtime().access.routes["erasures.erase"]

    def work(act: Act) -> dict[str, Any]:
        return {"at": str(erasures.erase(act, reference, command, roles).at)}

    typed = request.form.to_dict()
    try:
        command = access.with_proof(forms.load(EraseIdentitySchema(), typed))
        access.act(work)
    except Refused:
        return _page(reference, Form(typed)), 409
    except submitting.NOT_ENTERED as why:
        return submitting.answer(partial(_page, reference), typed, why)
    runtime = access.runtime()
    settings = runtime.settings
    is_kept = erasures.settle(runtime.engine, settings.audit_key, settings.backup_directory)
    flash("The identity is destroyed. The records stay.", "ok")
    if not is_kept:
        flash("The list of the erased could not be kept beside the backups. Back up now.", "warn")
    return redirect(url_for("erasures.show", reference=reference), 303)


@bp.post("/patients/<reference>/erasure/statement")
def statement(reference: str) -> str:
    """What would be signed now, with a new ticket."""
    return render_template("waste/statement.html", offer=_offer(reference, _check(reference)))


def _check(reference: str) -> erasures.Check:
    runtime = access.runtime()
    with runtime.reading() as db:
        return erasures.check(db, runtime.reference, access.actor().site, reference, g.now)


def _offer(reference: str, found: erasures.Check) -> Offer | None:
    try:
        asked = forms.load(EraseTicketSchema(), request.form)
    except Unreadable:
        return None
    return offer(erasing.statement(reference, asked["reason"], len(found.kept)))


def _page(reference: str, form: Form, conflict: Conflict | None = None) -> str:
    found = _check(reference)
    return render_template(
        "erasures/page.html",
        reference=reference,
        found=found,
        form=form,
        offer=_offer(reference, found),
        conflict=conflict,
    )
