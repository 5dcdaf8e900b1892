"""Closing the day: the sheet is printed, the audit sealed at once, and its foot is an anchor."""

from typing import Any

from flask import Blueprint, Response, g, render_template, request

from radiopharm.core.actions import Action
from radiopharm.core.seals import NotASeal, read
from radiopharm.documents.day_sheets import DaySheet, day_sheet
from radiopharm.jobs import sealer
from radiopharm.services import sealing
from radiopharm.services.anchors import PrintedFoot
from radiopharm.store import audit_search
from radiopharm.store.acts import Act
from radiopharm.store.audit_search import Filters
from radiopharm.web import access, downloads
from radiopharm.web.days import asked_day, bounds
from radiopharm.web.formatting import site_zone

bp = Blueprint("day_sheets", __name__)


@bp.post("/audit/day-sheet")
def close() -> Response:
    """The PDF of a day of the site; that it was printed is the last event under its seal."""
    runtime, site = access.runtime(), access.actor().site
    start, end = bounds(asked_day(request.form.get("day", ""), g.now))

    def work(act: Act) -> dict[str, Any]:
        act.record(Action.DOCUMENT_PRINTED, document="day sheet", day=start)
        return {}

    access.act(work)
    sealer.tick(runtime, at_once=True)
    foot = PrintedFoot()
    sealing.anchor(runtime.engine, [foot], g.now, site.stream)
    with runtime.reading() as db:
        window = Filters(start=start, end=end)
        counts = audit_search.count_by_action(db, site.stream, window)
    pdf = day_sheet(
        DaySheet(
            site=site.name,
            day=start,
            counts=counts,
            seals=foot.printed,
            zone=site_zone(),
            printed_at=g.now,
            printed_by=access.actor().display_name,
        )
    )
    return downloads.opened(pdf, "day-sheet.pdf")


@bp.get("/audit/anchor")
def check() -> str:
    """What a scanned foot, or any line of an anchor, says of the chain as it is now."""
    line = request.args.get("line", "")
    return render_template("audit/anchor.html", line=line, **_judged(line), at=g.now)


def _judged(line: str) -> dict[str, Any]:
    runtime = access.runtime()
    try:
        seal = read(line)
    except NotASeal:
        return {"fault": None, "seal": None}
    with runtime.reading() as db:
        fault = sealing.witness_fault(db, sealing.keys(runtime.settings), seal)
    return {"fault": fault, "seal": seal}
