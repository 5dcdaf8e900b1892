"""Doses: the list of a day, a dose's own page, its label, its void."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from marshmallow import Schema

from radiopharm.core.actions import Action
from radiopharm.core.doses import Dose
from radiopharm.core.refusals import Refused
from radiopharm.core.states import dose_state, use_by
from radiopharm.core.vials import Vial
from radiopharm.documents.labels import DoseLabel, dose_label
from radiopharm.documents.tables import csv_table
from radiopharm.schemas.dispensing import ReasonSchema, VoidSchema
from radiopharm.schemas.fields import parse_instant
from radiopharm.services import printing, voiding
from radiopharm.store import (
    accounts,
    directives,
    doses,
    instruments,
    readings,
    vials,
    waste_lists,
)
from radiopharm.store.acts import Act
from radiopharm.web import access, forms
from radiopharm.web.asked import asked_key, next_url
from radiopharm.web.days import asked_day, bounds
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("doses", __name__)
PAGE = 50
MOST_EXPORTED = 10_000
HEADINGS = (
    "dose", "state", "directive", "patient_reference", "product", "nuclide", "administer_at",
    "prescribed_bq", "calculated_bq", "measured_bq_at_administration", "measured",
    "measured_at", "measured_by", "volume_ul", "dispensed_by", "entered_late", "reason",
)  # fmt: skip


@bp.get("/doses")
def index() -> str:
    """The doses to be given on a day, newest first."""
    day = asked_day(request.args.get("day", ""), g.now)
    since, until = bounds(day)
    key = asked_key(request.args, int)
    with access.runtime().reading() as db:
        found, following = doses.page(
            db,
            access.actor().site.id,
            since=since,
            until=until,
            before=key[0] if key else None,
            size=PAGE,
        )
    return render_template(
        "doses/list.html",
        form=Form({"day": day.isoformat()}),
        since=since,
        doses=[(dose, dose_state(dose)) for dose in found],
        products=access.runtime().reference.products,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        next_url=next_url("doses.index", following),
    )


@bp.get("/doses.csv")
def export() -> Response:
    """The day's doses as a table for a spreadsheet; taking it is recorded."""
    day = asked_day(request.args.get("day", ""), g.now)
    since, until = bounds(day)

    def work(act: Act) -> dict[str, Any]:
        site_id = act.actor.site.id
        found, _ = doses.page(act.db, site_id, since=since, until=until, size=MOST_EXPORTED)
        names = accounts.names(act.db, {dose.actor_id for dose in found})
        act.record(Action.EXPORTED, what="doses", since=since, until=until, rows=len(found))
        table = csv_table(HEADINGS, [_row(dose, names) for dose in found], bom=True)
        return {"csv": table.decode()}

    taken = access.runtime().act(work, actor=access.actor(), now=g.now).answer["csv"]
    headers = {"Content-Disposition": f'attachment; filename="doses-{day.isoformat()}.csv"'}
    return Response(taken, mimetype="text/csv", headers=headers)


@bp.get("/doses/<int:dose_id>")
def show(dose_id: int) -> str:
    """A dose: its three activities with their working, its draws, its people, what became of it."""
    return _page(dose_id, Form())


@bp.post("/doses/<int:dose_id>/label")
def label(dose_id: int) -> Response:
    """The label for syringe and shield; each print is recorded, reprints are marked."""

    def work(act: Act) -> dict[str, Any]:
        return {"print": printing.dose_label(act, dose_id)}

    number = access.act(work).answer["print"]
    with access.runtime().reading() as db:
        dose = doses.get(db, access.actor().site.id, dose_id)
        found = vials.by_ids(db, dose.site_id, [draw.vial_id for draw in dose.draws])
    pdf = dose_label(_label(dose, found, number))
    headers = {"Content-Disposition": f'inline; filename="{dose.code}.pdf"'}
    return Response(pdf, mimetype="application/pdf", headers=headers)


