"""Directives: the list by state, and a directive's own page with its signatures and versions."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from radiopharm.core import directive_acts
from radiopharm.core import prescribing as rules
from radiopharm.core.directives import Directive
from radiopharm.core.refusals import Conflict, Forbidden, Invalid, Refused
from radiopharm.core.states import DirectiveState, version_state
from radiopharm.schemas import page_keys
from radiopharm.schemas.directives import (
    CancelDirectiveSchema,
    SignDirectiveSchema,
    VerifyDirectiveSchema,
)
from radiopharm.schemas.happenings import AllocateSchema
from radiopharm.schemas.instants import instant_out
from radiopharm.services import directives, happenings, intervals, keeping, recalls, verifying
from radiopharm.services.accounts import WrongSecret
from radiopharm.store import directives as stored
from radiopharm.store import patients
from radiopharm.store.acts import Act, Answer
from radiopharm.store.directive_lists import Filters
from radiopharm.web import access, forms
from radiopharm.web.asked import asked_key, next_url
from radiopharm.web.days import bounds, day_of
from radiopharm.web.forms import Form, Unreadable
from radiopharm.web.offers import Offer, offer
from radiopharm.web.version_words import differences

bp = Blueprint("directives", __name__)
PAGE = 50
TABS = {
    "today": "Today",
    "draft": "Unsigned",
    "oral": "Oral",
    "signed": "Signed",
    "dispensed": "Dispensed",
    "cancelled": "Cancelled",
    "all": "All",
}
WRONG = "User name and secret do not belong together, or too many wrong tries."


@bp.get("/directives")
def index() -> str:
    """A page of directives by planned time, under one tab."""
    tab = request.args.get("tab", "today")
    tab = tab if tab in TABS else "all"
    following_key = asked_key(request.args, page_keys.instant, page_keys.number)
    runtime, actor = access.runtime(), access.actor()
    with runtime.reading() as db:
        listed = directives.listed(
            db,
            actor.site.id,
            _filters(tab),
            following_key,
            PAGE,
            with_identity=access.may("patients.show"),
        )
    access.note_seen(listed.people)
    key = listed.following
    return render_template(
        "directives/list.html",
        tab=tab,
        tabs=TABS,
        listed=listed,
        products=runtime.reference.products,
        next_url=next_url("directives.index", (instant_out(key[0]), key[1]) if key else None),
    )


@bp.get("/directives/<int:directive_id>")
def show(directive_id: int) -> str:
    """One directive: what it says now, who signed it, and every earlier version."""
    return page(directive_id, Form())


@bp.post("/directives/<int:directive_id>/sign")
def sign(directive_id: int) -> Any:
    """A physician's signature under the version that the page showed."""
    typed = request.form.to_dict()

    def work(act: Act) -> Answer:
        directives.sign(act, directive_id, command["after_version"], signing)
        return {}

    try:
        command = forms.load(SignDirectiveSchema(), typed)
        signing = access.proved(command["signature"])
    except Unreadable as unreadable:
        return page(directive_id, unreadable.form), 422
    except Conflict as conflict:
        return page(directive_id, Form(typed), conflict), 409
    said = "Signed. It may now be dispensed against."
    return _done(directive_id, work, typed, said, secret="signature.secret")


@bp.post("/directives/<int:directive_id>/statement")
def statement(directive_id: int) -> str:
    """What would be signed now, with a new ticket."""
    runtime, actor = access.runtime(), access.actor()
    with runtime.reading() as db:
        directive = stored.get(db, actor.site.id, directive_id)
    return render_template("directives/statement.html", offer=_offer(directive))


@bp.post("/directives/<int:directive_id>/verify")
def verify(directive_id: int) -> Any:
    """A pharmacist's signature under the signed version that the page showed."""
    typed = request.form.to_dict()

    def work(act: Act) -> Answer:
        verifying.verify(act, directive_id, command["after_version"], signing)
        return {}

    try:
        command = forms.load(VerifyDirectiveSchema(), typed)
        signing = access.proved(command["signature"])
    except Unreadable as unreadable:
        return page(directive_id, unreadable.form), 422
    except Conflict as conflict:
        return page(directive_id, Form(typed), conflict), 409
    return _done(directive_id, work, typed, "Verified.", secret="signature.secret")


