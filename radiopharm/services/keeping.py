"""Which vials are kept for a directive, and which could be, at the planned minute."""

from dataclasses import dataclass
from datetime import datetime

from radiopharm.core.directives import Directive
from radiopharm.core.reference import Reference
from radiopharm.core.states import VialState
from radiopharm.core.today import Appointment, Draw, draw
from radiopharm.services import stock, today
from radiopharm.store import Connection
from radiopharm.store.stock import Filters

MOST = 10  # vials offered; the board has them all


@dataclass(frozen=True, slots=True, kw_only=True)
class Vials:
    """The line of the day with what is kept, and what else of the product could be drawn from."""

    appointment: Appointment
    others: list[Draw]


def vials(db: Connection, reference: Reference, directive: Directive, now: datetime) -> Vials:
    """Vials for an open directive; the others may be kept for somebody else."""
    line = today.line(db, reference, directive, now)
    kept = {draw.seen.vial.id for draw in line.draws}
    newest = directive.newest
    found, _following = stock.page(
        db,
        reference,
        directive.site_id,
        max(newest.planned_for, now),
        now,
        filters=Filters(product=newest.product, states=frozenset({VialState.AVAILABLE})),
        after=None,
        size=MOST,
    )
    others = [
        draw(seen, line.product, newest.prescribed_bq, now)
        for seen in found
        if seen.vial.id not in kept
    ]
    return Vials(appointment=line, others=others)
