"""Builders of rules for tests: a leg of a kind with limits of the test's own."""

from datetime import date
from decimal import Decimal
from typing import Any

from radiopharm.core.figures import Status
from radiopharm.core.limit_tables import Limit, LimitTable
from radiopharm.core.release import Check, release_check
from radiopharm.core.rule_packs import KINDS, LegRule, RulePack
from radiopharm.core.waste import Container
from tests.core.making_waste import DATA, START


def make_limit(value: str, **other: Any) -> Limit:
    given = {"clause": "table 1", "source": "test", "status": Status.VERIFIED} | other
    return Limit(value=Decimal(value), **given)


def make_table(unit: str, limits: dict[str, str], **other: Any) -> LimitTable:
    figures = {symbol: make_limit(value) for symbol, value in limits.items()}
    given = {"name": "t", "clause": "table 1", "defaults": {}, "covers": {}} | other
    return LimitTable(unit=unit, limits=figures, **given)


def make_rule(kind: str, limits: dict[str, str] | None = None, **other: Any) -> LegRule:
    """A leg of *kind*: a sum of fractions of *limits*, or else a `limit` of its own."""
    said = KINDS[kind]
    in_table = other.keys() & {"unlisted", "defaults", "covers"}
    table = {name: other.pop(name) for name in in_table}
    given: dict[str, Any] = {
        "code": kind,
        "operator": said.operators[0],
        "limit": Decimal(1),
        "unit": said.unit,
        "clause": "clause 1",
        "source": "test",
        "status": Status.VERIFIED,
        "otherwise": "Keep it.",
        "authority": "the authority",
        "table": make_table(said.table, limits, **table) if limits is not None else None,
    }
    return LegRule(kind=kind, **(given | other))


def make_pack(*legs: LegRule) -> RulePack:
    return RulePack(
        code="test",
        name="Test",
        jurisdiction="nowhere",
        authority="the authority",
        about="",
        effective_from=date(2000, 1, 1),
        legs=legs,
    )


def judged(container: Container, *legs: LegRule, at: Any = START) -> Check:
    return release_check(container, make_pack(*legs), at, DATA)


def waits_days(check: Check) -> float | None:
    """Days from the start to the earliest instant, to the microsecond."""
    if check.earliest_at is None:
        return None
    return (check.earliest_at - START).total_seconds() / 86_400
