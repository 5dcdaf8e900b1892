"""A possible medical event: which tests of 10 CFR 35.3045 the figures meet, and when what is due.

An aid and not advice. The rule also asks for a dose equivalent (0.05 Sv effective, 0.5 Sv to an
organ or the skin); that is not computed here, and the card says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from fractions import Fraction

from radiopharm.core import formatting as fmt
from radiopharm.core.dose_tolerance import meets_event_percentage
from radiopharm.core.figures import Status
from radiopharm.core.local_time import midnight

RULE = "10 CFR 35.3045"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A net (Bq) as it was recorded: with the administration, or after a residue found later."""

    net_bq: float
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescribed:
    """What was to be given, in Bq; the range where the directive has one."""

    activity_bq: int
    lowest_bq: int | None = None
    highest_bq: int | None = None

    def differs(self, net_bq: float) -> bool:
        """Whether the net differs by 20 percent or more (exactly 20 counts) or leaves the range."""
        return meets_event_percentage(self.deviation(net_bq)) or self.is_left_by(net_bq) is True

    def deviation(self, net_bq: float) -> Fraction:
        """(net − prescribed) / prescribed."""
        return Fraction(net_bq) / self.activity_bq - 1

    def is_left_by(self, net_bq: float) -> bool | None:
        """Whether the net lies outside the range; None where none was prescribed."""
        if self.lowest_bq is None or self.highest_bq is None:
            return None
        return not self.lowest_bq <= net_bq <= self.highest_bq


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One part of the rule; `is_met` is None where it is not computed or does not apply."""

    code: str
    is_met: bool | None
    words: str
    source: str = RULE
    status: Status = Status.VERIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """What is due by when after discovery."""

    code: str
    words: str
    due_at: datetime
    source: str = RULE
    status: Status = Status.UNVERIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class PossibleEvent:
    """The facts of a possible event: when it was discovered, its tests, its clocks."""

    discovered_at: datetime
    tests: tuple[Test, ...]
    clocks: tuple[Clock, ...]


def possible_event(
    prescribed: Prescribed, findings: Sequence[Finding], zone: tzinfo
) -> PossibleEvent | None:
    """The event that the newest of *findings* (oldest first) makes, None where it makes none.

    Discovered when the first finding was recorded from which on every one differed as much.
    """
    discovered_at = None
    for finding in reversed(findings):
        if not prescribed.differs(finding.net_bq):
            break
        discovered_at = finding.recorded_at
    if discovered_at is None:
        return None
    return PossibleEvent(
        discovered_at=discovered_at,
        tests=_tests(prescribed, findings[-1].net_bq),
        clocks=_clocks(discovered_at, zone),
    )


def _tests(prescribed: Prescribed, net_bq: float) -> tuple[Test, ...]:
    deviation = prescribed.deviation(net_bq)
    low, high = prescribed.lowest_bq, prescribed.highest_bq
    if low is None or high is None:
        said = "No range was prescribed."
    else:
        said = f"The prescribed range is {fmt.mbq(low)} to {fmt.mbq(high)}."
    return (
        Test(
            code="twenty_percent",
            is_met=meets_event_percentage(deviation),
            words=f"Differs from the prescribed dosage by 20 percent or more: "
            f"{fmt.deviation(deviation)}.",
        ),
        Test(
            code="outside_range",
            is_met=prescribed.is_left_by(net_bq),
            words=f"Falls outside the prescribed dosage range. {said}",
        ),
        Test(
            code="dose_equivalent",
            is_met=None,
            words="And the dose differs by more than 0.05 Sv effective, or 0.5 Sv to an organ or "
            "the skin. Not computed here: ask the medical physicist.",
        ),
    )


def _clocks(discovered_at: datetime, zone: tzinfo) -> tuple[Clock, ...]:
    found_on = discovered_at.astimezone(zone).date()
    return (
        Clock(
            code="referrer_and_patient",
            words="Tell the referring physician and the patient",
            due_at=discovered_at + timedelta(hours=24),
        ),
        Clock(
            code="telephone",
            words="Report by telephone before the next calendar day ends",
            due_at=midnight(found_on + timedelta(days=2), zone),
        ),
        Clock(
            code="written",
            words="Report in writing",
            due_at=discovered_at + timedelta(days=15),
        ),
    )
