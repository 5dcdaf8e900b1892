"""The working day: each patient's directive, the vials kept for it, what to draw, the next act.

Nothing here is stored: it follows from the directives, the vials and the minute.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from radiopharm.core.directives import Directive
from radiopharm.core.dose_tolerance import limits
from radiopharm.core.draw_plan import forgiven
from radiopharm.core.drawing import proposal
from radiopharm.core.products import Product
from radiopharm.core.refusals import Refusal
from radiopharm.core.states import DirectiveState, directive_state
from radiopharm.core.stock import VialAt


class NextAct(StrEnum):
    """What is to be done next about a directive."""

    SIGN = "sign"
    KEEP = "keep"
    DISPENSE = "dispense"
    ADMINISTER = "administer"
    RECALL = "recall"
    DONE = "done"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What to draw from one kept vial (`seen` at the planned minute); nothing where `obstacles`."""

    seen: VialAt
    volume_ul: int
    activity_bq: float
    obstacles: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """One line of the day; `is_recalled` where its dose must not be given any more."""

    directive: Directive
    product: Product
    draws: tuple[Draw, ...]
    is_recalled: bool = False

    @property
    def state(self) -> DirectiveState:
        """The directive's state."""
        return directive_state(self.directive)

    @property
    def is_short(self) -> bool:
        """Whether what is kept comes to less than the directive and its tolerance ask for."""
        least, _ = limits(self.directive.newest, self.product)
        return bool(self.draws) and self._drawn_bq < least

    @property
    def is_over(self) -> bool:
        """Whether the vials drawn whole come to more than the directive and its tolerance allow."""
        _, most = limits(self.directive.newest, self.product)
        return most is not None and self._drawn_bq > most

    @property
    def next_act(self) -> NextAct:
        """The one act that the line's button leads to."""
        if self.is_recalled:
            return NextAct.RECALL
        if self.state in (DirectiveState.SIGNED, DirectiveState.ORAL) and not self.draws:
            return NextAct.KEEP
        return _NEXT.get(self.state, NextAct.NONE)

    @property
    def _drawn_bq(self) -> float:
        return sum(each.activity_bq for each in self.draws)


_NEXT = {
    DirectiveState.DRAFT: NextAct.SIGN,
    DirectiveState.ORAL: NextAct.DISPENSE,
    DirectiveState.SIGNED: NextAct.DISPENSE,
    DirectiveState.DISPENSED: NextAct.ADMINISTER,
    DirectiveState.ADMINISTERED: NextAct.DONE,
}


def appointment(
    directive: Directive, product: Product, kept: Iterable[VialAt], now: datetime
) -> Appointment:
    """The directive's line; *kept* are its vials as they are at the planned minute.

    Of a product given whole a vial is drawn whole, until no more than the tolerance is missing;
    else each gives what is still wanted, the one that expires first before the others.
    """
    draws: list[Draw] = []
    wanted = directive.newest.prescribed_bq
    for seen in sorted(kept, key=lambda each: (each.vial.use_by_at, each.vial.id)):
        found = draw(seen, product, wanted, now)
        wanted = max(0, wanted - round(found.activity_bq))
        if product.is_whole_vial and wanted <= directive.newest.prescribed_bq * forgiven(product):
            wanted = 0
        draws.append(found)
    return Appointment(directive=directive, product=product, draws=tuple(draws))


def draw(seen: VialAt, product: Product, wanted_bq: int, now: datetime) -> Draw:
    """What to draw from a vial, as it is at the planned minute, for what is still wanted then."""
    proposed = proposal(seen, wanted_bq, now)
    obstacles = tuple(r for r in proposed.refusals if r.code != "insufficient")
    if obstacles or not wanted_bq or proposed.volume_ul is None:
        return Draw(seen=seen, volume_ul=0, activity_bq=0.0, obstacles=obstacles)
    held = seen.vial.ledger.balance.volume_ul
    if product.is_whole_vial or proposed.volume_ul >= held:
        return Draw(seen=seen, volume_ul=held, activity_bq=seen.activity_bq or 0.0, obstacles=())
    return Draw(
        seen=seen,
        volume_ul=proposed.volume_ul,
        activity_bq=proposed.activity_bq or 0.0,
        obstacles=(),
    )
