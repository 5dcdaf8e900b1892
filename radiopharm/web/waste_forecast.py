"""The store of waste in the months to come: a chart, the same figures in a table, and as CSV."""

from typing import Any

from flask import Blueprint, Response, g, render_template, request

from radiopharm.core.actions import Action
from radiopharm.documents.forecast_charts import StoreAt, forecast_chart
from radiopharm.documents.tables import csv_table
from radiopharm.services.forecast import MOST_MONTHS_BACK, Forecast, forecast
from radiopharm.store import Connection
from radiopharm.store.acts import Act
from radiopharm.web import access, downloads
from radiopharm.web.asked import asked_look
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form

bp = Blueprint("waste_forecast", __name__)
CHOICES = [(f"{n}", f"as in the last {n} months") for n in (3, 6, 12, 24)]
HEADINGS = ("at", "containers", "activity_bq")


@bp.get("/waste/forecast")
def show() -> str:
    """The chart and its table."""
    with access.runtime().reading() as db:
        found = _forecast(db)
    return render_template(
        "waste/forecast.html",
        forecast=found,
        asked=Form(request.args),
        months_back=_months_back(),
        choices=CHOICES,
    )


@bp.get("/waste/forecast.svg")
def picture() -> Response:
    """The chart alone, for a light page or a dark one."""
    theme, width = asked_look()
    with access.runtime().reading() as db:
        found = _forecast(db)
    points = [
        StoreAt(at=point.at, containers=point.containers, bq=point.activity_bq)
        for point in found.points
    ]
    drawn = forecast_chart(points, site_zone(), theme, width=width)
    return Response(drawn, mimetype="image/svg+xml")


@bp.get("/waste/forecast.csv")
def export() -> Response:
    """The table for a spreadsheet; taking it is recorded."""

    def work(act: Act) -> dict[str, Any]:
        rows = [(it.at, it.containers, it.activity_bq) for it in _forecast(act.db).points]
        act.record(Action.EXPORTED, export="forecast of waste", rows=len(rows))
        return {"csv": csv_table(HEADINGS, rows, bom=True).decode()}

    taken = access.runtime().act(work, actor=access.actor(), now=g.now).answer["csv"]
    return downloads.kept(taken, "waste-forecast.csv", "text/csv")


def _forecast(db: Connection) -> Forecast:
    reference, site_id = access.runtime().reference, access.actor().site.id
    return forecast(db, reference, site_id, g.now, _months_back())


def _months_back() -> int | None:
    """How many months arrivals are taken from; none unless asked for."""
    asked = request.args.get("arrivals", "")
    months = int(asked) if asked.isdecimal() and len(asked) < 3 else 0
    return months if 0 < months <= MOST_MONTHS_BACK else None
