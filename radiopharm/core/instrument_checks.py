"""Checks of an instrument: readings held against what was expected, by the site's own tolerance.

What is expected is the certified activity of a check source, or the first reading of a series,
carried by decay to when it was read; backwards too, never clamped. Decided once, when written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Self

from radiopharm.core import formatting as fmt
from radiopharm.core.check_plans import AGAINST, IN_PERCENT, Against, CheckKind, CheckPlan
from radiopharm.core.check_sources import CheckSource
from radiopharm.core.decay import OutOfRange
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.readings import Measured, ReadingId
from radiopharm.core.working import Working, explain

VERDICTS = {
    True: "passed",
    False: "failed",
    None: "cannot be judged: enter a tolerance",
}
LEAST_READINGS = {Against.FIRST_DECAYED: 2, Against.FIRST: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCheck:
    """A check as the bench states it: its readings in their order, each with what it is of.

    `source_id` where a check source was read, `nuclide` where a series decays by it.
    """

    instrument_id: int
    kind: CheckKind
    readings: tuple[tuple[str, Measured | ReadingId], ...]
    source_id: int | None = None
    nuclide: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A reading of a check beside what was expected (Bq; None where nothing is held against it)."""

    label: str
    bq: int
    text: str
    at: datetime
    expected_bq: float | None
    reading_id: int | None = None
    working: Mapping[str, object] | None = None

    @property
    def by(self) -> str:
        """`device` or `typed`."""
        return "device" if self.reading_id else "typed"

    def difference(self, kind: CheckKind) -> Fraction:
        """reading / expected − 1; for a *kind* not judged in % reading − expected in Bq. Exact."""
        expected = Fraction(self.expected_bq or 0)
        return self.bq / expected - 1 if kind in IN_PERCENT else self.bq - expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Voided:
    """That a check does not count, and why."""

    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """That an instrument may be used although a check failed: whose word, when, and why."""

    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check on record; `passed` was decided when it was written, by the `plan` of that day.

    Without a plan it could not be judged: `passed` is None.
    """

    id: int
    instrument_id: int
    kind: CheckKind
    source_id: int | None
    source: str
    nuclide: str | None
    points: tuple[Point, ...]
    plan: CheckPlan | None
    passed: bool | None
    note: str
    checked_at: datetime
    recorded_at: datetime
    by: str
    voided: Voided | None = None
    decision: Decision | None = None

    @property
    def measured(self) -> tuple[int | None, str | None]:
        """What was measured, source and nuclide: a check of another says nothing of this one."""
        return self.source_id, self.nuclide

    @property
    def deciding(self) -> Point:
        """The reading that decides."""
        return deciding(self.kind, self.points)

    @property
    def worst(self) -> Fraction:
        """The difference that decides."""
        return self.deciding.difference(self.kind)

    @property
    def worst_text(self) -> str:
        """``−0.4 %``, or ``+12.0 kBq``."""
        return difference_text(self.kind, self.worst)

    @property
    def verdict(self) -> str:
        """The same in words."""
        return VERDICTS[self.passed]

    @property
    def is_locking(self) -> bool:
        """Whether it failed and nobody took the instrument on their own word since."""
        return self.passed is False and self.decision is None

    def as_known(self, at: datetime) -> Self:
        """The same without what was said of it after *at*."""
        voided = self.voided if self.voided and self.voided.at <= at else None
        decision = self.decision if self.decision and self.decision.at <= at else None
        return replace(self, voided=voided, decision=decision)

    @property
    def called(self) -> str:
        """``constancy Cs-137``."""
        return " ".join(filter(None, (self.kind, self.nuclide)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A check with its readings as they were taken, what it is held against and by what plan."""

    command: RecordCheck
    readings: tuple[tuple[str, Measured], ...]
    source: CheckSource | None
    plan: CheckPlan | None
    data: NuclearData
    now: datetime

    @property
    def nuclide(self) -> str | None:
        """What was measured: the source's nuclide, or the one a series decays by."""
        if AGAINST[self.command.kind] is Against.SOURCE:
            return self.source.nuclide if self.source else None
        return self.command.nuclide


def points(taken: Taken) -> tuple[Point, ...]:
    """Each reading with what was expected then; raises `OutOfRange` where that is no figure."""
    return tuple(_point(taken, label, said) for label, said in taken.readings)


def passes(kind: CheckKind, found: Sequence[Point], plan: CheckPlan | None) -> bool | None:
    """Whether a check is within the plan's tolerance; None where there is no plan to judge by."""
    return None if plan is None else plan.allows(worst(kind, found))


def worst(kind: CheckKind, found: Sequence[Point]) -> Fraction:
    """The difference that decides."""
    return deciding(kind, found).difference(kind)


def deciding(kind: CheckKind, found: Sequence[Point]) -> Point:
    """The reading furthest off, either way in per cent, above as an activity.

    The first of a series is no check of itself.
    """

    def off(point: Point) -> Fraction:
        difference = point.difference(kind)
        return abs(difference) if kind in IN_PERCENT else difference

    return max(found[1:] if AGAINST[kind] in LEAST_READINGS else found, key=off)


def difference_text(kind: CheckKind, difference: Fraction) -> str:
    """A difference as people read it: ``−0.41 %``, or ``+12.0 kBq``; a background has no sign."""
    sign = "+" if difference > 0 and kind is not CheckKind.BACKGROUND else ""
    if kind not in IN_PERCENT:
        return sign + fmt.activity_auto(difference)
    hundredths = Decimal(round(difference * 10_000)).scaleb(-2)
    return f"{sign}{hundredths:,f} %".replace("-", "−")


def _point(taken: Taken, label: str, said: Measured) -> Point:
    found = _working(taken, said)
    return Point(
        label=label,
        bq=said.bq,
        text=said.text,
        at=said.at,
        expected_bq=found.activity_bq if found else _as_it_is(taken),
        reading_id=said.reading.id if said.reading else None,
        working=found.as_dict() if found else None,
    )


def _working(taken: Taken, said: Measured) -> Working | None:
    """How what was expected at a reading follows by decay; None where decay has no part in it."""
    against = AGAINST[taken.command.kind]
    if against is Against.SOURCE and taken.source:
        amount_bq, reference_at = taken.source.activity_bq, taken.source.reference_at
    elif against is Against.FIRST_DECAYED:
        _, first = taken.readings[0]
        amount_bq, reference_at = first.bq, first.at
    else:
        return None
    nuclide = taken.nuclide
    if nuclide is None:
        raise OutOfRange("Without a nuclide nothing can be reckoned.")
    return explain(
        amount_bq=amount_bq,
        ratios={},
        principal=nuclide,
        reference_at=reference_at,
        at=said.at,
        data=taken.data,
    )


def _as_it_is(taken: Taken) -> float | None:
    if AGAINST[taken.command.kind] is Against.NOTHING:
        return None
    return float(taken.readings[0][1].bq)