@bp.post("/directives/<int:directive_id>/cancel")
def cancel(directive_id: int) -> Any:
    """Cancel for good, with the reason."""
    typed = request.form.to_dict()

    def work(act: Act) -> Answer:
        directives.cancel(act, directive_id, forms.load(CancelDirectiveSchema(), typed)["reason"])
        return {}

    return _done(directive_id, work, typed, "Cancelled. Nothing can be dispensed against it.")


@bp.post("/directives/<int:directive_id>/vials/<int:vial_id>")
def keep(directive_id: int, vial_id: int) -> Any:
    """Keep a vial for the directive, or, without its number in the form, for nobody any longer."""
    typed = request.form.to_dict()

    def work(act: Act) -> Answer:
        happenings.happen(act, vial_id, forms.load(AllocateSchema(), typed))
        return {}

    said = "Kept." if typed.get("directive_id") else "Kept no longer."
    return _done(directive_id, work, typed, said)


def page(directive_id: int, form: Form, conflict: Conflict | None = None) -> str:
    """The directive's page, with *form* as far as an act on it was typed and refused."""
    runtime, actor = access.runtime(), access.actor()
    with runtime.reading() as db:
        directive = stored.get(db, actor.site.id, directive_id)
        names = directives.names(db, directive)
        patient = None
        if access.may("patients.show"):
            patient = patients.get(db, actor.site.id, directive.patient)
        vials = keeping.vials(db, runtime.reference, directive, g.now)
        course = intervals.of_directive(db, runtime.reference, directive, g.now)
        recall = recalls.of_directive(db, runtime.reference, directive)
    access.note_seen([patient.reference] if patient else [])
    prescription = directives.considered(runtime.reference, rules.text_of(directive.newest), g.now)
    return render_template(
        "directives/page.html",
        form=form,
        offer=_offer(directive),
        conflict=conflict,
        signer=_signer(form, directives.SIGNERS),
        verifier=_signer(form, verifying.VERIFIERS),
        course=course,
        recall=recall,
        differences=differences(directive, runtime.reference.products, names),
        directive=directive,
        versions=[(each, version_state(directive, each)) for each in reversed(directive.versions)],
        patient=patient,
        names=names,
        products=runtime.reference.products,
        product=prescription.product,
        vials=vials,
        warnings=rules.warnings(prescription),
    )


def _offer(directive: Directive) -> Offer | None:
    """What may be signed of it now: the prescription, else its verification."""
    reference, actor = access.runtime().reference, access.actor()
    if not directive_acts.sign_refusals(directive):
        return offer(directives.statement(directive, reference, actor))
    if not directive_acts.verify_refusals(directive):
        return offer(verifying.statement(directive, reference, actor))
    return None


def _signer(form: Form, roles: tuple[str, ...]) -> Form:
    """The signature's boxes: as typed, or with one's own name when one may sign."""
    if form.names or not access.actor().has(*roles):
        return form
    return Form({"signature.username": access.actor().username})


def _done(directive_id: int, work: Any, typed: dict[str, str], said: str, secret: str = "") -> Any:
    """Do an act of the page; what is refused is said on the page, beside what stands now."""
    try:
        access.act(work)
    except Unreadable as unreadable:
        return page(directive_id, unreadable.form), 422
    except WrongSecret:
        return page(directive_id, Form(typed, {secret: [WRONG]})), 403
    except Forbidden as forbidden:
        return page(directive_id, Form(typed, {secret: [str(forbidden)]})), 403
    except Conflict as conflict:
        return page(directive_id, Form(typed), conflict), 409
    except Invalid as invalid:
        return page(directive_id, forms.refused(typed, invalid)), 422
    except Refused as refused:
        return page(directive_id, forms.refused(typed, refused)), 409
    flash(said, "ok")
    return redirect(url_for("directives.show", directive_id=directive_id), 303)


def _filters(tab: str) -> Filters:
    if tab == "today":
        start, end = bounds(day_of(g.now))
        return Filters(start=start, end=end)
    return Filters(state=None if tab == "all" else DirectiveState(tab))
