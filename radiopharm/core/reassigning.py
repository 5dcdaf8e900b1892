"""A returned dose given another directive: nothing is drawn, everything else of a dispensing holds.

The new dose is what the old one had drawn, measured again, and signed by two people.
"""

from radiopharm.core.dispensing import Situation
from radiopharm.core.refusals import Refusal, run


def refusals(situation: Situation) -> tuple[Refusal, ...]:
    """What stands in the way of this besides the rules of every dose; nothing where none is."""
    return () if situation.returned is None else run(_RULES, situation)


def _waits_for_a_place(s: Situation) -> Refusal | None:
    old = s.returned
    if old is None or old.needs_a_place:
        return None
    message = f"{old.code} is not a returned dose that waits for a place."
    return Refusal(code="not_returned", message=message)


def _was_measured_again(s: Situation) -> Refusal | None:
    old = s.returned
    if old is None or old.void is None or s.measured.at >= old.void.at:
        return None
    message = f"Measure it again: this reading is from before {old.code} was returned."
    return Refusal(code="measured_before_return", field="measured_at", message=message)


def _has_its_reason(s: Situation) -> Refusal | None:
    if s.command.reason:
        return None
    message = "Say why the dose goes to another directive."
    return Refusal(code="reason", field="reason", message=message)


def _has_its_second(s: Situation) -> Refusal | None:
    if s.has_second or s.product.second_person_dispenses:
        return None  # where the product asks for one, that rule says so
    message = "A reassigned dose needs a second person."
    return Refusal(code="second_person", field="second.username", message=message)


_RULES = (_waits_for_a_place, _was_measured_again, _has_its_reason, _has_its_second)
