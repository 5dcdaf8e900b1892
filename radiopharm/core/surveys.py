"""Area surveys: rooms measured point by point against action levels the safety officer entered.

A survey that reaches its level opens a deviation; only a later one below it everywhere, with what
was decontaminated written down, closes it. Numbers stay as typed and are compared exactly.
"""

import operator
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from radiopharm.core.local_time import midnight
from radiopharm.core.refusals import Refusal, run
from radiopharm.core.timing import AHEAD_TOLERATED

REACHES: dict[str, Callable[[Decimal, Decimal], bool]] = {">": operator.gt, ">=": operator.ge}


class SurveyKind(StrEnum):
    """The dose rate at a place, or what a wipe takes off a surface."""

    DOSE_RATE = "dose_rate"
    WIPE = "wipe"


UNITS = {
    SurveyKind.DOSE_RATE: ("µSv/h", "mrem/h", "mR/h"),
    SurveyKind.WIPE: ("Bq/cm²", "dpm/100 cm²", "cps", "cpm"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPlan:
    """How a room is surveyed from now on; without an interval it is not, for the reason given.

    A reading is over when it is `operator` the `level`, with its background or less it.
    """

    kind: SurveyKind
    interval_days: int | None
    level: Decimal
    operator: str
    unit: str
    less_background: bool
    source: str
    reason: str
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A place in a room where a reading is taken."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan as it was set; of one room and kind the newest stands."""

    id: int
    room_id: int
    kind: SurveyKind
    interval_days: int | None
    level: Decimal
    operator: str
    unit: str
    less_background: bool
    source: str
    reason: str
    points: tuple[Point, ...]
    recorded_at: datetime
    by: str

    def is_over(self, reading: Decimal, background: Decimal) -> bool:
        """Whether a reading calls for action; exact, with the operator that was entered."""
        value = reading - background if self.less_background else reading
        return REACHES[self.operator](value, self.level)

    @property
    def level_text(self) -> str:
        """``> 0.4 Bq/cm² less background``."""
        sign = "≥" if self.operator == ">=" else self.operator
        compared = "less background" if self.less_background else "as read"
        return f"{sign} {self.level:f} {self.unit} {compared}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSurvey:
    """A survey by a plan: background and a reading for each of its points, in the plan's unit."""

    plan_id: int
    instrument_id: int
    background: Decimal
    readings: tuple[tuple[int, Decimal], ...]
    surveyed_at: datetime
    decontamination: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voided:
    """That a survey does not count, and why."""

    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A survey on record; `is_over` was decided when it was written, by the plan of that day."""

    id: int
    room_id: int
    kind: SurveyKind
    plan_id: int
    instrument: str
    background: Decimal
    is_over: bool
    decontamination: str
    surveyed_at: datetime
    recorded_at: datetime
    by: str
    voided: Voided | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read at a point, and whether it reached the action level."""

    point: str
    reading: Decimal
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a room stands by a plan: the newest survey, what is open, when the next is due."""

    plan: Plan
    last: Survey | None
    deviation: Survey | None
    due_on: date | None
    overdue_at: datetime | None

    def is_overdue(self, at: datetime) -> bool:
        """Whether the day the survey was due on is over, where the room is."""
        return self.overdue_at is not None and at >= self.overdue_at


def standing(plan: Plan, surveys: Collection[Survey], zone: ZoneInfo) -> Standing:
    """How a room stands by *plan* after all its *surveys* of that kind, voided ones included."""
    counted = sorted(
        (each for each in surveys if each.voided is None), key=lambda it: (it.surveyed_at, it.id)
    )
    last = counted[-1] if counted else None
    due_on = _due_on(plan, last, zone)
    return Standing(
        plan=plan,
        last=last,
        deviation=_deviation(counted),
        due_on=due_on,
        overdue_at=_end_of(due_on, zone) if due_on else None,
    )


def survey_refusals(
    command: RecordSurvey, plan: Plan, standing_id: int, now: datetime
) -> tuple[Refusal, ...]:
    """Why a survey cannot be written as it is; *standing_id* is the plan that stands."""
    return run(_SURVEY_RULES, (command, plan, standing_id, now))


def plan_refusals(command: SetPlan) -> tuple[Refusal, ...]:
    """Why a room cannot be surveyed by such a plan."""
    return run(_PLAN_RULES, command)


def _deviation(counted: Iterable[Survey]) -> Survey | None:
    """The first survey over its level that none after it has closed."""
    found = None
    for survey in counted:
        if survey.is_over:
            found = found or survey
        elif survey.decontamination:
            found = None
    return found


def _due_on(plan: Plan, last: Survey | None, zone: ZoneInfo) -> date | None:
    if plan.interval_days is None:
        return None
    since = last.surveyed_at if last else plan.recorded_at
    return since.astimezone(zone).date() + timedelta(days=plan.interval_days)


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return midnight(day + timedelta(days=1), zone)


Given = tuple[RecordSurvey, Plan, int, datetime]


def _by_the_plan_that_stands(given: Given) -> Refusal | None:
    _, plan, standing_id, _ = given
    if plan.id == standing_id:
        return None
    said = "The plan of this room was changed meanwhile. Open the room again."
    return Refusal(code="plan_changed", message=said)


def _every_point_is_read(given: Given) -> Refusal | None:
    command, plan, _, _ = given
    if sorted(number for number, _ in command.readings) == sorted(p.id for p in plan.points):
        return None
    named = ", ".join(point.name for point in plan.points)
    said = f"Give one reading for each point: {named}."
    return Refusal(code="points", field="readings", message=said)


def _not_ahead(given: Given) -> Refusal | None:
    command, _, _, now = given
    if command.surveyed_at <= now + AHEAD_TOLERATED:
        return None
    said = "This lies ahead. Check the date and the time."
    return Refusal(code="ahead", field="surveyed_at", message=said)


def _unit_fits_the_kind(command: SetPlan) -> Refusal | None:
    if command.unit in UNITS[command.kind]:
        return None
    named = ", ".join(UNITS[command.kind])
    return Refusal(code="unit", field="unit", message=f"This kind is measured in {named}.")


def _points_are_told_apart(command: SetPlan) -> Refusal | None:
    if command.points and len(set(command.points)) == len(command.points):
        return None
    said = "Name at least one point, and each by another name."
    return Refusal(code="points", field="points", message=said)


_SURVEY_RULES = (_by_the_plan_that_stands, _every_point_is_read, _not_ahead)
_PLAN_RULES = (_unit_fits_the_kind, _points_are_told_apart)
