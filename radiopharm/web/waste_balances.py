"""The balance of the waste store: by nuclide, then container by container."""

from flask import Blueprint, Response, render_template, request, url_for

from radiopharm.core.waste_balance import ContainerBalance, Way, by_nuclide
from radiopharm.documents.tables import Cell
from radiopharm.services import waste_balances
from radiopharm.services.balances import Window
from radiopharm.web import access, downloads
from radiopharm.web.windows import asked_window, note_taken

bp = Blueprint("waste_balances", __name__)
MOST_SHOWN = 200


@bp.get("/balance/waste")
def show() -> str:
    """Each nuclide's sum with its working: the containers it is made of, the doubtful first."""
    asked = asked_window()
    found = sorted(_found(asked.window), key=lambda it: it.balance.closes)
    return render_template(
        "balances/waste.html",
        form=asked.form,
        period=asked.window,
        nuclides=by_nuclide(found),
        lines=found[:MOST_SHOWN],
        how_many=len(found),
        ways=list(Way),
        used=[way for way in Way if any(it.balance.left_bq[way] for it in found)],
        export_url=url_for("waste_balances.export", **request.args.to_dict()),
    )


@bp.get("/balance/waste.csv")
def export() -> Response:
    """Every line as a table; that it was taken is audited."""
    window = asked_window().window
    found = _found(window)

    note_taken("balance of the waste store", window, len(found))
    name = f"waste-balance-{window.until:%Y%m%dT%H%MZ}.csv"
    return downloads.table(HEADINGS, map(_cells, found), name)


HEADINGS = (
    "Container",
    "Nuclide",
    "Here at the beginning (Bq)",
    "Put in (Bq)",
    *(f"{str(way).capitalize()} (Bq)" for way in Way),
    "Decayed less grown in (Bq)",
    "In store (Bq)",
    "Unexplained (Bq)",
    "Closes",
)


def _found(window: Window) -> tuple[ContainerBalance, ...]:
    runtime, site = access.runtime(), access.actor().site
    with runtime.reading() as db:
        return waste_balances.of_site(db, runtime.reference, site.id, window)


def _cells(it: ContainerBalance) -> tuple[Cell, ...]:
    found = it.balance
    return (
        it.code,
        it.nuclide,
        found.opening_bq,
        found.put_in_bq,
        *(found.left_bq[way] for way in Way),
        found.decayed_bq,
        found.in_store_bq,
        found.unexplained_bq,
        "yes" if found.closes else "no",
    )
