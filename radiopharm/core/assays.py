"""A measurement of a whole vial: what was expected, and whether the reading moves the book.

A reading moves the book only where it speaks for the principal nuclide: not later than three
half-lives after the reference, not where declared impurities are more than 1 % of what is expected
(at 90 days it would post as Lu-177 what is Lu-177m), and not when the vial was drawn from since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from radiopharm.core import decay, readings, timing
from radiopharm.core import formatting as fmt
from radiopharm.core.ledger import Amount, Entry, Kind, balance_at, post
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.products import Product
from radiopharm.core.readings import Measured, ReadingId
from radiopharm.core.refusals import Refusal, run
from radiopharm.core.timing import Timing
from radiopharm.core.vials import Vial, contents

MAX_HALF_LIVES = 3
MAX_IMPURE = Fraction(1, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assay:
    """What was read: typed, or the device reading that says it."""

    after_sequence: int
    measured: Measured | ReadingId
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assayed:
    """A reading beside its vial, the vial's whole ledger and its nuclear data.

    `unfit` is why the instrument must not be used, by its checks.
    """

    command: Assay
    measured: Measured
    vial: Vial
    product: Product
    data: NuclearData
    entries: Sequence[Entry]
    now: datetime
    unfit: tuple[Refusal, ...] = ()

    @property
    def balance(self) -> Amount | None:
        """What the vial held when it was measured; None before it came."""
        return balance_at(self.entries, self.measured.at)

    @property
    def contents(self) -> Mapping[str, float]:
        """What the book expects in it then, in Bq; raises as `decay.contents`."""
        assert self.balance is not None
        return contents(self.vial, self.balance, self.measured.at, self.data)

    @property
    def expected_bq(self) -> float:
        """The principal nuclide's expected activity, what its impurities feed included."""
        return self.contents[self.vial.nuclide]

    @property
    def deviation(self) -> Fraction | None:
        """How far the reading is from what was expected; None where nothing was."""
        if not self.expected_bq:
            return None
        return self.measured.bq / Fraction(self.expected_bq) - 1

    @property
    def timing(self) -> Timing:
        """When it was measured and when we hear of it."""
        return Timing(
            received_at=self.vial.received_at,
            occurred_at=self.measured.at,
            now=self.now,
            reason=self.command.reason,
            field="measured_at",
        )


def refusals(assayed: Assayed) -> tuple[Refusal, ...]:
    """Everything that stands in the way of recording the reading."""
    return assayed.unfit + (
        readings.refusals(assayed.measured.reading, [assayed.vial.nuclide])
        or timing.refusals(assayed.timing)
        or run((_held_something, _can_be_reckoned), assayed)
        or run((_deviation_has_a_reason,), assayed)
    )


def not_posted_because(assayed: Assayed) -> str:
    """Why the reading stays a reading, in words; empty when it moves the book."""
    found = run((_is_early_enough, _is_pure_enough, _is_the_newest), assayed)
    return " ".join(refusal.message for refusal in found)


def entry(assayed: Assayed) -> Entry:
    """The difference that makes the principal's activity equal the reading; ratios stay."""
    measured, balance = assayed.measured, assayed.balance
    assert balance is not None
    change = Amount(volume_ul=0, reference_bq=_balance_bq(assayed) - balance.reference_bq)
    return post(
        assayed.vial.ledger,
        Kind.ASSAYED,
        change,
        occurred_at=measured.at,
        recorded_at=assayed.now,
        reason=assayed.command.reason or f"Measured {measured.text}",
    )


def _balance_bq(a: Assayed) -> int:
    """The balance whose activity, as the principal nuclide, is what was read."""
    vial = a.vial
    elapsed_s = decay.seconds(vial.reference_at, a.measured.at)
    of_one = decay.contents(1, vial.ratios, vial.nuclide, elapsed_s, a.data)[vial.nuclide]
    return round(a.measured.bq / Fraction(of_one))


def _held_something(a: Assayed) -> Refusal | None:
    if a.balance is not None and a.balance.volume_ul:
        return None
    said = f"{a.vial.code} was empty by the book then. Look at its ledger."
    return Refusal(code="empty", field="measured_at", message=said)


def _can_be_reckoned(a: Assayed) -> Refusal | None:
    try:
        assert a.contents
    except (decay.UndefinedBefore, decay.OutOfRange):
        said = "What to expect at that time cannot be reckoned from the certificate."
        return Refusal(code="undefined", field="measured_at", message=said)
    return None


def _deviation_has_a_reason(a: Assayed) -> Refusal | None:
    tolerance, deviation = a.product.dose_tolerance, a.deviation
    if tolerance is None or deviation is None or a.command.reason:
        return None
    if abs(deviation) <= tolerance.reason_above:
        return None
    return Refusal(
        code="deviation_needs_reason",
        field="measured_activity",
        message=(
            f"That is {fmt.deviation(deviation)} from {fmt.activity_auto(a.expected_bq)}, which "
            "the book expects. Check number and unit; if it is right, say why it may be so."
        ),
        value=fmt.deviation(deviation),
        operator="<=",
        limit=fmt.percent(tolerance.reason_above),
    )


def _is_early_enough(a: Assayed) -> Refusal | None:
    last = a.vial.reference_at + timedelta(seconds=MAX_HALF_LIVES * a.vial.half_life_s)
    if a.measured.at <= last:
        return None
    said = f"It was measured later than {MAX_HALF_LIVES} half-lives after the reference."
    return Refusal(code="late_in_decay", message=said)


def _is_pure_enough(a: Assayed) -> Refusal | None:
    impure_bq = sum(a.contents[nuclide] for nuclide in a.vial.ratios)
    if Fraction(impure_bq) <= MAX_IMPURE * Fraction(a.expected_bq):
        return None
    said = f"Declared impurities are more than {fmt.percent(MAX_IMPURE)} of what was expected."
    return Refusal(code="impure", message=said)


def _is_the_newest(a: Assayed) -> Refusal | None:
    if all(e.occurred_at <= a.measured.at for e in a.entries):
        return None
    return Refusal(code="entries_since", message="The vial has later entries in its ledger.")
