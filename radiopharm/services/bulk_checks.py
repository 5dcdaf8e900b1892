"""The release check of a hundred thousand containers in one pass, answering as the scalar one does.

Legs of half-lives are decided once a composition, exactly, and compared as whole microseconds. An
activity leg adds up its modes in arrays; where the sum, or what it can still grow to, is nearer to
the limit than `NEAR`, `core.legs` decides, as it does wherever neither half-lives nor activities
do. numpy is loaded here only, and only when there is work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from radiopharm.core.activity_legs import KBQ, PER_VOLUME_ML
from radiopharm.core.columns import NEVER_US, columns, microseconds
from radiopharm.core.legs import judge
from radiopharm.core.modes import ERROR, Modes, modes
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.rule_packs import LegRule, RulePack
from radiopharm.core.verdicts import MICROSECOND
from radiopharm.core.waste import Container, contents

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

NEAR = 1e-9
FAILED, UNDECIDED, UNKNOWN, PASSED = range(4)  # of several items the least counts
NEVER_CHANGES = ("half_life_limit", "progeny_half_life")
BY_COMPOSITION = (*NEVER_CHANGES, "n_half_lives", "licence_condition", "authority_decision")
BY_ITEM = ("container_of_item", "articles_of_item")
NO_PACK = ("sealed", "rule_pack")
READINGS = ("survey", "dose_rate")


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Of every leg (rows) and container (columns): failed, unknown or passed."""

    codes: tuple[str, ...]
    kinds: tuple[str, ...]
    answers: Numbers

    @property
    def legs(self) -> tuple[tuple[str, str], ...]:
        """Code and kind of each row."""
        return tuple(zip(self.codes, self.kinds, strict=True))

    def blocks(self, code: str, n: int) -> bool:
        """Whether the leg of that code stands in the way of a container; no if there is none."""
        return code in self.codes and bool(self.answers[self.codes.index(code), n] != PASSED)

    @property
    def releasable(self) -> Numbers:
        """Which may be released: every leg has passed."""
        return (self.answers == PASSED).all(axis=0)

    @property
    def measurable(self) -> Numbers:
        """Which need nothing but a reading, if that."""
        ready = self.answers == PASSED
        for row, kind in enumerate(self.kinds):
            ready[row] |= kind in READINGS
        return ready.all(axis=0)

    @property
    def waited(self) -> Numbers:
        """Whose earliest instant has come; an open container is taken to be sealed by then.

        A reading is no matter of time, nor is a decision that is not on file.
        """
        ready = self.answers == PASSED
        for row, kind in enumerate(self.kinds):
            ready[row] |= kind in (*READINGS, "sealed")
            ready[row] |= (kind == "authority_decision") & (self.answers[row] == UNKNOWN)
        return ready.all(axis=0)


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums now, the most they can still become, and the sizes their rounding goes by."""

    now: Numbers
    most: Numbers
    size: Numbers


class Batch:
    """*containers* in columns, to be judged by *pack* at as many instants as one likes."""

    def __init__(
        self, containers: Sequence[Container], pack: RulePack | None, data: NuclearData
    ) -> None:
        import numpy as np

        self.np, self.containers, self.pack, self.data = np, containers, pack, data
        self.columns = columns(containers)
        as_ints = ("last_us", "sealed_us", "put_in_us", "composition", *BY_ITEM)
        self.ints = {name: np.array(getattr(self.columns, name), np.int64) for name in as_ints}
        self.bq = np.array(self.columns.activity_bq, np.float64)
        self.item = np.array(self.columns.item_of_portion, np.int64)
        strains = np.array(self.columns.strain_of_portion, np.int64)
        self.portions = [np.flatnonzero(strains == n) for n in range(len(self.columns.strains))]

    def at(self, at: datetime) -> Verdicts:
        """Every leg of the pack and the seal, as `core.checking.seen` answers them."""
        if self.pack is None:
            none = self.np.full(len(self.containers), UNKNOWN)
            return Verdicts(NO_PACK, NO_PACK, self.np.array([self._sealed(at), none]))
        rules = self.pack.legs
        answers = [self._sealed(at), *(self._judged(rule, at) for rule in rules)]
        codes, kinds = [rule.code for rule in rules], [rule.kind for rule in rules]
        return Verdicts(("sealed", *codes), ("sealed", *kinds), self.np.array(answers))

    def activity_bq(self, at: datetime) -> Numbers:
        """Everything in each, progeny included; what goes in later does not count yet."""
        found = [modes(strain, self.data, None) for strain in self.columns.strains]
        total = self._by_container(self._sums(found, at).now)
        for n in self.np.flatnonzero(self._having([each is None for each in found])):
            total[n] = sum(contents(self.containers[n], at, self.data).values())
        return total

    def _sealed(self, at: datetime) -> Numbers:
        last, sealed = self.ints["last_us"], self.ints["sealed_us"]
        holds = (last <= sealed) & (sealed <= microseconds(at))
        return self.np.where(holds, PASSED, UNKNOWN)

    def _judged(self, rule: LegRule, at: datetime) -> Numbers:
        np = self.np
        if rule.kind in BY_COMPOSITION:
            found = self._by_composition(rule, at)
        elif rule.kind in PER:
            found = self._by_activity(rule, at)
        else:  # a reading nobody took since the seal is not known, whatever is in the container
            needed = rule.kind not in READINGS or np.array(self.columns.is_surveyed)
            found = np.where(np.broadcast_to(needed, len(self.containers)), UNDECIDED, UNKNOWN)
        last = self.ints["last_us"]
        found[last > microseconds(at)] = UNDECIDED
        found[last == NEVER_US] = UNKNOWN
        for n in np.flatnonzero(found == UNDECIDED):
            found[n] = _ANSWER[judge(rule, self.containers[n], at, self.data).passed]
        return found

    def _by_composition(self, rule: LegRule, at: datetime) -> Numbers:
        """One of each composition is judged; the others wait as long after their last item."""
        np, composition = self.np, self.ints["composition"]
        firsts = [self.containers[n] for n in self.columns.first_of_composition]
        found = np.array([self._wait(rule, first, at) for first in firsts], np.int64)
        answer, wait_us = found.reshape(-1, 2)[composition].T
        is_over = microseconds(at) - self.ints["last_us"] >= wait_us
        return np.where(wait_us == NEVER_US, answer, np.where(is_over, PASSED, FAILED))

    def _wait(self, rule: LegRule, container: Container, at: datetime) -> tuple[int, int]:
        """An answer that no waiting changes; or microseconds from the last item until it holds."""
        leg = judge(rule, container, at, self.data)
        if leg.passed is None:
            return UNKNOWN, NEVER_US
        if rule.kind in NEVER_CHANGES:
            return _ANSWER[leg.passed], NEVER_US
        if leg.earliest_at is None:  # beyond the calendar's end
            return UNDECIDED, NEVER_US
        return PASSED, (leg.earliest_at - container.last_put_in_at) // MICROSECOND

    def _by_activity(self, rule: LegRule, at: datetime) -> Numbers:
        np = self.np
        found = [modes(strain, self.data, rule) for strain in self.columns.strains]
        per, is_lacking = PER[rule.kind](self, rule)
        sums = self._sums(found, at)
        if rule.kind == "per_article":
            answers = np.full(len(self.containers), PASSED)
            of, count = (self.ints[name] for name in BY_ITEM)
            np.minimum.at(answers, of, _compared(np, rule, sums, per[of] * count))
        else:
            whole = Sums(*(self._by_container(each) for each in (sums.now, sums.most, sums.size)))
            answers = _compared(np, rule, whole, per)
        answers[self._having([each is None for each in found])] = UNDECIDED
        answers[self._having([each is not None and each.is_missing for each in found])] = UNKNOWN
        answers[is_lacking] = UNKNOWN
        return answers

    def _sums(self, found: Sequence[Modes | None], at: datetime) -> Sums:
        """By item: its portions' modes at *at*, nothing for what goes in later."""
        np = self.np
        elapsed_s = (microseconds(at) - self.ints["put_in_us"]) / 1e6
        sums = np.zeros((3, len(self.bq)))
        for rows, each in zip(self.portions, found, strict=True):
            if each is not None:
                there = rows[elapsed_s[rows] >= 0]
                left = np.exp(np.outer(elapsed_s[there], np.negative(each.rates)))
                c = np.array(each.coefficients)
                sums[:, there] = (left @ np.array([c, np.maximum(c, 0), each.sizes]).T).T
        return Sums(*(np.bincount(self.item, part * self.bq, self._items) for part in sums))

    @property
    def _items(self) -> int:
        return len(self.columns.container_of_item)

    def _by_container(self, by_item: Numbers) -> Numbers:
        of = self.ints["container_of_item"]
        return self.np.bincount(of, by_item, len(self.containers))

    def _having(self, wanted: Sequence[bool]) -> Numbers:
        """Which containers have a portion of a strain that is *wanted*."""
        chosen = [rows for rows, is_it in zip(self.portions, wanted, strict=True) if is_it]
        rows = self.np.concatenate(chosen) if chosen else self.np.array([], self.np.int64)
        return self.np.isin(
            self.np.arange(len(self.containers)), self.ints["container_of_item"][self.item[rows]]
        )


