"""Closing the day: the sheet is printed, the audit sealed at once, and its foot is an anchor."""

from typing import Any

from flask import Blueprint, Response, g, render_template, request

from radiopharm.core.seals import NotASeal, read
from radiopharm.documents.day_sheets import day_sheet
from radiopharm.jobs import closing
from radiopharm.services import sealing
from radiopharm.web import access, downloads
from radiopharm.web.days import asked_day

bp = Blueprint("day_sheets", __name__)


@bp.post("/audit/day-sheet")
def close() -> Response:
    """The PDF of a day of the site; that it was printed is the last event under its seal."""
    day = asked_day(request.form.get("day", ""), g.now)
    sheet = closing.closed(access.runtime(), access.actor(), day, g.now)
    return downloads.opened(day_sheet(sheet), "day-sheet.pdf")


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
