"""How an instrument is checked from now on: the site's own tolerance, interval and consequence.

Nothing here has a default. Without a plan a check is kept and cannot be judged; it never passes.
"""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from radiopharm.core.refusals import Refusal, run
from radiopharm.core.units import ACTIVITY_UNITS

PERCENT = "%"
WITHIN: dict[str, Callable[[Fraction, Fraction], bool]] = {"<=": operator.le, "<": operator.lt}


class CheckKind(StrEnum):
    """What is checked of an activity meter."""

    CONSTANCY = "constancy"
    BACKGROUND = "background"
    ACCURACY = "accuracy"
    LINEARITY = "linearity"
    GEOMETRY = "geometry"
    CONTAMINATION = "contamination"


class Against(StrEnum):
    """What a reading is held against; the first of a series as it is, or carried by decay."""

    SOURCE = "source"
    FIRST_DECAYED = "first_decayed"
    FIRST = "first"
    NOTHING = "nothing"


AGAINST = {
    CheckKind.CONSTANCY: Against.SOURCE,
    CheckKind.BACKGROUND: Against.NOTHING,
    CheckKind.ACCURACY: Against.SOURCE,
    CheckKind.LINEARITY: Against.FIRST_DECAYED,
    CheckKind.GEOMETRY: Against.FIRST_DECAYED,
    CheckKind.CONTAMINATION: Against.FIRST,
}
IN_PERCENT = frozenset(
    kind for kind, it in AGAINST.items() if it in (Against.SOURCE, Against.FIRST_DECAYED)
)
"""These differ by a share of what was expected; the others by an activity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCheckPlan:
    """How a kind of check is judged from now on; without an interval it is never due.

    `is_required` where the instrument must not be used once the check is due.
    """

    kind: CheckKind
    tolerance: Decimal
    unit: str
    operator: str
    interval_days: int | None
    is_required: bool
    source: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPlan:
    """A plan as it was set; of one instrument and kind the newest stands."""

    id: int
    instrument_id: int
    kind: CheckKind
    tolerance: Decimal
    unit: str
    operator: str
    interval_days: int | None
    is_required: bool
    source: str
    reason: str
    recorded_at: datetime
    by: str

    def allows(self, difference: Fraction) -> bool:
        """Whether a difference, a ratio or Bq as the kind has it, is within the tolerance; exact.

        A ratio counts by its size either way; an activity only where it is more than expected.
        """
        counted = abs(difference) if self.unit == PERCENT else difference
        return WITHIN[self.operator](counted, self.limit)

    @property
    def limit(self) -> Fraction:
        """The tolerance as a ratio or in Bq."""
        scale = Fraction(1, 100) if self.unit == PERCENT else Fraction(ACTIVITY_UNITS[self.unit])
        return Fraction(self.tolerance) * scale

    @property
    def tolerance_text(self) -> str:
        """``5 %``."""
        return f"{self.tolerance:f} {self.unit}"


def refusals(command: SetCheckPlan) -> tuple[Refusal, ...]:
    """Why an instrument cannot be checked by such a plan."""
    return run(_RULES, command)


def _unit_fits_the_kind(command: SetCheckPlan) -> Refusal | None:
    wants_percent = command.kind in IN_PERCENT
    if (command.unit == PERCENT) is wants_percent:
        return None
    said = "in %" if wants_percent else "as an activity, such as kBq"
    return Refusal(code="unit", field="unit", message=f"Enter this tolerance {said}.")


def _is_something(command: SetCheckPlan) -> Refusal | None:
    if command.tolerance > 0:
        return None
    said = "A tolerance is more than nothing."
    return Refusal(code="tolerance", field="tolerance", message=said)


def _a_dead_meter_fails(command: SetCheckPlan) -> Refusal | None:
    if command.unit != PERCENT or command.tolerance < 100:
        return None
    said = "With 100 % or more a meter that reads nothing would pass. Enter less."
    return Refusal(code="tolerance", field="tolerance", message=said)


def _what_is_required_falls_due(command: SetCheckPlan) -> Refusal | None:
    if command.interval_days is not None or not command.is_required:
        return None
    said = "A check that is required before use needs an interval: say how often."
    return Refusal(code="interval", field="interval_days", message=said)


_RULES = (_unit_fits_the_kind, _is_something, _a_dead_meter_fails, _what_is_required_falls_due)
