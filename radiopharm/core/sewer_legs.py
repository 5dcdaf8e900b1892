"""Legs about a sewer: what a site lets go in a month and in a year, this discharge included.

Decided exactly, in whole becquerels, what is about to go rounded up. Without the drain's account
(a container that is only looked at) or a figure that is missing, a leg is not computable and says
what it lacks. Excreta count too, which is stricter than 10 CFR 20.2003(b).
"""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil

from radiopharm.core import formatting as fmt
from radiopharm.core.limit_tables import LimitTable
from radiopharm.core.rule_packs import LegRule
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
    if drain.sewage_m3 is None:
        missing.append(f"Missing: the site's volume of sewage in {drain.month.name}, in m³.")
    if missing or drain.sewage_m3 is None:
        return verdict(rule, None, "not known", " ".join(missing))
    used = _fractions(drain.month_bq, rule, case, Fraction(drain.sewage_m3))
    with_it = used + _fractions(present, rule, case, Fraction(drain.sewage_m3))
    return _told(rule, drain.month.name, used, with_it)


def per_year(rule: LegRule, case: Case) -> Leg:
    """All nuclides together since the year began."""
    drain, bq = case.container.drain, sum(_present(case).values())
    limit = Fraction(rule.limit)
    if drain is None:
        value = f"{fmt.activity_auto(bq)} in this container"
        if rule.holds(Fraction(bq, GBQ), limit):
            return verdict(rule, None, value, f"{value}. {NO_ACCOUNT}")
        return verdict(rule, False, value, f"{value} alone is too much. {rule.otherwise}")
    used = Fraction(drain.year_bq, GBQ)
    return _told(rule, str(drain.month.year), used, used + Fraction(bq, GBQ))


def share(part: Fraction, limit: Fraction) -> str:
    """How much of a limit that is, in whole per cent, never rounded down to 100: ``37 %``."""
    return f"{ceil(part / limit * 100)} %"


def _told(rule: LegRule, period: str, used: Fraction, with_it: Fraction) -> Leg:
    limit = Fraction(rule.limit)
    passed = rule.holds(with_it, limit)
    said = (
        f"{period}: {share(used, limit)} used, this discharge would make it "
        f"{share(with_it, limit)}."
    )
    message = said if passed else f"{said} {rule.otherwise}"
    return verdict(rule, passed, share(with_it, limit), message)


def _present(case: Case) -> dict[str, int]:
    found = contents(case.container, case.at, case.data)
    return {symbol: ceil(bq) for symbol, bq in found.items()}


def _missing(rule: LegRule, table: LimitTable, case: Case, symbols: set[str]) -> list[str]:
    return [
        table.missing(symbol, rule.authority)
        for symbol in sorted(symbols)
        if table.of(symbol, case.data) is None
    ]


def _fractions(bq: Mapping[str, int], rule: LegRule, case: Case, sewage_m3: Fraction) -> Fraction:
    """The sum of each nuclide's mean concentration over its limit; every limit is known here."""
    assert rule.table is not None
    limits = {symbol: rule.table.of(symbol, case.data) for symbol in bq}
    return sum(
        (bq[symbol] / (sewage_m3 * Fraction(it.value)) for symbol, it in limits.items() if it),
        start=Fraction(),
    )
