"""Administer and reconcile: start, end, what was left where, and what the patient received."""

import re
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from radiopharm.core import administering as rules
from radiopharm.core.administering import ITEMS, Administer, Administration
from radiopharm.core.decay import OutOfRange, UndefinedBefore
from radiopharm.core.refusals import Invalid, Refused
from radiopharm.schemas.administering import AdministerSchema
from radiopharm.services import administering
from radiopharm.store import administrations, directives, doses, instruments, waste_lists
from radiopharm.store.acts import Act
from radiopharm.web import access, forms
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("administering", __name__)
_ROW = re.compile(r"residues\.(\d+)\.\w+")


@bp.get("/doses/<int:dose_id>/administration")
def show(dose_id: int) -> str:
    """The form of a dose that has not been given, the reconciliation of one that has."""
    local = g.now.astimezone(site_zone())
    today = {f"{name}_date": f"{local:%Y-%m-%d}" for name in ("started_at", "ended_at")}
    for number, item in enumerate(ITEMS):
        today[f"residues.{number}.item"] = item
        today[f"residues.{number}.measured_at_date"] = f"{local:%Y-%m-%d}"
    return _page(dose_id, Form(today))


@bp.post("/doses/<int:dose_id>/administration")
def submit(dose_id: int) -> Any:
    """Record that the dose was given."""
    typed = request.form.to_dict()

    def work(act: Act) -> dict[str, Any]:
        return {"id": administering.administer(act, command)}

    try:
        command = _command(typed, dose_id)
        access.act(work)
    except Unreadable as unreadable:
        return _page(dose_id, Form(typed, unreadable.form.by_box)), 422
    except Invalid as invalid:
        return _page(dose_id, forms.refused(typed, invalid)), 422
    except Refused as refused:
        return _page(dose_id, forms.again(typed, refused.refusals)), 409
    flash("Recorded. Put each residue into a waste container now.", "ok")
    return redirect(url_for("administering.show", dose_id=dose_id), 303)


@bp.get("/doses/<int:dose_id>/administration/figures")
def figures(dose_id: int) -> str:
    """The reconciliation while typing: each residue at the start, the net, what cannot be."""
    administration: Administration | None = None
    refusals: tuple[Any, ...] = ()
    runtime = access.runtime()
    try:
        command = _command(request.args.to_dict(), dose_id)
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
        refusals=refusals,
    )


def _command(typed: dict[str, str], dose_id: int) -> Administer:
    """The command; a residue line without a reading was not measured and is left out."""
    read = {name for name, text in typed.items() if _is_reading(name) and text.strip()}
    kept = {
        name: text
        for name, text in typed.items()
        if (row := _ROW.match(name)) is None or f"residues.{row[1]}.activity" in read
    }
    schema = AdministerSchema()
    return schema.command(forms.load(schema, kept), dose_id)


def _is_reading(name: str) -> bool:
    return name.startswith("residues.") and name.endswith(".activity")


def _page(dose_id: int, form: Form) -> str:
    runtime, actor = access.runtime(), access.actor()
    with runtime.reading() as db:
        dose = doses.get(db, actor.site.id, dose_id)
        given = administrations.of_dose(db, dose_id)
        directive = directives.get(db, actor.site.id, dose.directive_id)
        devices = instruments.of_site(db, actor.site.id)
        bags = waste_lists.open_for(db, actor.site.id, dose.nuclide, g.now)
    return render_template(
        "administering/page.html",
        form=form,
        dose=dose,
        given=given,
        directive=directive,
        product=runtime.reference.products[dose.product],
        items=ITEMS,
        bags=bags,
        devices=[(str(device.id), device.name) for device in devices],
    )
