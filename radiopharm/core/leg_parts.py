"""The working of a sum of fractions: what each nuclide adds to it, and whose figures decide."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from radiopharm.core import formatting as fmt
from radiopharm.core.figures import Status
from radiopharm.core.limit_tables import LimitTable
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.rule_packs import LegRule
from radiopharm.core.sums import left_out, rounded_up
from radiopharm.core.verdicts import Part

NO_WORKINGS: Mapping[str, str] = {}


def parts(
    rule: LegRule,
    data: NuclearData,
    terms: Mapping[str, Fraction],
    workings: Mapping[str, str] = NO_WORKINGS,
) -> tuple[Part, ...]:
    """Each nuclide's amount beside its limit; `workings` say where an amount comes from."""
    if rule.table is None:
        return ()
    out = left_out(rule, terms)
    made = (
        _part(rule.table, symbol, data, term, workings.get(symbol, ""))
        for symbol, term in terms.items()
    )
    return tuple(replace(it, note="left out") if it.nuclide in out else it for it in made if it)


def status(rule: LegRule, data: NuclearData, symbols: Iterable[str]) -> Status:
    """Verified only if every figure that decides is."""
    table = rule.table
    limits = [table.of(symbol, data) for symbol in symbols] if table else []
    decide = [rule.status, *(limit.status for limit in limits if limit)]
    verified = all(each is Status.VERIFIED for each in decide)
    return Status.VERIFIED if verified else Status.UNVERIFIED


def _part(
    table: LimitTable, symbol: str, data: NuclearData, term: Fraction, working: str
) -> Part | None:
    limit = table.of(symbol, data)
    if limit is None:
        return None
    return Part(
        nuclide=symbol,
        value=f"{fmt.figure(term * Fraction(limit.value))} {table.unit}",
        limit=f"{limit.value:,f} {table.unit}",
        fraction=rounded_up(term),
        source=f"{limit.clause}, {limit.source}",
        status=limit.status,
        note=limit.note,
        working=working,
    )
