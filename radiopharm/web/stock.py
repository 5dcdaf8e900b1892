"""The stock board: what is here, at any chosen instant."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, g, render_template, request, url_for

from radiopharm.core.actions import Action
from radiopharm.core.flags import FlagKind
from radiopharm.core.inventory import Inventory
from radiopharm.core.states import VialState
from radiopharm.core.stock import VialAt
from radiopharm.documents.tables import Cell
from radiopharm.schemas import page_keys
from radiopharm.schemas.instants import instant_out
from radiopharm.services import stock
from radiopharm.store import flags
from radiopharm.store.acts import Act
from radiopharm.store.stock import HELD, Filters, Key
from radiopharm.web import access, downloads
from radiopharm.web.asked import asked_at, asked_key, next_url
from radiopharm.web.forms import Form

bp = Blueprint("stock", __name__)
PAGE = 50
AHEAD_H = (1, 2, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One vial of the board: at the instant chosen, and now; and whether its expiry is flagged."""

    chosen: VialAt
    now: VialAt
    expires_soon: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What the address asks for: the boxes, the instant, the vials, where the next page begins."""

    form: Form
    at: datetime
    lines: list[Line]
    inventory: Inventory
    following: Key | None


@bp.get("/stock")
def show() -> str:
    """Vials that hold something, grouped by nuclide, with activity now and at a chosen time."""
    board = _board()
    products = access.runtime().reference.products.values()
    return render_template(
        "stock/board.html",
        form=board.form,
        at=board.at,
        is_now=board.at == g.now,
        ahead=_ahead(),
        groups=[
            (nuclide, list(lines))
            for nuclide, lines in groupby(board.lines, key=lambda it: it.now.vial.nuclide)
        ],
        inventory=board.inventory,
        shown=len(board.lines),
        states=list(VialState),
        nuclides=sorted({product.nuclide for product in products}),
        next_url=next_url("stock.show", board.following),
        export_url=url_for("stock.export", **request.args.to_dict()),
    )


@bp.get("/stock.csv")
def export() -> Response:
    """What the board shows for the same address, as a table; that it was taken is audited."""
    board = _board()

    def work(act: Act) -> dict[str, Any]:
        asked = {
            name: text[:64] for name in ("nuclide", "state") if (text := board.form.value(name))
        }
        act.record(Action.EXPORTED, export="stock", at=board.at, rows=len(board.lines), asked=asked)
        return {}

    access.act(work)
    name = f"stock-{board.at:%Y%m%dT%H%MZ}.csv"
    return downloads.table(HEADINGS, map(_cells, board.lines), name)


HEADINGS = (
    "Vial",
    "Product",
    "Lot",
    "Nuclide",
    "State",
    "Activity now (MBq)",
    "At",
    "Activity then (MBq)",
    "Volume (mL)",
    "Concentration now (MBq/mL)",
    "Reference time",
    "Use by",
    "Kept for directive",
    "Place",
)


def _cells(line: Line) -> tuple[Cell, ...]:
    chosen, now, vial = line.chosen, line.now, line.chosen.vial
    return (
        vial.code,
        chosen.product.name,
        vial.lot,
        vial.nuclide,
        str(chosen.state),
        _over(now.activity_bq, 10**6),
        chosen.at,
        _over(chosen.activity_bq, 10**6),
        _over(chosen.balance.volume_ul if chosen.balance else None, 1000),
        _over(now.concentration, 1000),
        vial.reference_at,
        vial.use_by_at,
        chosen.kept_for,
        chosen.place,
    )


def _over(amount: float | None, unit: int) -> float | None:
    return None if amount is None else amount / unit


def _board() -> Board:
    form, at = asked_at(request.args, g.now)
    runtime, site = access.runtime(), access.actor().site
    with runtime.reading() as db:
        chosen, following = stock.page(
            db,
            runtime.reference,
            site.id,
            at,
            g.now,
            filters=_filters(),
            after=asked_key(request.args, page_keys.word, page_keys.number),
            size=PAGE,
        )
        vials = [line.vial for line in chosen]
        now = stock.at_instant(db, runtime.reference, vials, g.now, g.now)
        inventory = stock.inventory(db, runtime.reference, site.id, at, g.now)
        raised = flags.of_subjects(db, site.id, "vial", [vial.id for vial in vials])
    soon = {flag.subject_id for flag in raised if flag.kind == FlagKind.NEAR_EXPIRY}
    lines = [
        Line(chosen=then, now=today, expires_soon=today.vial.id in soon)
        for then, today in zip(chosen, now, strict=True)
    ]
    return Board(form=form, at=at, lines=lines, inventory=inventory, following=following)


def _filters() -> Filters:
    state = request.args.get("state", "")
    return Filters(
        nuclide=request.args.get("nuclide") or None,
        states=frozenset({VialState(state)}) if state in set(VialState) else HELD,
    )


def _ahead() -> list[tuple[str, str]]:
    """Links to the same board a few hours from now."""
    kept = {name: request.args[name] for name in ("nuclide", "state") if request.args.get(name)}
    links = [("Now", url_for("stock.show", **kept))]
    for hours in AHEAD_H:
        at = instant_out(g.now + timedelta(hours=hours))
        links.append((f"+{hours} h", url_for("stock.show", at=at, **kept)))
    return links
