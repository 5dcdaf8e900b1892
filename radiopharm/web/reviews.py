"""The periodic review of the audit: what each view held in a period, findings, and a signature."""

import json
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from radiopharm.core.audit_views import VIEWS
from radiopharm.core.refusals import Conflict, Invalid
from radiopharm.schemas.reviews import ReviewSchema, ReviewTicketSchema
from radiopharm.services import reviews as service
from radiopharm.store import reviews, signatures
from radiopharm.store.acts import Act
from radiopharm.web import access, forms, submitting
from radiopharm.web.forms import Form, Unreadable
from radiopharm.web.offers import Offer, offer

bp = Blueprint("reviews", __name__)


@bp.get("/audit/reviews")
def index() -> str:
    """The reviews so far, and the form for the next one."""
    return _page(Form())


@bp.post("/audit/reviews/statement")
def statement() -> str:
    """What would be signed now of the review as typed, counted, with a new ticket."""
    return render_template("waste/statement.html", offer=_offer())


@bp.post("/audit/reviews")
def sign() -> Any:
    """Sign a review."""
    typed = request.form.to_dict()

    def work(act: Act) -> dict[str, Any]:
        return {"id": service.sign(act, review, signing, access.runtime().working_hours)}

    try:
        review, unproved = forms.load(ReviewSchema(), typed)
        signing = access.proved(unproved)
        access.act(work)
    except submitting.NOT_ENTERED as why:
        return submitting.answer(_page, typed, why)
    flash("The review is signed.", "ok")
    return redirect(url_for("reviews.index"), 303)


def _offer() -> Offer | None:
    runtime, site = access.runtime(), access.actor().site
    try:
        review = forms.load(ReviewTicketSchema(), request.form)
        with runtime.reading() as db:
            return offer(service.statement(db, review, site, runtime.working_hours, g.now))
    except (Unreadable, Invalid):
        return None


def _page(form: Form, conflict: Conflict | None = None) -> str:
    with access.runtime().reading() as db:
        found = reviews.newest(db, access.actor().site.id)
        signed = signatures.by_ids(db, [row.signature_id for row in found])
    listed = [(row, json.loads(row.counts)) for row in found]
    return render_template(
        "audit/reviews.html",
        form=form,
        offer=_offer(),
        conflict=conflict,
        reviews=listed,
        signed=signed,
        views=VIEWS,
        is_overdue=bool(found) and found[0].next_due_at <= g.now,
    )
