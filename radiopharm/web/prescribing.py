"""Write a directive, or its next version: the form, and its hints while typing."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from marshmallow import Schema

from radiopharm.core import formatting as fmt
from radiopharm.core import prescribing as rules
from radiopharm.core.directives import Directive
from radiopharm.core.prescribing import DirectiveText
from radiopharm.core.refusals import Conflict, Invalid, Refusal, Refused
from radiopharm.schemas.directives import (
    ChangeDirectiveSchema,
    DirectiveTextSchema,
    DraftDirectiveSchema,
)
from radiopharm.services import directives, intervals
from radiopharm.services.intervals import Course
from radiopharm.store import Connection, accounts, patients
from radiopharm.store import directives as stored
from radiopharm.store.acts import Act, Answer
from radiopharm.web import access, forms
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("prescribing", __name__)
UNITS = ("MBq", "GBq", "mCi")


@bp.get("/directives/new")
def show() -> Any:
    """An empty form for the patient chosen before; without one, the patient is found first."""
    reference = request.args.get("patient", "")
    if not reference:
        return redirect(url_for("patients.index"))
    return _page(reference, Form())


@bp.post("/directives")
def submit() -> Any:
    """Write version 1."""
    typed = request.form.to_dict()

    def work(act: Act) -> Answer:
        said = forms.load(DraftDirectiveSchema(), typed)
        return {"id": directives.draft(act, said.pop("patient"), said)}

    try:
        directive_id = access.act(work).answer["id"]
    except (Unreadable, Invalid) as why:
        return _page(typed.get("patient", ""), forms.refused(typed, why)), 422
    flash("Drafted. It may be dispensed against once a physician has signed it.", "ok")
    return redirect(url_for("directives.show", directive_id=directive_id), 303)


@bp.get("/directives/<int:directive_id>/change")
def change(directive_id: int) -> str:
    """The next version, prefilled with what the newest says."""
    return _next_page(directive_id)


@bp.post("/directives/<int:directive_id>/versions")
def change_submit(directive_id: int) -> Any:
    """Write the next version, with the reason."""
    typed = request.form.to_dict()

    def work(act: Act) -> Answer:
        said = forms.load(ChangeDirectiveSchema(), typed)
        after, reason = said.pop("after_version"), said.pop("reason")
        directives.change(act, directive_id, after, said, reason)
        return {}

    try:
        access.act(work)
    except (Unreadable, Invalid) as why:
        return _next_page(directive_id, forms.refused(typed, why)), 422
    except Conflict as conflict:
        return _next_page(directive_id, Form(typed, {"": [conflict.message]})), 409
    except Refused as refused:
        return _next_page(directive_id, forms.refused(typed, refused)), 409
    flash("Written as a new version. It needs a physician's signature.", "ok")
    return redirect(url_for("directives.show", directive_id=directive_id), 303)


@bp.get("/directives/hints")
def figures() -> str:
    """What the typed text means, and what looks odd about it; of the patient only the reference."""
    return render_template("prescribing/hints.html", **_hints(request.args.to_dict()))


def _hints(typed: dict[str, str]) -> dict[str, Any]:
    reference = access.runtime().reference
    product = reference.products.get(typed.get("product", ""))
    found: dict[str, Any] = {"product": product, "text": None, "refusals": (), "warnings": ()}
    try:
        text = _text(typed)
        prescription = directives.considered(reference, text, g.now)
    except (Unreadable, Invalid):
        return found
    refusals: tuple[Refusal, ...] = rules.refusals(prescription)
    return {
        **found,
        "text": text,
        "refusals": refusals,
        "warnings": rules.warnings(prescription),
        "course": _course(typed, text),
    }


def _course(typed: dict[str, str], text: DirectiveText) -> Course:
    """The patient's other treatments beside what is typed."""
    runtime, own = access.runtime(), typed.get("directive_id", "")
    with runtime.reading() as db:
        return intervals.of_text(
            db,
            runtime.reference,
            access.actor().site.id,
            typed.get("patient", ""),
            text,
            g.now,
            but=int(own) if own.isascii() and own.isdigit() else None,
        )


def _text(typed: dict[str, str]) -> DirectiveText:
    schema: Schema = DirectiveTextSchema(exclude=("prescriber",))
    return DirectiveText(**forms.load(schema, typed))


def _next_page(directive_id: int, form: Form | None = None) -> str:
    with access.runtime().reading() as db:
        directive = stored.get(db, access.actor().site.id, directive_id)
        prescribers = _physicians(db)
    by_id = {row.id: row.username for row in prescribers}
    boxes = {**_boxes(directive), "prescriber": by_id.get(directive.newest.prescriber_id, "")}
    return _page(directive.patient, form or Form(boxes), directive)


def _boxes(directive: Directive) -> dict[str, str]:
    """The newest version as the boxes of the form."""
    newest = directive.newest
    local = newest.planned_for.astimezone(site_zone())
    boxes = {
        "product": newest.product,
        **_quantity("prescribed", newest.prescribed_text),
        "planned_for_date": f"{local:%Y-%m-%d}",
        "planned_for_time": f"{local:%H:%M}",
        "route": newest.route,
        "indication": newest.indication,
        "cycle": "" if newest.cycle is None else str(newest.cycle),
        "notes": newest.notes,
        "interval_reason": newest.interval_reason,
        "after_version": str(newest.number),
    }
    for end, bq in (("lowest", newest.lowest_bq), ("highest", newest.highest_bq)):
        if bq is not None:
            boxes |= _quantity(f"range.{end}", fmt.mbq_exact(bq).replace(",", ""))
    return boxes


def _quantity(name: str, text: str) -> dict[str, str]:
    """A quantity in its box, the unit on the switch where the switch has it."""
    number, _, unit = text.rpartition(" ")
    return {name: number, f"{name}_unit": unit} if unit in UNITS else {name: text}


def _physicians(db: Connection) -> list[Any]:
    return accounts.holders(db, access.actor().site.id, "physician", g.now)


def _page(reference: str, form: Form, directive: Directive | None = None) -> str:
    runtime, site = access.runtime(), access.actor().site
    with runtime.reading() as db:
        patient = patients.get(db, site.id, reference)
        physicians = _physicians(db)
    access.note_seen([reference])
    return render_template(
        "prescribing/form.html",
        form=form,
        patient=patient,
        directive=directive,
        units=UNITS,
        physicians=[(row.username, row.display_name) for row in physicians],
        products=[
            (product.code, product.name, product.display_unit)
            for product in runtime.reference.products.values()
            if product.is_dispensable
        ],
        **_hints(_typed(form) | _whose(reference, directive)),
    )


def _typed(form: Form) -> dict[str, str]:
    return {name: form.value(name) for name in form.names}


def _whose(reference: str, directive: Directive | None) -> dict[str, str]:
    """The hidden boxes that say whose course the text belongs to."""
    return {"patient": reference, "directive_id": str(directive.id) if directive else ""}
