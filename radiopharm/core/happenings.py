"""What happens to a vial without moving activity: quarantine, opening, thawing, a move, a keeping.

Opening and thawing start the product's own clock where its length is known; the instant it ends is
frozen in the event.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from radiopharm.core import timing
from radiopharm.core.products import Product
from radiopharm.core.refusals import Refusal, Rule, run
from radiopharm.core.states import is_quarantined
from radiopharm.core.timing import Timing
from radiopharm.core.vials import Happening, Vial, VialEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Happen:
    """What is said to have happened; `occurred_at` None means now.

    `place` goes with a move, `directive_id` with a keeping (None: no longer kept for anybody).
    """

    kind: Happening
    after_sequence: int
    reason: str = ""
    occurred_at: datetime | None = None
    place: str | None = None
    directive_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """The command beside its vial; `directive_product` is what the directive is for, if named."""

    command: Happen
    vial: Vial
    product: Product
    now: datetime
    directive_product: str | None = None

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.command.occurred_at or self.now

    @property
    def timing(self) -> Timing:
        """When it happened and when we hear of it."""
        return Timing(
            received_at=self.vial.received_at,
            occurred_at=self.at,
            now=self.now,
            reason=self.command.reason,
        )


def refusals(given: Happened) -> tuple[Refusal, ...]:
    """Everything that stands in the way."""
    return timing.refusals(given.timing) + run(_RULES[given.command.kind], given)


def event(given: Happened, actor_id: int) -> VialEvent:
    """What is written down."""
    command = given.command
    return VialEvent(
        kind=command.kind,
        occurred_at=given.at,
        recorded_at=given.now,
        actor_id=actor_id,
        reason=command.reason,
        place=command.place,
        directive_id=command.directive_id,
        use_by_at=_use_by(given),
    )


def _use_by(given: Happened) -> datetime | None:
    """The end of the clock that this starts; None where the product's length is not known."""
    match given.command.kind:
        case Happening.OPENED:
            return given.product.use_by_after_opening(given.at)
        case Happening.THAWED:
            return given.product.use_by_after_thawing(given.at)
    return None


def _has_a_reason(g: Happened) -> Refusal | None:
    if g.command.reason:
        return None
    return Refusal(code="reason", field="reason", message="Say why.")


def _not_quarantined(g: Happened) -> Refusal | None:
    if not is_quarantined(g.vial, g.now):
        return None
    return Refusal(code="quarantined", message="The vial is quarantined.")


def _quarantined(g: Happened) -> Refusal | None:
    if is_quarantined(g.vial, g.now):
        return None
    return Refusal(code="not_quarantined", message="The vial is not quarantined.")


def _for_the_first_time(g: Happened) -> Refusal | None:
    kind = g.command.kind
    if g.vial.latest(kind) is None:
        return None
    return Refusal(code=f"{kind}_already", message=f"This vial has been {kind} already.")


def _thaws(g: Happened) -> Refusal | None:
    if g.product.thaws:
        return None
    said = f"{g.product.name} does not come frozen, so there is nothing to thaw."
    return Refusal(code="does_not_thaw", message=said)


def _holds_something(g: Happened) -> Refusal | None:
    if g.vial.ledger.balance.volume_ul:
        return None
    return Refusal(code="empty", message="The vial is empty.")


def _names_the_place(g: Happened) -> Refusal | None:
    if g.command.place:
        return None
    return Refusal(code="place", field="place", message="Say where it stands now.")


def _is_the_directives_product(g: Happened) -> Refusal | None:
    if g.directive_product in (None, g.vial.product):
        return None
    said = "The directive is for another product."
    return Refusal(code="wrong_product", field="directive_id", message=said)


_RULES: Mapping[Happening, tuple[Rule[Happened], ...]] = {
    Happening.QUARANTINED: (_has_a_reason, _not_quarantined),
    Happening.RELEASED: (_has_a_reason, _quarantined),
    Happening.OPENED: (_for_the_first_time, _holds_something),
    Happening.THAWED: (_for_the_first_time, _holds_something, _thaws),
    Happening.MOVED: (_names_the_place,),
    Happening.ALLOCATED: (_holds_something, _is_the_directives_product),
}
