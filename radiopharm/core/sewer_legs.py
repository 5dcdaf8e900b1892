"""Legs about a sewer: what a site lets go in a month and in a year, this discharge included.

Decided exactly, in whole becquerels, what is about to go rounded up. Without the drain's account
(a container that is only looked at) or a figure that is missing, a leg is not computable and says
what it lacks. Excreta count too, which is stricter than 10 CFR 20.2003(b).
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from math import ceil

from radiopharm.core import formatting as fmt
from radiopharm.core import leg_parts
from radiopharm.core.drain_accounts import DrainAccount, Sewage
from radiopharm.core.limit_tables import LimitTable
from radiopharm.core.rule_packs import LegRule
from radiopharm.core.sums import rounded_up
from radiopharm.core.verdicts import Case, Leg, verdict
from radiopharm.core.waste import contents

GBQ = 10**9
NO_ACCOUNT = "Missing: the account of discharges. Pour it on the drain's page."


def per_month(rule: LegRule, case: Case) -> Leg:
    """The month's discharges in the month's sewage, as a sum of fractions."""
    assert rule.table is not None  # the kind needs one
    drain, present = case.container.drain, _present(case)
    missing = _missing(rule, rule.table, case, {*present, *(drain.month_bq if drain else ())})
    if drain is None:
        return verdict(rule, None, "not known", " ".join([*missing, NO_ACCOUNT]))
    if drain.sewage is None:
        missing.append(f"Missing: the site's volume of sewage in {drain.month.name}, in m³.")
    if missing or drain.sewage is None:
        return verdict(rule, None, "not known", " ".join(missing))
    return _of_the_month(rule, case, drain, drain.sewage, present)


def per_year(rule: LegRule, case: Case) -> Leg:
    """All nuclides together since the year began."""
    drain, bq = case.container.drain, sum(_present(case).values())
    limit = Fraction(rule.limit)
    if drain is None:
        value = f"{fmt.activity_auto(bq)} in this container"
        if rule.holds(Fraction(bq, GBQ), limit):
            return verdict(rule, None, value, f"{value}. {NO_ACCOUNT}")
        return verdict(rule, False, value, f"{value} alone is too much. {rule.otherwise}")
    used, with_it = (Fraction(each, GBQ) for each in (drain.year_bq, drain.year_bq + bq))
    said = f"{fmt.bq_exact(drain.year_bq + bq)} of {rule.limit_text}"
    return _told(rule, case, str(drain.month.year), used, with_it, said)


def share(part: Fraction, limit: Fraction) -> str:
    """How much of a limit that is, in whole per cent, never rounded down to 100: ``37 %``."""
    return f"{ceil(part / limit * 100)} %"


def _of_the_month(
    rule: LegRule, case: Case, drain: DrainAccount, sewage: Sewage, present: Mapping[str, int]
) -> Leg:
    together = _added(drain.month_bq, present)
    used = sum(_fractions(drain.month_bq, rule, case, sewage).values(), Fraction())
    terms = _fractions(together, rule, case, sewage)
    with_it = sum(terms.values(), Fraction())
    water = f"{sewage.m3:,f} m³"
    said = (
        f"in {water} of sewage ({sewage.source}) the fractions add up to "
        f"{rounded_up(with_it)} of {rule.limit}"
    )
    leg = _told(rule, case, drain.month.name, used, with_it, said)
    workings = {symbol: f"{fmt.bq_exact(bq)} in {water}" for symbol, bq in together.items()}
    parts = leg_parts.parts(rule, case.data, terms, workings)
    return replace(leg, status=leg_parts.status(rule, case.data, terms), parts=parts)


def _told(
    rule: LegRule, case: Case, period: str, used: Fraction, with_it: Fraction, working: str
) -> Leg:
    limit = Fraction(rule.limit)
    passed = rule.holds(with_it, limit)
    said = f"{period}: {share(used, limit)} used"
    if case.container.items:
        said = f"{said}, this discharge would make it {share(with_it, limit)}"
    message = f"{said}; {working}."
    message = message if passed else f"{message} {rule.otherwise}"
    return verdict(rule, passed, share(with_it, limit), message)


def _present(case: Case) -> dict[str, int]:
    found = contents(case.container, case.at, case.data)
    return {symbol: ceil(bq) for symbol, bq in found.items()}


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {symbol: one.get(symbol, 0) + other.get(symbol, 0) for symbol in {**one, **other}}


def _missing(rule: LegRule, table: LimitTable, case: Case, symbols: Iterable[str]) -> list[str]:
    return [
        table.missing(symbol, rule.authority)
        for symbol in sorted(symbols)
        if table.of(symbol, case.data) is None
    ]


def _fractions(
    bq: Mapping[str, int], rule: LegRule, case: Case, sewage: Sewage
) -> dict[str, Fraction]:
    """Each nuclide's mean concentration over its limit; every limit is known here."""
    assert rule.table is not None
    limits = {symbol: rule.table.of(symbol, case.data) for symbol in bq}
    water_m3 = Fraction(sewage.m3)
    return {s: bq[s] / (water_m3 * Fraction(it.value)) for s, it in limits.items() if it}
