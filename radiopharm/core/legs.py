"""What each kind of leg means: one function a kind, from a container at an instant to a verdict.

Three answers: passed, not passed, or not computable, and then the message says what is missing.
Legs judge what was declared as put in; progeny only where a kind says so. Decisions are exact:
half-lives are taken as the decimal numbers they are printed as, time as whole microseconds.

A new kind is an entry in `rule_packs.KINDS` and a function in `JUDGES`, nothing else.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from radiopharm.core.figures import Status
from radiopharm.core.rule_packs import LegRule
from radiopharm.core.waste import Container, LicenceCondition, Portion, Survey

DAY_S = 86_400
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One condition, judged: `value operator limit`, whose rule it is, and what to do about it.

    `earliest_at` is the instant from which the leg holds for good; None when that is never or
    cannot be said yet, and for a survey, which is no matter of time.
    """

    code: str
    kind: str
    passed: bool | None
    value: str
    limit: str
    operator: str
    clause: str
    source: str
    status: Status
    message: str
    earliest_at: datetime | None = None

    def as_dict(self) -> dict[str, object]:
        """The leg for JSON, as the check answers it and a release keeps it."""
        earliest_at = self.earliest_at
        utc = earliest_at and earliest_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        return {**asdict(self), "status": self.status.value, "earliest_at": utc}


def judge(rule: LegRule, container: Container, at: datetime) -> Leg:
    """The leg *rule* of a pack for *container* at *at* (aware, UTC)."""
    if not container.items:
        return _leg(rule, None, "nothing", "Nothing has been put in yet.")
    return JUDGES[rule.kind](rule, container, at)


def seal_leg(container: Container, at: datetime) -> Leg:
    """The leg of every pack: what may still change cannot be judged for good.

    An open container could be sealed at *at* at the earliest.
    """
    sealed = container.is_sealed(at)
    return Leg(
        code="sealed",
        kind="sealed",
        passed=sealed or None,
        value="sealed" if sealed else "open",
        limit="sealed",
        operator="=",
        clause="only a container that can no longer change is released",
        source="house rule",
        status=Status.VERIFIED,
        message="Sealed." if sealed else "Seal the container; until then something may go in.",
        earliest_at=container.sealed_at if sealed else at,
    )


def exact_seconds(half_life_s: float) -> Fraction:
    """The decimal number that is printed for *half_life_s*, not the binary one nearest to it."""
    return Fraction(repr(half_life_s))


def _half_life_limit(rule: LegRule, container: Container, _at: datetime) -> Leg:
    too_long = [portion for portion in container.nuclides if not _within_days(rule, portion)]
    if too_long:
        message = (
            f"{_named(too_long)} against a limit of {rule.limit_text}: it will never pass, however "
            f"long it waits. {rule.otherwise}"
        )
        return _leg(rule, False, _named(too_long), message)
    message = f"Every nuclide put in is within {rule.limit_text}."
    return _leg(rule, True, _named(container.nuclides[-1:]), message, container.last_put_in_at)


def _n_half_lives(rule: LegRule, container: Container, at: datetime) -> Leg:
    longest = container.nuclides[-1]
    half_life_s = exact_seconds(longest.half_life_s)
    begin = container.last_put_in_at
    earliest_at = _instant(begin, Fraction(rule.limit) * half_life_s, rule.operator)
    passed = earliest_at is not None and at >= earliest_at
    value = f"{_round_down(_elapsed_s(begin, at) / half_life_s)} half-lives"
    message = f"{value} of {_named([longest])} since the last item; {rule.limit_text} needed."
    return _leg(
        rule, passed, value, message if passed else f"{message} {rule.otherwise}", earliest_at
    )


def _survey(rule: LegRule, container: Container, at: datetime) -> Leg:
    survey = latest_survey(container, at)
    if survey is None:
        missing = "No survey since the seal: measure background and the surface of the container."
        return _leg(rule, None, "no reading", missing)
    if survey.background_unit != survey.reading_unit:
        missing = (
            f"Background is in {survey.background_unit} and the reading in {survey.reading_unit}: "
            "measure both in one unit."
        )
        return _leg(rule, None, "two units", missing)
    return _compare_with_background(rule, survey)


def _licence_condition(rule: LegRule, container: Container, at: datetime) -> Leg:
    needing = [p for p in container.nuclides if not _within_days(rule, p)]
    if not needing:
        message = f"No nuclide here exceeds {rule.limit_text}: no licence condition is needed."
        return _leg(rule, True, "not needed", message, container.last_put_in_at)
    conditions = container.licence_conditions
    uncovered = [p for p in needing if not any(p.symbol in c.nuclides for c in conditions)]
    if uncovered:
        missing = (
            f"{_named(uncovered)} needs a site entry: the number and text of the licence condition "
            f"that allows holding it, and for how long. {rule.otherwise}"
        )
        return _leg(rule, None, _named(uncovered), missing)
    holds = [
        _hold(rule, condition, portion, container.last_put_in_at, at)
        for portion in needing
        for condition in conditions
        if portion.symbol in condition.nuclides
    ]
    return last_to_hold(holds)