def _compared(np: Any, rule: LegRule, sums: Sums, per: Numbers) -> Numbers:
    """Against a limit *per* container; undecided where it is near, or can still be left out."""
    limit = float(rule.limit) * per
    slack = NEAR * limit + ERROR * sums.size
    left_out = float(rule.leave_out or 0) * limit
    found = np.where(sums.most + slack < limit, PASSED, UNDECIDED)
    return np.where(sums.now - slack > limit + left_out, FAILED, found)


def _per_mass(batch: Batch, rule: LegRule) -> tuple[Numbers, Numbers]:
    mass_g = batch.np.array(batch.columns.mass_g)
    most_g = float("inf") if rule.averaging_mass_g is None else float(rule.averaging_mass_g)
    return mass_g, (mass_g == 0) | (mass_g > most_g)


def _per_volume(unit: float) -> Callable[[Batch, LegRule], tuple[Numbers, Numbers]]:
    def per(batch: Batch, _rule: LegRule) -> tuple[Numbers, Numbers]:
        volume_ml = batch.np.array(batch.columns.volume_ml)
        return volume_ml * unit, volume_ml == 0

    return per


def _per_each(unit: float) -> Callable[[Batch, LegRule], tuple[Numbers, Numbers]]:
    def per(batch: Batch, _rule: LegRule) -> tuple[Numbers, Numbers]:
        whole = batch.np.full(len(batch.containers), unit)
        return whole, whole < 0

    return per


PER: dict[str, Callable[[Batch, LegRule], tuple[Numbers, Numbers]]] = {
    "concentration": _per_mass,
    "total_activity": _per_each(1.0),
    "liquid_concentration": _per_volume(1e-6),
    "per_volume": _per_volume(KBQ / PER_VOLUME_ML),
    "per_article": _per_each(KBQ),
}
_ANSWER = {True: PASSED, False: FAILED, None: UNKNOWN}
