"""Accepting a delivery: the second look before a vial may be drawn from."""

from dataclasses import dataclass
from datetime import datetime

from radiopharm.core.products import Product
from radiopharm.core.refusals import Refusal, run
from radiopharm.core.states import is_quarantined
from radiopharm.core.vials import Happening, Vial


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """Who would accept which vial, and why; the reason is needed for one's own delivery."""

    vial: Vial
    product: Product
    actor_id: int
    reason: str
    now: datetime

    @property
    def is_own(self) -> bool:
        """Whether the person accepts what they themselves received."""
        return self.actor_id == self.vial.received_by


def refusals(acceptance: Acceptance) -> tuple[Refusal, ...]:
    """Everything that stands in the way of accepting."""
    return run(_RULES, acceptance)


def _not_yet_accepted(a: Acceptance) -> Refusal | None:
    if a.vial.latest(Happening.ACCEPTED) is None:
        return None
    return Refusal(code="accepted_already", message="This vial has been accepted already.")


def _not_quarantined(a: Acceptance) -> Refusal | None:
    if not is_quarantined(a.vial, a.now):
        return None
    return Refusal(code="quarantined", message="The vial is quarantined. Release it first.")


def _another_person_or_a_reason(a: Acceptance) -> Refusal | None:
    if not (a.product.second_person_accepts and a.is_own) or a.reason:
        return None
    return Refusal(
        code="second_person",
        field="reason",
        message=(
            f"{a.product.name} is accepted by a second person. Ask a colleague, or give the "
            "reason why you accept your own delivery; it will be flagged."
        ),
    )


_RULES = (_not_yet_accepted, _not_quarantined, _another_person_or_a_reason)