def last_to_hold(legs: Iterable[Leg]) -> Leg:
    """The leg that holds last; one without an instant never holds, so it comes last of all."""
    never = datetime.max.replace(tzinfo=UTC)
    return max(legs, key=lambda leg: leg.earliest_at or never)


def latest_survey(container: Container, at: datetime) -> Survey | None:
    """The survey that counts at *at*: the latest by then, made on the sealed container.

    It may be made any time after the seal, since a later reading overrides it, a worse one too;
    of two at the same instant the one recorded last counts.
    """
    if container.sealed_at is None or not container.is_sealed(at):
        return None
    sealed_at = container.sealed_at
    made = [survey for survey in container.surveys if sealed_at <= survey.measured_at <= at]
    return max(reversed(made), key=lambda survey: survey.measured_at, default=None)


def _compare_with_background(rule: LegRule, survey: Survey) -> Leg:
    limit = Fraction(rule.limit) * Fraction(survey.background)
    value = f"{survey.reading:f} {survey.reading_unit}"
    message = f"{value} at the surface, {survey.background:f} background."
    passed: bool | None = rule.holds(Fraction(survey.reading), limit)
    if not passed:
        message = f"{message} {rule.otherwise}"
    elif not (survey.unshielded and survey.most_sensitive_scale):
        passed = None
        message = "Measure again, unshielded and on the most sensitive scale."
    leg = _leg(rule, passed, value, message)
    return replace(leg, limit=f"{rule.limit * survey.background:f} {survey.reading_unit}")


def _hold(
    rule: LegRule, condition: LicenceCondition, portion: Portion, begin: datetime, at: datetime
) -> Leg:
    step_s = {"half-lives": exact_seconds(portion.half_life_s), "d": Fraction(DAY_S)}
    unit_s = step_s[condition.hold_unit]
    earliest_at = _instant(begin, Fraction(condition.hold) * unit_s, ">=")
    passed = earliest_at is not None and at >= earliest_at
    value = f"{_round_down(_elapsed_s(begin, at) / unit_s)} {condition.hold_unit}"
    limit = f"{condition.hold:f} {condition.hold_unit}"
    message = f"{_named([portion])}: {value} since the last item, {limit} under {condition.number}."
    leg = _leg(rule, passed, value, message, earliest_at)
    return replace(leg, limit=limit, operator=">=", source=condition.number, clause=condition.text)


def _leg(
    rule: LegRule,
    passed: bool | None,
    value: str,
    message: str,
    earliest_at: datetime | None = None,
) -> Leg:
    return Leg(
        code=rule.code,
        kind=rule.kind,
        passed=passed,
        value=value,
        limit=rule.limit_text,
        operator=rule.operator,
        clause=rule.clause,
        source=rule.source,
        status=rule.status,
        message=message,
        earliest_at=earliest_at,
    )


def _within_days(rule: LegRule, portion: Portion) -> bool:
    return rule.holds(exact_seconds(portion.half_life_s), Fraction(rule.limit) * DAY_S)


def _instant(begin: datetime, wait_s: Fraction, operator: str) -> datetime | None:
    """The first microsecond at which the wait is over; None beyond the calendar's end."""
    wait_us = wait_s * 1_000_000
    whole = ceil(wait_us) if operator == ">=" else floor(wait_us) + 1
    try:
        return begin.astimezone(UTC) + timedelta(microseconds=whole)
    except OverflowError:
        return None


def _elapsed_s(begin: datetime, end: datetime) -> Fraction:
    elapsed = end.astimezone(UTC) - begin.astimezone(UTC)
    return Fraction(elapsed // MICROSECOND, 1_000_000)


def _round_down(number: Fraction) -> str:
    """Two decimals, never rounded up to a limit that is not reached."""
    return f"{Decimal(floor(number * 100)) / 100:.2f}"


def _named(portions: Iterable[Portion]) -> str:
    return ", ".join(f"{portion.symbol} {portion.half_life_text}" for portion in portions)


JUDGES: dict[str, Callable[[LegRule, Container, datetime], Leg]] = {
    "half_life_limit": _half_life_limit,
    "n_half_lives": _n_half_lives,
    "survey": _survey,
    "licence_condition": _licence_condition,
}
