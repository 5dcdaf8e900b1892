"""When an act says it happened: back to the vial's receipt, a clock's slip ahead, late with reason.

What is entered afterwards is a fact all the same; it is marked late and says why.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from radiopharm.core.refusals import Refusal, run

AHEAD_TOLERATED = timedelta(minutes=5)
LATE_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When something happened to a vial, as its author says, and when we hear of it."""

    received_at: datetime
    occurred_at: datetime
    now: datetime
    reason: str
    field: str = "occurred_at"

    @property
    def is_late(self) -> bool:
        """Whether it is entered more than a quarter of an hour after it happened."""
        return self.now - self.occurred_at > LATE_AFTER


def refusals(timing: Timing) -> tuple[Refusal, ...]:
    """Everything that is wrong with the time."""
    return run(_RULES, timing)


def _is_not_ahead(t: Timing) -> Refusal | None:
    if t.occurred_at <= t.now + AHEAD_TOLERATED:
        return None
    said = "That lies in the future. Enter when it really happened."
    return Refusal(code="ahead", field=t.field, message=said)


def _follows_receipt(t: Timing) -> Refusal | None:
    if t.occurred_at >= t.received_at:
        return None
    said = "That was before the vial came. Check the date."
    return Refusal(code="before_receipt", field=t.field, message=said)


def _late_has_a_reason(t: Timing) -> Refusal | None:
    if not t.is_late or t.reason:
        return None
    said = "This is entered late. Say why."
    return Refusal(code="late_needs_reason", field="reason", message=said)


_RULES = (_is_not_ahead, _follows_receipt, _late_has_a_reason)
