"""Administer and reconcile: start, end, what was left where, and what the patient received."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from radiopharm.core import administering_rules as rules
from radiopharm.core.administering import Administration
from radiopharm.core.decay import OutOfRange, UndefinedBefore
from radiopharm.core.instruments import InstrumentKind
from radiopharm.core.reconciling import ITEMS
from radiopharm.core.refusals import Invalid, NotFound, Refusal, Refused
from radiopharm.services import administering, medical_events, residues
from radiopharm.store import accounts, administrations, directives, doses, instruments, waste_lists
from radiopharm.store.acts import Act
from radiopharm.web import access, administering_form, drafts, forms
from radiopharm.web.administering_form import INTERRUPTIONS
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("administering", __name__)
Typed = dict[str, str]


@bp.get("/doses/<int:dose_id>/administration")
def show(dose_id: int) -> str:
    """The form of a dose that has not been given, the reconciliation of one that has."""
    return _page(dose_id, kept=drafts.kept("administering.show", dose_id))


@bp.post("/doses/<int:dose_id>/administration")
def submit(dose_id: int) -> Any:
    """Record that the dose was given."""

    def do(act: Act, typed: Typed) -> None:
        administering.administer(act, administering_form.administer(typed, dose_id))

    return _do(dose_id, do, "Recorded. Put each residue into a waste container now.")


@bp.post("/doses/<int:dose_id>/residues")
def add_residues(dose_id: int) -> Any:
    """Add residues found after the administration was recorded."""

    def do(act: Act, typed: Typed) -> None:
        residues.add(act, administering_form.add_residues(typed, dose_id))

    return _do(dose_id, do, "Added. The balance was made anew.")


@bp.post("/doses/<int:dose_id>/residues/waste")
def put_residues(dose_id: int) -> Any:
    """Put every residue that waits for a place into one container."""

    def do(act: Act, typed: Typed) -> None:
        container_id = typed.get("container_id", "")
        if not container_id.isdecimal() or len(container_id) > 12:
            raise NotFound("container")
        residues.put_all_in(act, dose_id, int(container_id))

    return _do(dose_id, do, "The residues are in the container.")


@bp.get("/doses/<int:dose_id>/administration/figures")
def figures(dose_id: int) -> str:
    """The reconciliation while typing: each residue at the start, the net, what cannot be."""
    administration: Administration | None = None
    refusals: tuple[Refusal, ...] = ()
    runtime = access.runtime()
    try:
        command = administering_form.administer(_without_words(request.args), dose_id)
        with runtime.reading() as db:
            administration = administering.consider(
                db, runtime.reference, access.actor(), command, g.now
            )
        refusals = rules.refusals(administration) + rules.impossibilities(administration)
        balance = administration.balance
    except (Unreadable, UndefinedBefore, OutOfRange):
        balance = None
    return render_template(
        "administering/figures.html",
        administration=administration,
        balance=balance,
        mismatches=[each for each in refusals if each.code in rules.MISMATCHES],
        refusals=[each for each in refusals if each.code not in rules.MISMATCHES],
    )


def _without_words(typed: Mapping[str, str]) -> Typed:
    """Without checklist and interruptions: their words stay out of addresses, and the balance
    needs neither."""
    lists = ("checklist.", "interruptions.")
    return {name: text for name, text in typed.items() if not name.startswith(lists)}


def _do(dose_id: int, do: Callable[[Act, Typed], None], done: str) -> Any:
    """Do one act of the page, or show the page again with what was typed and why not."""
    typed = request.form.to_dict()

    def work(act: Act) -> dict[str, Any]:
        do(act, typed)
        return {}

    def again(form: Form) -> Form:
        return administering_form.said(typed, form)

    try:
        access.act(work)
    except Unreadable as unreadable:
        return _page(dose_id, unreadable.form), 422
    except Invalid as invalid:
        return _page(dose_id, again(forms.refused(typed, invalid))), 422
    except Refused as refused:
        loud = [each.message for each in refused.refusals if each.code in rules.MISMATCHES]
        return _page(dose_id, again(forms.again(typed, refused.refusals)), loud), 409
    flash(done, "ok")
    return redirect(url_for("administering.show", dose_id=dose_id), 303)


def _page(
    dose_id: int,
    form: Form | None = None,
    loud: list[str] | None = None,
    kept: Mapping[str, str] | None = None,
) -> str:
    runtime, site = access.runtime(), access.actor().site
    with runtime.reading() as db:
        dose = doses.get(db, site.id, dose_id)
        given = administrations.of_dose(db, dose_id)
        balances = given["balances"] if given else []
        shown = {
            "dose": dose,
            "given": given,
            "event": medical_events.of_dose(db, dose, given, site.zone),
            "people": accounts.names(db, [each["actor_id"] for each in balances]),
            "directive": directives.get(db, site.id, dose.directive_id),
            "bags": waste_lists.open_for(db, site.id, dose.nuclide, g.now),
        }
        devices = instruments.of_site(db, site.id, InstrumentKind.ACTIVITY_METER)
    product = runtime.reference.products[dose.product]
    today = f"{g.now.astimezone(site_zone()):%Y-%m-%d}"
    blank = administering_form.blank(
        today, product.checklist, performed_by=access.actor().display_name
    )
    return render_template(
        "administering/page.html",
        form=form or Form({**blank, **(kept or {})}, focus="patient"),
        loud=loud or [],
        product=product,
        items=ITEMS,
        interruptions=INTERRUPTIONS,
        devices=[(str(device.id), device.name) for device in devices],
        **shown,
    )
