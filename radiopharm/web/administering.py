"""Administer and reconcile: start, end, what was left where, and what the patient received."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from radiopharm.core import administering_rules as rules
from radiopharm.core.administering import Administration
from radiopharm.core.decay import OutOfRange, UndefinedBefore
from radiopharm.core.instruments import InstrumentKind
from radiopharm.core.products import Product
from radiopharm.core.reconciling import ITEMS
from radiopharm.core.refusals import Conflict, Forbidden, Invalid, NotFound, Refusal, Refused
from radiopharm.services import administering, given_already, medical_events, recalls, residues
from radiopharm.services.accounts import WrongSecret
from radiopharm.store import (
    Connection,
    accounts,
    administrations,
    directives,
    doses,
    instruments,
    waste_lists,
)
from radiopharm.store.acts import Act
from radiopharm.web import access, administering_form, drafts, forms, readings
from radiopharm.web.administering_form import INTERRUPTIONS
from radiopharm.web.directives import WRONG
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form, Unreadable
from radiopharm.web.offers import Offer, offer

bp = Blueprint("administering", __name__)
Typed = dict[str, str]
Do = Callable[[Act], Any]


@bp.get("/doses/<int:dose_id>/administration")
def show(dose_id: int) -> str:
    """The form of a dose that has not been given, the reconciliation of one that has."""
    return _page(dose_id, kept=drafts.kept("administering.show", dose_id))


@bp.post("/doses/<int:dose_id>/administration")
def submit(dose_id: int) -> Any:
    """Record that the dose was given."""

    def read(typed: Typed) -> Do:
        command, second = administering_form.administer(typed, dose_id)
        proved = access.proved(second) if second else None
        return lambda act: administering.administer(act, command, proved)

    return _do(dose_id, read, "Recorded. Put each residue into a waste container now.")


@bp.post("/doses/<int:dose_id>/residues")
def add_residues(dose_id: int) -> Any:
    """Add residues found after the administration was recorded."""

    def read(typed: Typed) -> Do:
        command = administering_form.add_residues(typed, dose_id)
        return lambda act: residues.add(act, command)

    return _do(dose_id, read, "Added. The balance was made anew.")


@bp.post("/doses/<int:dose_id>/residues/reading")
def read_meter(dose_id: int) -> Any:
    """Read the chosen meter for one residue, or `forget` what it said; the page comes back so."""
    typed = request.form.to_dict()
    if number := typed.pop("forget", ""):
        typed.pop(f"residues.{number}.reading_id", None)
        return _page(dose_id, Form(typed))
    line = f"residues.{typed.pop('read', '')}."
    try:
        reading_id = readings.take_with(typed.get(f"{line}instrument_id", ""))
    except Conflict as conflict:
        return _page(dose_id, Form(typed, {f"{line}activity": [conflict.message]})), 409
    kept = {name: text for name, text in typed.items() if not _is_typed_of(name, line)}
    return _page(dose_id, Form({**kept, f"{line}reading_id": str(reading_id)}))


def _is_typed_of(name: str, line: str) -> bool:
    return name.startswith(line) and name != f"{line}item"


@bp.post("/doses/<int:dose_id>/residues/waste")
def put_residues(dose_id: int) -> Any:
    """Put every residue that waits for a place into one container."""

    def read(typed: Typed) -> Do:
        container_id = typed.get("container_id", "")
        if not container_id.isdecimal() or len(container_id) > 12:
            raise NotFound("container")
        return lambda act: residues.put_all_in(act, dose_id, int(container_id))

    return _do(dose_id, read, "The residues are in the container.")


@bp.route("/doses/<int:dose_id>/administration/figures", methods=["GET", "POST"])
def figures(dose_id: int) -> str:
    """The reconciliation while typing: each residue at the start, the net, what cannot be."""
    administration: Administration | None = None
    refusals: tuple[Refusal, ...] = ()
    try:
        with access.runtime().reading() as db:
            administration = _considered(db, dose_id, request.values)
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
        offer=_offer(administration) if administration and not refusals else None,
    )


def _considered(db: Connection, dose_id: int, typed: Mapping[str, str]) -> Administration:
    """What is typed so far; reads no secret, only whether a second person is named."""
    command, _ = administering_form.administer(_without_words(typed), dose_id)
    reference, has_second = access.runtime().reference, bool(typed.get("second.username"))
    return administering.consider(db, reference, access.actor(), command, g.now, has_second)


def _offer(administration: Administration) -> Offer | None:
    """What the second person signs of a dose given already."""
    if not administration.command.already_given:
        return None
    shown = administering.as_shown(administration)
    return offer(given_already.statement(administration, shown, access.actor()))


def _offered(db: Connection, dose_id: int, form: Form) -> Offer | None:
    """The same for a form that comes back."""
    try:
        typed = {name: form.value(name) for name in form.names}
        administration = _considered(db, dose_id, typed)
        return None if rules.refusals(administration) else _offer(administration)
    except (Unreadable, UndefinedBefore, OutOfRange):
        return None


def _without_words(typed: Mapping[str, str]) -> Typed:
    """Without checklist and interruptions: their words stay out of addresses, and the balance
    needs neither; nor the second person, who signs it."""
    lists = ("checklist.", "interruptions.", "second.")
    return {name: text for name, text in typed.items() if not name.startswith(lists)}


def _do(dose_id: int, read: Callable[[Typed], Do], done: str) -> Any:
    """Do one act of the page, or show the page again with what was typed and why not."""
    typed = request.form.to_dict()

    def again(form: Form) -> Form:
        return administering_form.said(typed, form)

    try:
        do = read(typed)
        access.act(lambda act: {"done": bool(do(act))})
    except Unreadable as unreadable:
        return _page(dose_id, unreadable.form), 422
    except Invalid as invalid:
        return _page(dose_id, again(forms.refused(typed, invalid))), 422
    except Refused as refused:
        loud = [each.message for each in refused.refusals if each.code in rules.MISMATCHES]
        return _page(dose_id, again(forms.refused(typed, refused)), loud), 409
    except Conflict as conflict:
        return _page(dose_id, Form(typed), conflict=conflict), 409
    except (WrongSecret, Forbidden):
        return _page(dose_id, Form(typed, {"second.secret": [WRONG]})), 403
    flash(done, "ok")
    return redirect(url_for("administering.show", dose_id=dose_id), 303)


def _page(
    dose_id: int,
    form: Form | None = None,
    loud: list[str] | None = None,
    kept: Mapping[str, str] | None = None,
    conflict: Conflict | None = None,
) -> str:
    runtime, site = access.runtime(), access.actor().site
    with runtime.reading() as db:
        dose = doses.get(db, site.id, dose_id)
        given = administrations.of_dose(db, dose_id)
        balances = given["balances"] if given else []
        directive = directives.get(db, site.id, dose.directive_id)
        shown = {
            "dose": dose,
            "given": given,
            "event": medical_events.of_dose(db, dose, given, site.zone),
            "people": accounts.names(db, [each["actor_id"] for each in balances]),
            "directive": directive,
            "recall": recalls.of_dose(db, runtime.reference, directive, dose),
            "offer": _offered(db, dose_id, form) if form else None,
            "in_spite": given_already.signature(db, given),
            "bags": waste_lists.open_for(db, site.id, dose.nuclide, g.now),
        }
        devices = instruments.of_site(db, site.id, InstrumentKind.ACTIVITY_METER)
    product = runtime.reference.products[dose.product]
    blank = {**_blank(product), **(kept or {})}
    return render_template(
        "administering/page.html",
        form=form or Form(blank, focus="" if shown["recall"] else "patient"),
        loud=loud or [],
        conflict=conflict,
        product=product,
        items=ITEMS,
        reads=any(device.line for device in devices),
        taken=readings.named(form) if form else {},
        interruptions=INTERRUPTIONS,
        devices=[(str(device.id), device.name) for device in devices],
        **shown,
    )


def _blank(product: Product) -> dict[str, str]:
    today, person = f"{g.now.astimezone(site_zone()):%Y-%m-%d}", access.actor()
    return administering_form.blank(today, product.checklist, performed_by=person.display_name)
