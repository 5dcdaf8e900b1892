"""Legs that judge a reading at the surface of the sealed container."""

from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from radiopharm.core.rule_packs import LegRule
from radiopharm.core.verdicts import Case, Leg, verdict
from radiopharm.core.waste import Container, Survey

DOSE_RATE_UNIT = "µSv/h"


def survey(rule: LegRule, case: Case) -> Leg:
    """The reading is no more than so many times the background."""
    found = latest_survey(case.container, case.at)
    if found is None:
        missing = "No survey since the seal: measure background and the surface of the container."
        return verdict(rule, None, "no reading", missing)
    if found.background_unit != found.reading_unit:
        missing = (
            f"Background is in {found.background_unit} and the reading in {found.reading_unit}: "
            "measure both in one unit."
        )
        return verdict(rule, None, "two units", missing)
    limit = f"{rule.limit * found.background:f} {found.reading_unit}"
    leg = _compare(rule, found, Fraction(rule.limit) * Fraction(found.background))
    return replace(leg, limit=limit)


def dose_rate(rule: LegRule, case: Case) -> Leg:
    """The reading is no more than a dose rate, whatever the background."""
    found = latest_survey(case.container, case.at)
    if found is None or found.reading_unit != DOSE_RATE_UNIT:
        missing = f"No survey in {DOSE_RATE_UNIT} since the seal: measure the surface so."
        return verdict(rule, None, "no reading", missing)
    return _compare(rule, found, Fraction(rule.limit))


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


def _compare(rule: LegRule, found: Survey, limit: Fraction) -> Leg:
    value = f"{found.reading:f} {found.reading_unit}"
    message = f"{value} at the surface, {found.background:f} background."
    passed: bool | None = rule.holds(Fraction(found.reading), limit)
    if not passed:
        message = f"{message} {rule.otherwise}"
    elif not (found.unshielded and found.most_sensitive_scale):
        passed = None
        message = "Measure again, unshielded and on the most sensitive scale."
    return verdict(rule, passed, value, message)
