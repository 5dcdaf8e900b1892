"""Give a returned dose another directive: which one, measured again, signed by two."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from radiopharm.core import dispensing_rules as rules
from radiopharm.core.directives import Directive
from radiopharm.core.doses import Dose
from radiopharm.core.instruments import InstrumentKind
from radiopharm.core.refusals import Conflict, Forbidden, Invalid, NotFound, Refused
from radiopharm.core.states import DirectiveState
from radiopharm.schemas.dispensing import (
    Dispensing,
    ReassignReadTwiceSchema,
    ReassignSchema,
    ReassignTextSchema,
)
from radiopharm.services import handing_over, reassigning
from radiopharm.services.accounts import WrongSecret
from radiopharm.store import Connection, directive_lists, directives, doses, instruments
from radiopharm.store.acts import Act
from radiopharm.store.directive_lists import Filters
from radiopharm.web import access, drafts, forms, handed_over
from radiopharm.web.dispensing_page import is_read_twice, offers_of
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("reassigning", __name__)
MOST = 200
WRONG = "Name and password or PIN do not belong together."


@bp.get("/doses/<int:dose_id>/reassignment")
def show(dose_id: int) -> str:
    """The form, with the directives that this dose could be for."""
    now = g.now.astimezone(site_zone())
    typed = {
        "measured_at_date": f"{now:%Y-%m-%d}",
        "measured_at_time": f"{now:%H:%M}",
        "measured_at_zone": site_zone().key,
        "signature.username": access.actor().username,
    }
    return _page(dose_id, Form({**typed, **drafts.kept("reassigning.show", dose_id)}))


@bp.post("/doses/<int:dose_id>/reassignment/statement")
def statement(dose_id: int) -> str:
    """What would be signed of what is typed so far, or what stands in the way of it."""
    said = _statement(dose_id, request.form.to_dict())
    return render_template("reassigning/statement.html", **said)


@bp.post("/doses/<int:dose_id>/reassignment")
def submit(dose_id: int) -> Any:
    """Write the new dose; whatever stands in the way is said and everything typed comes back."""
    typed = request.form.to_dict()
    return _signed(dose_id, typed, lambda: _reassign(dose_id, forms.load(ReassignSchema(), typed)))


@bp.post("/doses/<int:dose_id>/reassignment/hand-over")
def hand_over(dose_id: int) -> Any:
    """Sign, and let a colleague read the dose on a page that does not show what is typed here."""
    own = {n: text for n, text in request.form.items() if not n.startswith("second.")}
    typed = {**own, "hands_over": "yes"}
    return _signed(dose_id, typed, lambda: _hand_over(dose_id, typed))


def _signed(dose_id: int, typed: dict[str, str], done: Callable[[], str]) -> Any:
    try:
        return redirect(done(), 303)
    except (Unreadable, Invalid) as why:
        return _page(dose_id, forms.refused(typed, why)), 422
    except Refused as refused:
        return _page(dose_id, forms.again(typed, refused.refusals)), 409
    except Conflict as conflict:
        return _page(dose_id, Form(typed), conflict), 409
    except (WrongSecret, Forbidden):
        return _page(dose_id, Form(typed, {"signature.secret": [WRONG]})), 403


def _reassign(dose_id: int, asked: Dispensing) -> str:
    signing = access.proved(asked.signing)
    second = access.proved_second(asked.second) if asked.second else None

    def work(act: Act) -> dict[str, Any]:
        return {"id": reassigning.reassign(act, dose_id, asked.command, signing, second)}

    made = access.act(work).answer["id"]
    flash("A new dose for the other directive. Print its label and remove the old one.", "ok")
    return url_for("doses.show", dose_id=made)


def _hand_over(dose_id: int, typed: dict[str, str]) -> str:
    asked = forms.load(ReassignReadTwiceSchema(), typed)
    command, signing = asked.command, access.proved(asked.signing)

    def work(act: Act) -> dict[str, Any]:
        found = reassigning.consider(
            act.db, act.reference, act.actor, dose_id, command, act.now, has_second=True
        )
        handing_over.hand_over(act, found, signing)
        return {}

    access.act(work)
    kept = {**typed, handed_over.RETURNED: str(dose_id)}
    handed_over.keep(command.directive_id, kept, signing)
    return url_for("second_reading.show", directive_id=command.directive_id)


def _statement(dose_id: int, typed: dict[str, str]) -> dict[str, Any]:
    runtime = access.runtime()
    try:
        command = forms.load(ReassignTextSchema(), typed)
        with runtime.reading() as db:
            found = reassigning.consider(
                db, runtime.reference, access.actor(), dose_id, command, g.now, has_second=True
            )
    except (Unreadable, Invalid, NotFound):
        return {"offers": {}, "refusals": ()}
    reads_twice = bool(typed.get("hands_over")) or is_read_twice(found.product)
    situation = replace(found, has_second_reading=reads_twice)
    refusals = rules.refusals(situation)
    return {"offers": {} if refusals else offers_of(situation), "refusals": refusals}


def _page(dose_id: int, form: Form, conflict: Conflict | None = None) -> str:
    runtime, site = access.runtime(), access.actor().site
    with runtime.reading() as db:
        dose = doses.get(db, site.id, dose_id)
        meters = instruments.of_site(db, site.id, InstrumentKind.ACTIVITY_METER)
        others = _possible(db, dose)
    product = runtime.reference.products[dose.product]
    return render_template(
        "reassigning/page.html",
        form=form,
        conflict=conflict,
        dose=dose,
        others=others,
        product=product,
        read_twice=is_read_twice(product),
        **_statement(dose_id, {name: form.value(name) for name in form.names}),
        meters=[(str(meter.id), meter.name) for meter in meters if meter.retired_at is None],
    )


def _possible(db: Connection, dose: Dose) -> list[Directive]:
    """The signed directives of the dose's product that have no dose yet."""
    signed = Filters(state=DirectiveState.SIGNED)
    ids, _following = directive_lists.page(db, dose.site_id, signed, None, MOST)
    found = directives.by_ids(db, dose.site_id, ids)
    return [each for each in found if each.newest.product == dose.product]
