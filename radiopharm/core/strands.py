"""What a container holds, by what each part of it grew from.

A strand is one declared nuclide with all it becomes. A sum over strands is linear in what went in,
so more of anything is never less of the sum; and a daughter that a "+" covers is told from the
same nuclide put in by itself.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from radiopharm.core.decay import LN2, chain_activities, seconds
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.waste import Container, data_of

Covers = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Strand:
    """A declared nuclide and its progeny, in Bq at a common start, parents before daughters."""

    parent: str
    at_start: Mapping[str, float]
    data: NuclearData

    def after(self, elapsed_s: float) -> dict[str, float]:
        """Becquerels of every member *elapsed_s* (zero or more) after the start."""
        return chain_activities(self.at_start, elapsed_s, self.data)

    def most(self, elapsed_s: float, within_s: float) -> dict[str, float]:
        """No member is more than this at any time within *within_s* (or inf) after *elapsed_s*.

        A member falls while it is more than what feeds it, and approaches that while it is less.
        """
        found: dict[str, float] = {}
        for symbol, activity in self.after(elapsed_s).items():
            fed = self._fed(symbol, found)
            approach = -math.expm1(-LN2 / self.data.get(symbol).half_life_s * within_s)
            found[symbol] = activity + max(0.0, fed - activity) * approach
        return found

    def _fed(self, symbol: str, parents_bq: Mapping[str, float]) -> float:
        return sum(
            branch.fraction * bq
            for parent, bq in parents_bq.items()
            for branch in self.data.get(parent).branches
            if branch.daughter == symbol
        )


def strands(container: Container, until: datetime, data: NuclearData) -> tuple[Strand, ...]:
    """What had gone in by *until*, carried to the instant at which the last of it did.

    Only equal half-lives are added up: an item keeps the ones it was received with.
    """
    items = [item for item in container.items if item.put_in_at <= until]
    found: dict[object, Strand] = {}
    for item in items:
        own = data_of(item, data)
        half_lives = frozenset((each.symbol, each.half_life_s) for each in item.portions)
        elapsed_s = seconds(item.put_in_at, max(each.put_in_at for each in items))
        for portion in item.portions:
            grown = chain_activities({portion.symbol: float(portion.activity_bq)}, elapsed_s, own)
            key = (portion.symbol, half_lives)
            found[key] = _with(
                found.get(key), Strand(parent=portion.symbol, at_start=grown, data=own)
            )
    return tuple(found.values())


def counted(activities: list[tuple[Strand, dict[str, float]]], covers: Covers) -> dict[str, float]:
    """Becquerels by nuclide, without the daughters that *covers* counts with their parent.

    What was declared of such a daughter counts until it has decayed: it is never less than the
    excess above equilibrium that the rule asks for.
    """
    total: dict[str, float] = {}
    for strand, present in activities:
        for symbol, bq in present.items():
            if symbol not in covers.get(strand.parent, ()):
                total[symbol] = total.get(symbol, 0.0) + bq
    return total


def _with(one: Strand | None, other: Strand) -> Strand:
    if one is None:
        return other
    added = {symbol: bq + one.at_start[symbol] for symbol, bq in other.at_start.items()}
    return Strand(parent=other.parent, at_start=added, data=other.data)
