"""Doses: the list of a day, a dose's own page, its label, its void."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, g, render_template, request

from radiopharm.core.actions import Action
from radiopharm.core.doses import Dose
from radiopharm.core.signing import signed_line
from radiopharm.core.states import dose_state
from radiopharm.documents.labels import dose_labels_as
from radiopharm.documents.tables import csv_table
from radiopharm.schemas import page_keys
from radiopharm.schemas.dispensing import ReasonSchema, VoidSchema
from radiopharm.services import printing, voiding
from radiopharm.store import accounts, doses
from radiopharm.store.acts import Act
from radiopharm.web import access, downloads
from radiopharm.web.asked import asked_key, next_url
from radiopharm.web.days import asked_day, bounds
from radiopharm.web.dose_page import do_on_dose, show_dose
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form

bp = Blueprint("doses", __name__)
PAGE = 50
MOST_EXPORTED = 10_000
HEADINGS = (
    "dose", "state", "directive", "patient_reference", "product", "nuclide", "administer_at",
    "prescribed_bq", "calculated_bq", "measured_bq_at_administration", "measured",
    "measured_at", "measured_by", "volume_ul", "dispensed_by", "entered_late", "reason",
    "signature", "second_signature", "signature_void",
)  # fmt: skip


@bp.get("/doses")
def index() -> str:
    """The doses to be given on a day, newest first."""
    day = asked_day(request.args.get("day", ""), g.now)
    since, until = bounds(day)
    key = asked_key(request.args, page_keys.number)
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
        act.record(Action.EXPORTED, export="doses", since=since, until=until, rows=len(found))
        table = csv_table(HEADINGS, [_row(dose, names) for dose in found], bom=True)
        return {"csv": table.decode()}

    taken = access.runtime().act(work, actor=access.actor(), now=g.now).answer["csv"]
    return downloads.kept(taken, f"doses-{day.isoformat()}.csv", "text/csv")


@bp.get("/doses/<int:dose_id>")
def show(dose_id: int) -> str:
    """A dose: its three activities with their working, its draws, its people, what became of it."""
    return show_dose(dose_id)


@bp.post("/doses/<int:dose_id>/label")
def label(dose_id: int) -> Response:
    """The labels for syringe and shield; each print is recorded, reprints are marked.

    As PDF, or with `format=zpl` as text for a label printer.
    """
    form = "zpl" if request.args.get("format") == "zpl" else "pdf"

    def work(act: Act) -> dict[str, Any]:
        return {"print": printing.print_dose_labels(act, dose_id, form)}

    number, runtime = access.act(work).answer["print"], access.runtime()
    site = access.actor().site
    with runtime.reading() as db:
        said = printing.dose_label(db, runtime.reference, site, dose_id, number, g.now)
    content, mimetype = dose_labels_as(said, form)
    return downloads.opened(content, f"{said.code}.{form}", mimetype)


@bp.post("/doses/<int:dose_id>/void")
def void(dose_id: int) -> Any:
    """Void a dose: was it drawn?"""

    def do(act: Act, command: dict[str, Any]) -> None:
        voiding.void(act, dose_id, was_drawn=command["drawn"], reason=command["reason"])

    return do_on_dose(dose_id, VoidSchema(), do, "The dose is void.")


@bp.post("/doses/<int:dose_id>/return")
def put_back(dose_id: int) -> Any:
    """Put a returned dose back into the vials it came from."""

    def do(act: Act, command: dict[str, Any]) -> None:
        voiding.put_back(act, dose_id, reason=command["reason"])

    return do_on_dose(dose_id, ReasonSchema(), do, "The dose is back in its vials.")


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
        signed_line(dose.signature, site_zone()),
        signed_line(dose.second_check.signature, site_zone()) if dose.second_check else "",
        dose.signature_void(site_zone()) or "",
    )
