"""What is printed or drawn of a vial: its decay curve, its label, its decay sheet."""

from datetime import date, timedelta
from typing import Any, Literal

from flask import Blueprint, Response, g, request

from radiopharm.core import curves, decay_sheets
from radiopharm.core.actions import Action
from radiopharm.core.ledger import Entry
from radiopharm.core.refusals import Invalid, NotFound, Refusal
from radiopharm.core.stock import VialAt
from radiopharm.documents.decay_charts import CurveEvent, CurvePoint, DecayCurve
from radiopharm.documents.decay_charts import decay_curve as drawn_curve
from radiopharm.documents.decay_sheets import DecaySheet, DecaySheetRow
from radiopharm.documents.decay_sheets import decay_sheet as printed_sheet
from radiopharm.documents.labels import VialLabel, vial_label
from radiopharm.services import stock
from radiopharm.store import accounts, ledgers
from radiopharm.store.acts import Act
from radiopharm.web import access, downloads
from radiopharm.web.asked import asked_look
from radiopharm.web.formatting import site_zone

bp = Blueprint("vial_documents", __name__)
MAX_DOSES = 6  # columns that fit the sheet


@bp.get("/vials/<int:vial_id>/decay-curve.svg")
def decay_curve(vial_id: int) -> Response:
    """The vial's activity from arrival to expiry, for a light page or a dark one."""
    scale: Literal["linear", "log"] = "log" if request.args.get("scale") == "log" else "linear"
    theme, width = asked_look()
    curve = _curve(_look(vial_id), scale)
    if not curve.points:
        raise NotFound("curve")
    return Response(drawn_curve(curve, theme, width=width), mimetype="image/svg+xml")


@bp.get("/vials/<int:vial_id>/decay-sheet.pdf")
def decay_sheet(vial_id: int) -> Response:
    """Every quarter of an hour of a day: activity, concentration, volume for the usual doses."""
    seen, day = _look(vial_id), _day()
    doses_bq = _doses(seen)
    instants = decay_sheets.quarter_hours(day, site_zone())
    rows = decay_sheets.rows(seen.vial, instants, doses_bq, access.runtime().reference)
    if not rows:
        raise Invalid([Refusal(code="undefined", message=f"There is no figure on {day}.")])
    sheet = printed_sheet(_sheet(seen, doses_bq, rows))
    _record_print(vial_id, "decay sheet", day=f"{day}")
    return downloads.opened(sheet, f"{seen.vial.code}-{day}.pdf")


@bp.get("/vials/<int:vial_id>/label.pdf")
def label(vial_id: int) -> Response:
    """The label of the vial's pot."""
    seen = _look(vial_id)
    printed = vial_label(_label(seen))
    _record_print(vial_id, "vial label")
    return downloads.opened(printed, f"{seen.vial.code}-label.pdf")


def _look(vial_id: int) -> VialAt:
    runtime, site = access.runtime(), access.actor().site
    with runtime.reading() as db:
        return stock.look(db, runtime.reference, site.id, vial_id, g.now, g.now)


def _curve(seen: VialAt, scale: Literal["linear", "log"]) -> DecayCurve:
    vial, reference = seen.vial, access.runtime().reference
    entries = _entries(vial.id)
    newest = max(entry.occurred_at for entry in entries)
    until = max(vial.use_by_at, vial.reference_at, newest + timedelta(hours=1))
    return DecayCurve(
        name=vial.code,
        points=tuple(
            CurvePoint(at=point.at, bq=point.activity_bq)
            for point in curves.curve(vial, entries, until, reference)
        ),
        events=tuple(
            CurveEvent(at=point.at, bq=point.activity_bq, label=point.label)
            for point in curves.happenings(vial, entries, reference)
        ),
        expires_at=vial.use_by_at,
        now=g.now,
        scale=scale,
        zone=site_zone(),
        zone_name=site_zone().key,
    )


def _day() -> date:
    asked = request.args.get("day", "")
    if not asked:
        return g.now.astimezone(site_zone()).date()
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        day = date.min
    if not 2000 <= day.year < 2100:
        raise Invalid([Refusal(code="day", field="day", message="Write the day as 2026-03-14.")])
    return day


def _doses(seen: VialAt) -> tuple[int, ...]:
    return tuple(dose.value for dose in seen.product.usual_doses_bq[:MAX_DOSES])


def _sheet(
    seen: VialAt, doses_bq: tuple[int, ...], rows: tuple[decay_sheets.SheetRow, ...]
) -> DecaySheet:
    vial, actor = seen.vial, access.actor()
    return DecaySheet(
        site=actor.site.name,
        code=vial.code,
        product=seen.product.name,
        nuclide=vial.nuclide,
        lot=vial.lot,
        state=str(seen.state).replace("_", " "),
        reference_activity_bq=_entries(vial.id)[0].change.reference_bq,
        reference_at=vial.reference_at,
        half_life=vial.half_life_text,
        half_life_source=vial.half_life_source,
        expires_at=vial.use_by_at,
        balance_bq=vial.ledger.balance.reference_bq,
        held_ul=vial.ledger.balance.volume_ul,
        balance_at=g.now,
        usual_doses_bq=doses_bq,
        rows=tuple(
            DecaySheetRow(
                at=row.at, activity_bq=row.activity_bq, bq_per_ul=row.bq_per_ul, draws=row.draws
            )
            for row in rows
        ),
        zone=site_zone(),
        zone_name=site_zone().key,
        printed_at=g.now,
        printed_by=actor.display_name,
    )


def _label(seen: VialAt) -> VialLabel:
    vial = seen.vial
    opening = _entries(vial.id)[0].change
    with access.runtime().reading() as db:
        received_by = accounts.names(db, [vial.received_by])[vial.received_by]
    return VialLabel(
        code=vial.code,
        product=seen.product.name,
        nuclide=vial.nuclide,
        reference_activity_bq=opening.reference_bq,
        reference_at=vial.reference_at,
        volume_ul=opening.volume_ul,
        lot=vial.lot,
        expires_at=vial.expires_at,
        received_by=received_by,
        zone=site_zone(),
        printed_at=g.now,
    )


def _entries(vial_id: int) -> list[Entry]:
    with access.runtime().reading() as db:
        return ledgers.entries(db, vial_id)


def _record_print(vial_id: int, document: str, **facts: Any) -> None:
    def work(act: Act) -> dict[str, Any]:
        act.record(Action.DOCUMENT_PRINTED, f"vial:{vial_id}", document=document, **facts)
        return {}

    access.act(work)
