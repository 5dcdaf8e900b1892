"""The vials a directive may be drawn from: those kept for it first, then what runs out first."""

from datetime import datetime

from radiopharm.core import draw_plan
from radiopharm.core.directives import Directive
from radiopharm.core.dispensing import DrawWish, Source
from radiopharm.core.reference import Reference
from radiopharm.core.states import VialState, vial_state
from radiopharm.core.vials import Happening, Vial, nuclear_data
from radiopharm.store import Connection, stock, vials
from radiopharm.store.stock import HELD, Filters

MOST = 50


def candidates(db: Connection, site_id: int, directive: Directive, now: datetime) -> list[Vial]:
    """Vials that hold something and are of the product, or are kept for the directive."""
    filters = Filters(product=directive.newest.product, states=HELD)
    ids, _ = stock.page(db, site_id, now, filters, None, MOST)
    kept = stock.ever_kept_ids(db, site_id, [directive.id])
    found = vials.by_ids(db, site_id, list(dict.fromkeys([*kept, *ids])))
    held = [vial for vial in found if vial.ledger.balance.volume_ul]
    return sorted(held, key=lambda vial: (not is_kept_for(vial, directive.id), vial.use_by_at))


def is_kept_for(vial: Vial, directive_id: int) -> bool:
    """Whether the newest word on whom it is kept for names the directive."""
    return kept_for(vial) == directive_id


def kept_for(vial: Vial) -> int | None:
    """The directive a vial is kept for."""
    kept = vial.latest(Happening.ALLOCATED)
    return kept.directive_id if kept else None


def source(reference: Reference, vial: Vial, wish: DrawWish | None = None) -> Source:
    """A vial with what is wished of it: everything, as it stands, unless a wish says less."""
    everything = DrawWish(vial_id=vial.id, after_sequence=vial.ledger.sequence)
    return Source(
        vial=vial,
        product=reference.products[vial.product],
        data=nuclear_data(vial, reference),
        wish=wish or everything,
    )


def proposed(
    reference: Reference,
    directive: Directive,
    found: list[Vial],
    *,
    at: datetime,
    now: datetime,
) -> list[Source]:
    """The draws to propose for the directive: as many vials, in their order, as it takes.

    A vial kept for the directive is proposed whatever stands against it, so that the page can say
    what; others only when they may be drawn from and are kept for nobody else.
    """
    usable = [
        source(reference, vial)
        for vial in found
        if is_kept_for(vial, directive.id) or _is_free(vial, max(at, now))
    ]
    planned = draw_plan.plan(usable, directive.newest.prescribed_bq, at)
    return [each for each in planned if each.volume_ul]


def _is_free(vial: Vial, at: datetime) -> bool:
    available = vial_state(vial, vial.ledger.balance, at) is VialState.AVAILABLE
    return available and kept_for(vial) is None
