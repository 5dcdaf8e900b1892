"""The second person's own reading of a dose: taken blind, compared exactly, never averaged.

Both readings are carried to the instant at which the dose is given by the decay of what was drawn;
how far the second may be from the first is the product's. They also read the vials' codes.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

from radiopharm.core import formatting as fmt
from radiopharm.core.dispensing import Situation
from radiopharm.core.instruments import Instrument
from radiopharm.core.readings import Measured
from radiopharm.core.refusals import Refusal, Refused, run
from radiopharm.core.signing import Signing
from radiopharm.core.timing import AHEAD_TOLERATED


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondReading:
    """What the second person read: the dose, and the codes of the vials it was drawn from."""

    measured: Measured
    vial_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Second:
    """The second person of a dose, with their own reading where they took one."""

    signing: Signing
    reading: SecondReading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A second reading beside the dose it is of, and the meter it was taken with.

    `unfit` is why that meter must not be used, by its checks.
    """

    dose: Situation
    reading: SecondReading
    instrument: Instrument | None
    unfit: tuple[Refusal, ...] = ()

    @property
    def difference(self) -> Fraction | None:
        """second / first − 1 at the common instant; None where the first reads nothing."""
        first = carried_bq(self.dose, self.dose.measured)
        return carried_bq(self.dose, self.reading.measured) / first - 1 if first else None

    @property
    def agrees(self) -> bool:
        """Whether both read the same within the product's tolerance; exactly at it they do."""
        difference, rule = self.difference, self.dose.product.second_reading
        if difference is None or rule is None:
            return False
        return abs(difference) <= rule.tolerance


class ReadingsDiffer(Refused):
    """Two readings of one dose are too far apart: nothing is dispensed, both are kept."""

    def __init__(self, check: Check, second_person: str) -> None:
        super().__init__([_too_far_apart(check)])
        self.check = check
        self.second_person = second_person


def carried_bq(dose: Situation, measured: Measured) -> Fraction:
    """A reading (Bq) carried to the instant at which the dose is given."""
    then = sum(source.activity_at(dose.administer_at) for source in dose.sources)
    when = sum(source.activity_at(measured.at) for source in dose.sources)
    return measured.bq * Fraction(then) / Fraction(when) if when else Fraction(measured.bq)


def refusals(check: Check) -> tuple[Refusal, ...]:
    """Why the second reading cannot be one of this dose."""
    unfit = (replace(each, field="second.instrument_id") for each in check.unfit)
    return run(_RULES, check) + tuple(unfit)


def _reads_the_same_vials(check: Check) -> Refusal | None:
    drawn = {source.vial.code for source in check.dose.sources}
    read = {code.strip().upper() for code in check.reading.vial_codes}
    if read == drawn:
        return None
    return Refusal(
        code="second_vials",
        field="second.vial_codes",
        message="The second person did not read the codes of the vials that the dose is from.",
    )


def _has_a_meter(check: Check) -> Refusal | None:
    if check.instrument is not None and check.instrument.kind == "activity_meter":
        return None
    return Refusal(
        code="instrument",
        field="second.instrument_id",
        message="Choose the activity meter the second reading was taken with.",
    )


def _was_taken(check: Check) -> Refusal | None:
    at = check.reading.measured.at
    received = all(at >= source.vial.received_at for source in check.dose.sources)
    if received and at <= check.dose.now + AHEAD_TOLERATED:
        return None
    return Refusal(
        code="second_measured_at",
        field="second.measured_at",
        message="The second reading is older than the delivery or lies ahead. Check the time.",
    )


_RULES = (_reads_the_same_vials, _has_a_meter, _was_taken)


def _too_far_apart(check: Check) -> Refusal:
    first, second = check.dose.measured.text, check.reading.measured.text
    difference, rule = check.difference, check.dose.product.second_reading
    return Refusal(
        code="readings_differ",
        field="second.measured_activity",
        message=(
            f"The two readings differ: {first} and {second}. Nothing is dispensed; both are kept. "
            "Measure again, both of you."
        ),
        value=fmt.deviation(difference) if difference is not None else "no first reading",
        operator="<=",
        limit=fmt.percent(float(rule.tolerance)) if rule else None,
        source="product's second reading",
    )
