"""Legs that weigh the activities of what is there, progeny included, against limits.

A leg passes from the instant on from which its limit holds for good: where a daughter grows in, a
sum that is below its limit for a while has not passed. Whether a limit holds at a microsecond is
decided on exact fractions of the computed activities; bounds only say where to look.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction

from radiopharm.core import formatting as fmt
from radiopharm.core import leg_parts
from radiopharm.core.crossing import holds_from
from radiopharm.core.decay import seconds
from radiopharm.core.rule_packs import LegRule
from radiopharm.core.strands import Strand, counted, strands
from radiopharm.core.sums import allowed, rounded_up
from radiopharm.core.verdicts import MICROSECOND, Case, Leg, last_to_hold, later, verdict
from radiopharm.core.waste import PutIn

BOUND = 1 + 1e-9  # more than the rounding of any computed activity
PER_VOLUME_ML = 100_000  # 0.1 m³
KBQ = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """What a leg adds up: becquerels by nuclide, each times its weight, against the leg's limit."""

    rule: LegRule
    strands: tuple[Strand, ...]
    weights: Mapping[str, Fraction]

    def terms(self, elapsed_s: float) -> dict[str, Fraction]:
        """Each nuclide's part of the sum, exactly as computed."""
        found = self._counted([(each, each.after(elapsed_s)) for each in self.strands])
        return {symbol: Fraction(bq) * self.weights[symbol] for symbol, bq in found.items()}

    def holds(self, elapsed_us: int) -> bool:
        """Whether the limit holds at a microsecond after the last item went in."""
        return allowed(self.rule, self.terms(elapsed_us / 1e6))

    def may_exceed(self, elapsed_us: int, within_us: float) -> bool:
        """False only if the limit holds throughout the next *within_us*."""
        spans = [(each, each.most(elapsed_us / 1e6, within_us / 1e6)) for each in self.strands]
        most = self._counted(spans)
        terms = {symbol: bq * BOUND * self._near[symbol] for symbol, bq in most.items()}
        return not allowed(self.rule, terms)

    @property
    def _near(self) -> Mapping[str, float]:
        return {symbol: float(weight) for symbol, weight in self.weights.items()}

    def _counted(self, found: list[tuple[Strand, dict[str, float]]]) -> dict[str, float]:
        covers = self.rule.table.covers if self.rule.table else {}
        return {s: bq for s, bq in counted(found, covers).items() if s in self.weights}


def concentration(rule: LegRule, case: Case) -> Leg:
    """Becquerels per gram, as a sum of fractions of each nuclide's limit."""
    mass_g = case.container.mass_g
    if mass_g is None:
        return _lacks(rule, "Its mass is missing: weigh it when it is sealed.")
    if rule.averaging_mass_g is not None and mass_g > rule.averaging_mass_g:
        most_kg = f"{rule.averaging_mass_g / 1000:f} kg"
        said = f"It is heavier than {most_kg}, over which this may be averaged: {rule.otherwise}"
        return _lacks(rule, said)
    return _weighed(rule, case, per=Fraction(mass_g), over=f"over {fmt.figure(mass_g)} g")


def total_activity(rule: LegRule, case: Case) -> Leg:
    """Becquerels of the whole container, as a sum of fractions of each nuclide's limit."""
    return _weighed(rule, case, per=Fraction(1), over="in all")


def liquid_concentration(rule: LegRule, case: Case) -> Leg:
    """Becquerels per cubic metre, as a sum of fractions of each nuclide's limit."""
    volume_ml = case.container.volume_ml
    if volume_ml is None:
        return _lacks(rule, _NO_VOLUME)
    volume_l = fmt.figure(Fraction(volume_ml, 1000))
    return _weighed(rule, case, per=Fraction(volume_ml, 10**6), over=f"in {volume_l} L")


def per_volume(rule: LegRule, case: Case) -> Leg:
    """Everything in it together, per 0.1 m³."""
    volume_ml = case.container.volume_ml
    if volume_ml is None:
        return _lacks(rule, _NO_VOLUME)
    return _weighed(rule, case, per=Fraction(volume_ml * KBQ, PER_VOLUME_ML), over="in it")


