"""What the patient really received: the dose at the start, less every residue carried to the start.

A residue is measured when there is time to, often hours later. Subtracting it as read would be
wrong; each is carried by the dose's own decay to the instant at which the administration began.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from radiopharm.core.dose_tolerance import meets_event_percentage
from radiopharm.core.doses import Dose
from radiopharm.core.readings import ReadingId, TakenReading

ITEMS = ("vial", "syringe", "tubing", "pad", "capsule", "other")
ActivityAt = Callable[[datetime], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Residue:
    """What was left somewhere, as read at its own time."""

    item: str
    measured_bq: int
    measured_text: str
    measured_at: datetime
    instrument_id: int | None = None
    reading: TakenReading | None = None

    @property
    def by(self) -> str:
        """`device` or `typed`."""
        return "device" if self.reading else "typed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResidue:
    """What was left somewhere, as a meter said it over its line."""

    item: str
    reading_id: ReadingId


def as_residue(item: str, reading: TakenReading) -> Residue:
    """A device reading as what was left somewhere: nothing of it is anybody's to change."""
    return Residue(
        item=item,
        measured_bq=reading.activity_bq,
        measured_text=reading.text,
        measured_at=reading.read_at,
        instrument_id=reading.instrument_id,
        reading=reading,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredGiven:
    """What something other than the residues says was given, and what that is: a syringe read
    before and after, the counter of an infusion."""

    measured_bq: int
    measured_text: str
    measured_at: datetime
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Activities in Bq at `at`, the start: the dose, each residue, and what remains: the net.

    `given_bq` is what was measured as given; None where nothing says so independently.
    """

    at: datetime
    prescribed_bq: int
    dose_bq: float
    residues_bq: tuple[float, ...]
    given_bq: float | None = None

    @property
    def net_bq(self) -> float:
        """What the patient received."""
        return self.dose_bq - sum(self.residues_bq)

    @property
    def unaccounted_bq(self) -> float | None:
        """The dose less what was measured as given and as left; None where it cannot be known.

        The net alone leaves nothing over by construction. Readings may make it negative.
        """
        return None if self.given_bq is None else self.net_bq - self.given_bq

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


def reconcile(
    dose: Dose,
    start: datetime,
    residues: Sequence[Residue],
    given: MeasuredGiven | None,
    activity_at: ActivityAt,
) -> Balance:
    """The dose's reading and every other, carried to *start* by the dose's own decay.

    `activity_at` is the activity (Bq) of what was drawn, at any instant.
    """

    def carried(reading_bq: int, read_at: datetime) -> float:
        then = activity_at(read_at)
        return reading_bq * activity_at(start) / then if then else float(reading_bq)

    return Balance(
        at=start,
        prescribed_bq=dose.prescribed_bq,
        dose_bq=carried(dose.measured_bq, dose.measured_at),
        residues_bq=tuple(carried(each.measured_bq, each.measured_at) for each in residues),
        given_bq=carried(given.measured_bq, given.measured_at) if given else None,
    )
