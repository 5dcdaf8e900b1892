"""Record that a physician gave a directive by word of mouth: the page and its form."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from radiopharm.core import directive_acts as rules
from radiopharm.core.directives import Directive
from radiopharm.core.refusals import Conflict, Forbidden, Invalid, Refused
from radiopharm.schemas.directives import OralDirectiveSchema
from radiopharm.services import oral_directives as service
from radiopharm.services.accounts import WrongSecret
from radiopharm.store import Connection, accounts, directives
from radiopharm.store.acts import Act, Answer
from radiopharm.web import access, forms
from radiopharm.web.directives import WRONG
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form, Unreadable
from radiopharm.web.offers import Offer, offer

bp = Blueprint("oral_directives", __name__)


@bp.get("/directives/<int:directive_id>/oral")
def show(directive_id: int) -> str:
    """Who gave it, when, and why it cannot wait; signed by who heard it."""
    local = g.now.astimezone(site_zone())
    usual = {
        "given_at_date": f"{local:%Y-%m-%d}",
        "given_at_time": f"{local:%H:%M}",
        "signature.username": access.actor().username,
    }
    return _page(directive_id, Form(usual))


@bp.post("/directives/<int:directive_id>/oral")
def submit(directive_id: int) -> Any:
    """Write it down."""
    typed = request.form.to_dict()

    def work(act: Act) -> Answer:
        service.record(act, directive_id, after, said, signing)
        return {}

    try:
        said = forms.load(OralDirectiveSchema(), typed)
        after, signing = said.pop("after_version"), access.proved(said.pop("signature"))
        access.act(work)
    except (Unreadable, Invalid) as why:
        return _page(directive_id, forms.refused(typed, why)), 422
    except WrongSecret:
        return _page(directive_id, Form(typed, {"signature.secret": [WRONG]})), 403
    except Forbidden as forbidden:
        return _page(directive_id, Form(typed, {"signature.secret": [str(forbidden)]})), 403
    except Conflict as conflict:
        return _page(directive_id, Form(typed), conflict), 409
    except Refused as refused:
        return _page(directive_id, forms.refused(typed, refused)), 409
    flash("Recorded. It may be dispensed by two people; the physician signs within 48 hours.", "ok")
    return redirect(url_for("directives.show", directive_id=directive_id), 303)


@bp.post("/directives/<int:directive_id>/oral/statement")
def statement(directive_id: int) -> str:
    """What would be signed now, with a new ticket."""
    with access.runtime().reading() as db:
        directive = directives.get(db, access.actor().site.id, directive_id)
        shown = _offer(db, directive, request.form.to_dict())
    return render_template("directives/statement.html", offer=shown)


def _offer(db: Connection, directive: Directive, typed: dict[str, str]) -> Offer | None:
    """What is signed, as soon as it is typed."""
    try:
        said = forms.load(OralDirectiveSchema(exclude=("after_version", "signature")), typed)
        order = service.order_of(db, access.actor(), said, g.now)
    except (Unreadable, Invalid):
        return None
    reference = access.runtime().reference
    return offer(service.statement(directive, order, reference, access.actor()))


def _page(directive_id: int, form: Form, conflict: Conflict | None = None) -> str:
    runtime, site = access.runtime(), access.actor().site
    with runtime.reading() as db:
        directive = directives.get(db, site.id, directive_id)
        physicians = accounts.holders(db, site.id, "physician", g.now)
        shown = _offer(db, directive, {name: form.value(name) for name in form.names})
    return render_template(
        "directives/oral.html",
        form=form,
        directive=directive,
        product=runtime.reference.products[directive.newest.product],
        refusals=rules.change_refusals(directive) + rules.sign_refusals(directive),
        physicians=[(row.username, row.display_name) for row in physicians],
        offer=shown,
        conflict=conflict,
    )
