"""A derogation: a container leaves though a condition is not met, and nobody may mistake it for one
that met them all.

It is its own act by its own role, with a reason and two people's signatures. What is not sealed
cannot leave even so, and where everything is met there is nothing to derogate from.
"""

from collections.abc import Collection
from dataclasses import dataclass

from radiopharm.core.leaving import Departure, Outgoing, already_left
from radiopharm.core.refusals import Refusal, Rule, run
from radiopharm.core.release import Check
from radiopharm.core.signing import Signing
from radiopharm.core.verdicts import Leg

DEROGATOR = "derogator"
NO_DEROGATION = frozenset({"sealed", "rule_pack", "here"})  # kinds of legs that bind even so


@dataclass(frozen=True, slots=True, kw_only=True)
class DerogateContainer:
    """A derogation as asked for: the derogator signs, and a safety officer beside them."""

    outgoing: Outgoing
    reason: str
    signature: Signing
    officer: Signing
    pack: str | None = None
    after_sequence: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Derogation:
    """A derogation somebody wants to sign: the check it departs from and what they confirm."""

    check: Check
    departure: Departure | None
    labels_defaced: bool
    reason: str
    roles: Collection[str]

    @property
    def failed(self) -> tuple[Leg, ...]:
        """The legs that it departs from: those that fail and those that nobody could compute."""
        return tuple(leg for leg in self.check.legs if leg.passed is not True)


def derogation_refusals(derogation: Derogation) -> tuple[Refusal, ...]:
    """Everything that stands in the way of *derogation*."""
    return run(DEROGATION_RULES, derogation)


def not_derogator(derogation: Derogation) -> Refusal | None:
    if DEROGATOR in derogation.roles:
        return None
    said = "Only who holds the role of derogator may let it go against the rules."
    return Refusal(code="not_derogator", message=said)


def nothing_to_derogate(derogation: Derogation) -> Refusal | None:
    if derogation.failed:
        return None
    said = "Every condition is met: there is nothing to derogate from. Release it."
    return Refusal(code="nothing_to_derogate", message=said)


def binds_even_so(derogation: Derogation) -> Refusal | None:
    binding = [leg for leg in derogation.failed if leg.kind in NO_DEROGATION]
    if not binding or derogation.departure is not None:
        return None
    return Refusal(code=binding[0].code, message=binding[0].message)


def no_reason(derogation: Derogation) -> Refusal | None:
    if derogation.reason.strip():
        return None
    said = "Write why it leaves though a condition is not met."
    return Refusal(code="no_reason", message=said, field="reason")


def labels_not_defaced(derogation: Derogation) -> Refusal | None:
    if derogation.labels_defaced:
        return None
    said = "Remove or deface every radiation label, then confirm it."
    return Refusal(code="labels_not_defaced", message=said, field="labels_defaced")


DEROGATION_RULES: tuple[Rule[Derogation], ...] = (
    already_left,
    not_derogator,
    nothing_to_derogate,
    binds_even_so,
    no_reason,
    labels_not_defaced,
)
