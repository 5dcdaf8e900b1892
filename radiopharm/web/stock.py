"""The stock board: what is here, at any chosen instant."""

from flask import Blueprint, g, render_template, request

from radiopharm.core.states import VialState
from radiopharm.core.stock import VialAt
from radiopharm.services import stock
from radiopharm.store.stock import HELD, Filters
from radiopharm.web import access
from radiopharm.web.asked import asked_at, asked_key, next_url

bp = Blueprint("stock", __name__)
PAGE = 50


@bp.get("/stock")
def show() -> str:
    """Vials that hold something, grouped by nuclide, with activity now or at a chosen time."""
    form, at = asked_at(request.args, g.now)
    nuclide = request.args.get("nuclide") or None
    state = request.args.get("state") or None
    states = frozenset({VialState(state)}) if state in set(VialState) else HELD
    runtime, actor = access.runtime(), access.actor()
    with runtime.reading() as db:
        seen, following = stock.page(
            db,
            runtime.reference,
            actor.site.id,
            at,
            g.now,
            filters=Filters(nuclide=nuclide, states=states),
            after=asked_key(request.args, str, int),
            size=PAGE,
        )
    return render_template(
        "stock/board.html",
        form=form,
        at=at,
        groups=_by_nuclide(seen),
        shown=len(seen),
        states=list(VialState),
        next_url=next_url("stock.show", following),
    )


def _by_nuclide(seen: list[VialAt]) -> dict[str, list[VialAt]]:
    groups: dict[str, list[VialAt]] = {}
    for vial in seen:
        groups.setdefault(vial.vial.nuclide, []).append(vial)
    return groups
