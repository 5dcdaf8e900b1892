"""Legs that judge half-lives: how long, how many are over, and what a licence says of the rest.

They judge what was declared as put in; progeny only where the rule is about progeny. Half-lives
are taken as the decimal numbers they are printed as, time as whole microseconds.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from math import ceil, floor

from radiopharm.core.rule_packs import LegRule
from radiopharm.core.verdicts import (
    DAY_S,
    MICROSECOND,
    Case,
    Leg,
    exact_seconds,
    last_to_hold,
    later,
    round_down,
    verdict,
)
from radiopharm.core.waste import LicenceCondition, Portion


def half_life_limit(rule: LegRule, case: Case) -> Leg:
    """Every nuclide put in is short-lived enough."""
    container = case.container
    too_long = [portion for portion in container.nuclides if not _within_days(rule, portion)]
    if too_long:
        message = (
            f"{_named(too_long)} against a limit of {rule.limit_text}: it will never pass, however "
            f"long it waits. {rule.otherwise}"
        )
        return verdict(rule, False, _named(too_long), message)
    message = f"Every nuclide put in is within {rule.limit_text}."
    return verdict(rule, True, _named(container.nuclides[-1:]), message, container.last_put_in_at)


def progeny_half_life(rule: LegRule, case: Case) -> Leg:
    """All radioactive progeny is short-lived enough too, or outlives its parent beyond measure."""
    container, data = case.container, case.data
    pairs = [
        (portion, data.get(symbol))
        for portion in container.nuclides
        for symbol in data.chain(portion.symbol)[1:]
    ]
    wrong = [
        f"{daughter.symbol} {daughter.half_life_text} from {portion.symbol}"
        for portion, daughter in pairs
        if not _days_hold(rule, daughter.half_life_s)
        and not _ratio_below(rule, portion.half_life_s, daughter.half_life_s)
    ]
    if wrong:
        said = ", ".join(wrong)
        return verdict(rule, False, said, f"{said}: it will never pass. {rule.otherwise}")
    value = ", ".join(dict.fromkeys(daughter.symbol for _, daughter in pairs)) or "none"
    message = "No radioactive progeny lives too long."
    return verdict(rule, True, value, message, container.last_put_in_at)


def n_half_lives(rule: LegRule, case: Case) -> Leg:
    """So many half-lives of the longest-lived nuclide are over since the last item went in."""
    longest = case.container.nuclides[-1]
    half_life_s = exact_seconds(longest.half_life_s)
    begin = case.container.last_put_in_at
    earliest_at = _instant(begin, Fraction(rule.limit) * half_life_s, rule.operator)
    passed = earliest_at is not None and case.at >= earliest_at
    value = f"{round_down(_elapsed_s(begin, case.at) / half_life_s)} half-lives"
    message = f"{value} of {_named([longest])} since the last item; {rule.limit_text} needed."
    if not passed:
        message = f"{message} {rule.otherwise}"
    return verdict(rule, passed, value, message, earliest_at)


def licence_condition(rule: LegRule, case: Case) -> Leg:
    """What lives longer than the rule allows is held as a condition of the site's licence says."""
    needing = [portion for portion in case.container.nuclides if not _within_days(rule, portion)]
    if needing:
        return _as_the_licence_says(rule, case, needing)
    message = f"No nuclide here exceeds {rule.limit_text}: no licence condition is needed."
    return verdict(rule, True, "not needed", message, case.container.last_put_in_at)


def authority_decision(rule: LegRule, case: Case) -> Leg:
    """The authority has decided on every nuclide put in, and its decision is on file."""
    conditions = case.container.licence_conditions
    missing = [p for p in case.container.nuclides if not _conditions_of(p, conditions)]
    if missing:
        names = ", ".join(portion.symbol for portion in missing)
        said = (
            f"{names} needs a site entry: number and text of the decision by {rule.authority}, "
            f"among the licence conditions. {rule.otherwise}"
        )
        return verdict(rule, None, "none on file", said)
    leg = _as_the_licence_says(rule, case, case.container.nuclides)
    return replace(leg, limit=rule.limit_text, operator=rule.operator)


def _as_the_licence_says(rule: LegRule, case: Case, needing: Iterable[Portion]) -> Leg:
    conditions = case.container.licence_conditions
    if uncovered := [p for p in needing if not _conditions_of(p, conditions)]:
        missing = (
            f"{_named(uncovered)} needs a site entry: the number and text of the licence condition "
            f"that allows holding it, and for how long. {rule.otherwise}"
        )
        return verdict(rule, None, _named(uncovered), missing)
    return last_to_hold(
        _hold(rule, condition, portion, case)
        for portion in needing
        for condition in _conditions_of(portion, conditions)
    )


def _conditions_of(
    portion: Portion, conditions: Iterable[LicenceCondition]
) -> list[LicenceCondition]:
    return [condition for condition in conditions if portion.symbol in condition.nuclides]


def _hold(rule: LegRule, condition: LicenceCondition, portion: Portion, case: Case) -> Leg:
    begin = case.container.last_put_in_at
    step_s = {"half-lives": exact_seconds(portion.half_life_s), "d": Fraction(DAY_S)}
    unit_s = step_s[condition.hold_unit]
    earliest_at = _instant(begin, Fraction(condition.hold) * unit_s, ">=")
    passed = earliest_at is not None and case.at >= earliest_at
    value = f"{round_down(_elapsed_s(begin, case.at) / unit_s)} {condition.hold_unit}"
    limit = f"{condition.hold:f} {condition.hold_unit}"
    message = f"{_named([portion])}: {value} since the last item, {limit} under {condition.number}."
    leg = verdict(rule, passed, value, message, earliest_at)
    return replace(leg, limit=limit, operator=">=", source=condition.number, clause=condition.text)


def _within_days(rule: LegRule, portion: Portion) -> bool:
    return _days_hold(rule, portion.half_life_s)


def _days_hold(rule: LegRule, half_life_s: float) -> bool:
    return rule.holds(exact_seconds(half_life_s), Fraction(rule.limit) * DAY_S)


def _ratio_below(rule: LegRule, parent_s: float, daughter_s: float) -> bool:
    assert rule.progeny_ratio is not None  # the kind needs it
    return exact_seconds(parent_s) / exact_seconds(daughter_s) < Fraction(rule.progeny_ratio)


def _instant(begin: datetime, wait_s: Fraction, operator: str) -> datetime | None:
    """The first microsecond at which the wait is over; None beyond the calendar's end."""
    wait_us = wait_s * 1_000_000
    return later(begin, ceil(wait_us) if operator == ">=" else floor(wait_us) + 1)


def _elapsed_s(begin: datetime, end: datetime) -> Fraction:
    elapsed = end.astimezone(UTC) - begin.astimezone(UTC)
    return Fraction(elapsed // MICROSECOND, 1_000_000)


def _named(portions: Iterable[Portion]) -> str:
    return ", ".join(f"{portion.symbol} {portion.half_life_text}" for portion in portions)
