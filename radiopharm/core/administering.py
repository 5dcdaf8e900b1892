"""What the patient really received: the dose at the start, less every residue carried to the start.

A residue is measured when there is time to, often hours later. Subtracting it as read would be
wrong; each is carried by the dose's own decay to the instant at which the administration began.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from radiopharm.core import formatting as fmt
from radiopharm.core.dose_tolerance import meets_event_percentage
from radiopharm.core.doses import Dose
from radiopharm.core.refusals import Refusal, run
from radiopharm.core.timing import AHEAD_TOLERATED

LATE_AFTER = timedelta(hours=1)
ITEMS = ("vial", "syringe", "tubing", "pad", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Residue:
    """What was left somewhere, as read at its own time."""

    item: str
    measured_bq: int
    measured_text: str
    measured_at: datetime
    instrument_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Administer:
    """The administration of a dose as it happened."""

    dose_id: int
    started_at: datetime
    ended_at: datetime
    residues: tuple[Residue, ...] = ()
    route: str = ""
    notes: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration:
    """A command with its dose, and `activity_at`: the activity (Bq) of what was drawn, any time."""

    command: Administer
    dose: Dose
    activity_at: Callable[[datetime], float]
    now: datetime

    @property
    def is_late(self) -> bool:
        """Whether it is entered long after it happened; such entries are flagged."""
        return self.now - self.command.ended_at > LATE_AFTER

    @property
    def balance(self) -> "Balance":
        """The reconciliation at the start."""
        return reconcile(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Activities in Bq at `at`, the start: the dose, each residue, and what remains: the net."""

    at: datetime
    prescribed_bq: int
    dose_bq: float
    residues_bq: tuple[float, ...]

    @property
    def net_bq(self) -> float:
        """What the patient received."""
        return self.dose_bq - sum(self.residues_bq)

    @property
    def percent_of_prescribed(self) -> float:
        """The net in per cent of what was prescribed."""
        return self.net_bq / self.prescribed_bq * 100

    @property
    def deviation(self) -> Fraction:
        """(net − prescribed) / prescribed."""
        return Fraction(self.net_bq) / self.prescribed_bq - 1

    @property
    def meets_event_percentage(self) -> bool:
        """Whether it differs from the prescription by 20 percent or more (10 CFR 35.3045)."""
        return meets_event_percentage(self.deviation)


def reconcile(administration: Administration) -> Balance:
    """The dose's reading and every residue, carried to the start by the dose's own decay."""
    dose, command = administration.dose, administration.command
    start = command.started_at
    return Balance(
        at=start,
        prescribed_bq=dose.prescribed_bq,
        dose_bq=_carried(administration, dose.measured_bq, dose.measured_at, start),
        residues_bq=tuple(
            _carried(administration, residue.measured_bq, residue.measured_at, start)
            for residue in command.residues
        ),
    )


def _carried(
    administration: Administration, reading_bq: int, read_at: datetime, to: datetime
) -> float:
    then = administration.activity_at(read_at)
    return reading_bq * administration.activity_at(to) / then if then else float(reading_bq)


def impossibilities(administration: Administration) -> tuple[Refusal, ...]:
    """What cannot be true as written."""
    return run(_IMPOSSIBLE, administration)


def refusals(administration: Administration) -> tuple[Refusal, ...]:
    """What stands in the way of recording that the dose was given."""
    return run(_RULES, administration)


def _is_not_void(a: Administration) -> Refusal | None:
    if a.dose.is_live:
        return None
    return Refusal(code="void", message=f"{a.dose.code} is void and cannot have been given.")


def _is_not_given_yet(a: Administration) -> Refusal | None:
    if a.dose.administration_id is None:
        return None
    return Refusal(code="administered", message=f"{a.dose.code} has been given already.")


_RULES = (_is_not_void, _is_not_given_yet)


def _ends_after_it_starts(a: Administration) -> Refusal | None:
    if a.command.ended_at >= a.command.started_at:
        return None
    message = "The end must not be earlier than the start."
    return Refusal(code="ends_before_start", field="ended_at", message=message)


def _starts_after_the_reading(a: Administration) -> Refusal | None:
    if a.command.started_at >= a.dose.measured_at:
        return None
    message = "The dose was measured after this start. Check both times."
    return Refusal(code="starts_before_reading", field="started_at", message=message)


def _is_not_ahead(a: Administration) -> Refusal | None:
    times = [a.command.ended_at, *(residue.measured_at for residue in a.command.residues)]
    if max(times) <= a.now + AHEAD_TOLERATED:
        return None
    message = "The end or a residue's reading lies in the future. Enter when it really was."
    return Refusal(code="ahead", field="ended_at", message=message)


def _residues_follow_the_start(a: Administration) -> Refusal | None:
    if all(residue.measured_at >= a.command.started_at for residue in a.command.residues):
        return None
    message = "A residue was read before the administration began. Check the times."
    return Refusal(code="residue_before_start", field="residues", message=message)


def _residues_fit_into_the_dose(a: Administration) -> Refusal | None:
    balance = a.balance
    if balance.net_bq >= 0:
        return None
    return Refusal(
        code="residues_exceed_dose",
        field="residues",
        message="The residues add up to more than the dose. Check the units of each reading.",
        value=fmt.mbq(sum(balance.residues_bq)),
        operator="<=",
        limit=fmt.mbq(balance.dose_bq),
    )


_IMPOSSIBLE = (
    _ends_after_it_starts,
    _starts_after_the_reading,
    _is_not_ahead,
    _residues_follow_the_start,
    _residues_fit_into_the_dose,
)
