"""The stock board: what is here, at any chosen instant."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from flask import Blueprint, g, render_template, request, url_for

from radiopharm.core.states import VialState
from radiopharm.core.stock import VialAt
from radiopharm.schemas.fields import instant_out
from radiopharm.services import stock
from radiopharm.store.stock import HELD, Filters, Key
from radiopharm.web import access
from radiopharm.web.asked import asked_at, asked_key, next_url
from radiopharm.web.forms import Form

bp = Blueprint("stock", __name__)
PAGE = 50
AHEAD_H = (1, 2, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One vial of the board: at the instant chosen, and now."""

    chosen: VialAt
    now: VialAt


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What the address asks for: the boxes, the instant, the vials, where the next page begins."""

    form: Form
    at: datetime
    lines: list[Line]
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
        shown=len(board.lines),
        states=list(VialState),
        nuclides=sorted({product.nuclide for product in products}),
        next_url=next_url("stock.show", board.following),
    )


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
            after=asked_key(request.args, str, int),
            size=PAGE,
        )
        vials = [line.vial for line in chosen]
        now = stock.at_instant(db, runtime.reference, vials, g.now, g.now)
    lines = [Line(chosen=then, now=today) for then, today in zip(chosen, now, strict=True)]
    return Board(form=form, at=at, lines=lines, following=following)


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
