"""Legs about a sewer: what a site lets go in a month and in a year, this container included.

No account of discharges is kept yet. A leg fails where this container alone is too much, and is
else not computable: it says which account is missing, and which figures.
"""

from fractions import Fraction

from radiopharm.core import formatting as fmt
from radiopharm.core.rule_packs import LegRule
from radiopharm.core.verdicts import Case, Leg, verdict
from radiopharm.core.waste import contents

GBQ = 10**9


def per_month(rule: LegRule, case: Case) -> Leg:
    """The month's discharges in the month's sewage, as a sum of fractions."""
    assert rule.table is not None  # the kind needs one
    present = contents(case.container, case.at, case.data)
    missing = [
        rule.table.missing(symbol, rule.authority)
        for symbol in present
        if rule.table.of(symbol, case.data) is None
    ]
    said = "Missing: this month's account of discharges and the site's volume of sewage in it."
    return verdict(rule, None, "not known", " ".join([*missing, said]))


def per_year(rule: LegRule, case: Case) -> Leg:
    """All nuclides together since the year began."""
    bq = sum(contents(case.container, case.at, case.data).values())
    value = f"{fmt.activity_auto(bq)} in this container"
    if not rule.holds(Fraction(bq) / GBQ, Fraction(rule.limit)):
        return verdict(rule, False, value, f"{value} alone is too much. {rule.otherwise}")
    said = f"{value}. Missing: the year's account of what went to this sewer before."
    return verdict(rule, None, value, said)
