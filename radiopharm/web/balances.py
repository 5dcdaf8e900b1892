"""The balance: every becquerel by its route, for a period, by nuclide and by vial."""

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request, url_for

from radiopharm.core.balance import OUT, Balance, Route, VialBalance, by_nuclide
from radiopharm.documents.tables import Cell
from radiopharm.services import balances
from radiopharm.services.balances import Balances, Window
from radiopharm.web import access, downloads
from radiopharm.web.forms import Form
from radiopharm.web.windows import asked_window, note_taken

bp = Blueprint("balances", __name__)
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for, and the balances of that."""

    form: Form
    period: Window
    found: Balances


@bp.get("/balance")
def show() -> str:
    """By nuclide, then vial by vial, those that do not close first."""
    asked = _asked()
    ordered = sorted(asked.found.vials, key=lambda it: it.balance.closes)
    return render_template(
        "balances/page.html",
        form=asked.form,
        period=asked.period,
        nuclides=by_nuclide(asked.found.vials),
        vials=ordered[:MOST_SHOWN],
        how_many=len(ordered),
        left_out=asked.found.left_out,
        routes=OUT,
        used=[route for route in OUT if any(it.balance.routes_bq[route] for it in ordered)],
        export_url=url_for("balances.export", **request.args.to_dict()),
    )


@bp.get("/balance.csv")
def export() -> Response:
    """Every vial's balance as a table; that it was taken is audited."""
    asked = _asked()
    period, vials = asked.period, asked.found.vials

    note_taken("balance", period, len(vials))
    name = f"balance-{period.until:%Y%m%dT%H%MZ}.csv"
    return downloads.table(HEADINGS, map(_cells, vials), name)


HEADINGS = (
    "Vial",
    "Product",
    "Lot",
    "Nuclide",
    "Here at the beginning (Bq)",
    "Received (Bq)",
    *(f"{str(route).capitalize()} (Bq)" for route in OUT),
    "Decayed (Bq)",
    "In stock (Bq)",
    "Unexplained (Bq)",
    "Closes",
)


def _cells(it: VialBalance) -> tuple[Cell, ...]:
    found: Balance = it.balance
    return (
        it.code,
        it.product,
        it.lot,
        it.nuclide,
        found.opening_bq,
        *(found.routes_bq[route] for route in (Route.RECEIVED, *OUT)),
        found.decayed_bq,
        found.in_stock_bq,
        found.unexplained_bq,
        "yes" if found.closes else "no",
    )


def _asked() -> Asked:
    asked = asked_window()
    runtime, site = access.runtime(), access.actor().site
    with runtime.reading() as db:
        found = balances.of_site(db, runtime.reference, site.id, asked.window)
    return Asked(form=asked.form, period=asked.window, found=found)