def per_article(rule: LegRule, case: Case) -> Leg:
    """The most active article: an item is one, so that none hides in a mean, or so many alike as
    somebody counted."""
    return last_to_hold(_of_an_article(rule, case, item) for item in case.container.items)


def _of_an_article(rule: LegRule, case: Case, item: PutIn) -> Leg:
    alone = replace(case, container=replace(case.container, items=(item,)))
    count = item.counts_as
    over = "in one item" if count == 1 else f"in each of {count} articles"
    return _weighed(rule, alone, per=Fraction(KBQ * count), over=over)


def _weighed(rule: LegRule, case: Case, *, per: Fraction, over: str) -> Leg:
    container = case.container
    begin = container.last_put_in_at
    parts = strands(container, begin, case.data)
    weights, missing = _weights(rule, case, parts, per)
    weighing = Weighing(rule=rule, strands=parts, weights=weights)
    terms = _terms_at(weighing, case)
    value = _value(rule, terms)
    if missing:
        leg = verdict(rule, None, f"at least {value}", " ".join(missing))
    else:
        leg = _timed(weighing, case, terms, value, over)
    decide = leg_parts.status(rule, case.data, terms)
    return replace(leg, status=decide, parts=leg_parts.parts(rule, case.data, terms))


def _timed(
    weighing: Weighing, case: Case, terms: Mapping[str, Fraction], value: str, over: str
) -> Leg:
    rule, begin = weighing.rule, case.container.last_put_in_at
    most_us = (datetime.max.replace(tzinfo=UTC) - begin) // MICROSECOND
    wait_us = holds_from(weighing.holds, weighing.may_exceed, most_us)
    earliest_at = None if wait_us is None else later(begin, wait_us)
    passed = earliest_at is not None and case.at >= earliest_at
    limit = f"{_AT_MOST[rule.operator]} {rule.limit if rule.table else rule.limit_text}"
    message = f"{'The fractions add up to ' if rule.table else ''}{value} {over}; {limit} allowed."
    if not passed and allowed(rule, terms):
        message = f"{message} It will rise above that again: what grows in counts too."
    elif not passed:
        message = f"{message} {rule.otherwise}"
    return verdict(rule, passed, value, message, earliest_at)


def _terms_at(weighing: Weighing, case: Case) -> dict[str, Fraction]:
    """The terms at the instant asked about, of what had gone in by then."""
    there = [item for item in case.container.items if item.put_in_at <= case.at]
    if not there:
        return {}
    if len(there) == len(case.container.items):
        return weighing.terms(seconds(case.container.last_put_in_at, case.at))
    begin = max(item.put_in_at for item in there)
    then = replace(weighing, strands=strands(case.container, begin, case.data))
    return then.terms(seconds(begin, case.at))


def _weights(
    rule: LegRule, case: Case, parts: Iterable[Strand], per: Fraction
) -> tuple[dict[str, Fraction], list[str]]:
    """What each nuclide's becquerels are multiplied by, and what keeps others from being judged."""
    covers = rule.table.covers if rule.table else {}
    symbols = counted([(each, dict(each.at_start)) for each in parts], covers)
    if rule.table is None:
        return {symbol: 1 / per for symbol in symbols}, []
    limits = {symbol: rule.table.of(symbol, case.data) for symbol in symbols}
    weights = {s: 1 / (Fraction(limit.value) * per) for s, limit in limits.items() if limit}
    missing = [rule.table.missing(s, rule.authority) for s, limit in limits.items() if not limit]
    return weights, missing


def _value(rule: LegRule, terms: Mapping[str, Fraction]) -> str:
    unit = "" if rule.table else f" {rule.unit}"
    return f"{rounded_up(sum(terms.values(), Fraction()))}{unit}"


def _lacks(rule: LegRule, message: str) -> Leg:
    return verdict(rule, None, "not known", message)


_AT_MOST = {"<=": "at most", "<": "less than"}
_NO_VOLUME = "Its volume is missing: measure it when it is sealed."