@bp.post("/doses/<int:dose_id>/void")
def void(dose_id: int) -> Any:
    """Void a dose: was it drawn?"""

    def do(act: Act, command: dict[str, Any]) -> None:
        voiding.void(act, dose_id, was_drawn=command["drawn"], reason=command["reason"])

    return _do(dose_id, VoidSchema(), do, "The dose is void.")


@bp.post("/doses/<int:dose_id>/return")
def put_back(dose_id: int) -> Any:
    """Put a returned dose back into the vials it came from."""

    def do(act: Act, command: dict[str, Any]) -> None:
        voiding.put_back(act, dose_id, reason=command["reason"])

    return _do(dose_id, ReasonSchema(), do, "The dose is back in its vials.")


def _do(dose_id: int, schema: Schema, do: Callable[[Act, dict[str, Any]], None], done: str) -> Any:
    typed = request.form.to_dict()

    def work(act: Act) -> dict[str, Any]:
        do(act, forms.load(schema, typed))
        return {}

    try:
        access.act(work)
    except Unreadable as unreadable:
        return _page(dose_id, unreadable.form), 422
    except Refused as refused:
        return _page(dose_id, forms.again(typed, refused.refusals)), 409
    flash(done, "ok")
    return redirect(url_for("doses.show", dose_id=dose_id), 303)


def _page(dose_id: int, form: Form) -> str:
    runtime, site = access.runtime(), access.actor().site
    with runtime.reading() as db:
        dose = doses.get(db, site.id, dose_id)
        directive = directives.get(db, site.id, dose.directive_id)
        found = vials.by_ids(db, site.id, [draw.vial_id for draw in dose.draws])
        meter = instruments.find(db, site.id, dose.instrument_id)
        reading = readings.find(db, site.id, dose.reading_id) if dose.reading_id else None
        ids = [dose.actor_id, dose.second_id, dose.void.actor_id if dose.void else None]
        people = accounts.names(db, [each for each in ids if each is not None])
        bags = waste_lists.open_for(db, site.id, dose.nuclide, g.now)
    return render_template(
        "doses/page.html",
        form=form,
        dose=dose,
        state=dose_state(dose),
        directive=directive,
        product=runtime.reference.products[dose.product],
        draws=list(zip(dose.draws, found, _workings(dose), strict=True)),
        meter=meter,
        reading=reading,
        people=people,
        bags=bags,
    )


def _workings(dose: Dose) -> list[dict[str, Any]]:
    """The frozen working of each draw, its instants as instants again."""
    kept = [draw["working"] for draw in dose.working["draws"]]
    return [
        {**each, "reference_at": parse_instant(each["reference_at"]), "at": dose.administer_at}
        for each in kept
    ]


def _label(dose: Dose, found: list[Vial], number: int) -> DoseLabel:
    product = access.runtime().reference.products[dose.product]
    return DoseLabel(
        code=dose.code,
        product=product.name,
        nuclide=dose.nuclide,
        activity_bq=dose.measured_then_bq,
        activity_at=dose.administer_at,
        volume_ul=dose.volume_ul,
        lot=" + ".join(dict.fromkeys(vial.lot for vial in found)),
        expires_at=min(use_by(vial, dose.administer_at) for vial in found),
        dispensed_by=dose.signature.signer_name,
        patient_reference=dose.patient,
        zone=site_zone(),
        printed_at=g.now,
        print_number=number,
    )


def _row(dose: Dose, names: dict[int, str]) -> tuple[Any, ...]:
    return (
        dose.code,
        str(dose_state(dose)),
        f"R-{dose.directive_id:06d}",
        dose.patient,
        dose.product,
        dose.nuclide,
        dose.administer_at,
        dose.prescribed_bq,
        dose.calculated_bq,
        round(dose.measured_then_bq),
        dose.measured_text,
        dose.measured_at,
        dose.measured_by,
        dose.volume_ul,
        names[dose.actor_id],
        "yes" if dose.is_late else "no",
        dose.reason,
    )
