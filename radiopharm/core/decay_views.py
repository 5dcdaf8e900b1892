"""How far a container has decayed, by its contents and by its readings, and when it may leave.

The computed check is the one that counts; where readings fall too slowly a second date stands
beside it, and one plans with the later.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from radiopharm.core.checking import ContainerAt
from radiopharm.core.decay import decay_factor, seconds
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.remeasurement import Series, series_of
from radiopharm.core.suspicion import Suspicion, plan_with, suspicion
from radiopharm.core.waste import Portion

FAR = 1000.0  # half-lives, after which nothing is left to be counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Remeasured:
    """A series of readings and, where it falls too slowly, what that may mean."""

    series: Series
    suspicion: Suspicion | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecayView:
    """A container at an instant; activities in Bq.

    `put_in_bq` is what went in by then, each item at its own instant, and `gone` the fraction of
    those becquerels that has decayed; what grew in is in `left_bq` only. `half_lives` counts those
    of each declared nuclide since the last item. `plan_at` is the later of the computed and the
    estimated dates; None where one of them is never, or cannot be said.
    """

    put_in_bq: int
    left_bq: float
    gone: float
    half_lives: tuple[tuple[Portion, float], ...]
    bq_per_g: float | None
    remeasured: tuple[Remeasured, ...]
    plan_at: datetime | None

    @property
    def is_suspect(self) -> bool:
        """Whether an estimate stands beside the computed date."""
        return any(each.suspicion for each in self.remeasured)


def decay_view(seen: ContainerAt, data: NuclearData) -> DecayView | None:
    """The decay of *seen* at its instant; None while nothing has gone in."""
    facts = seen.container.facts(seen.rules.conditions)
    there = [item for item in facts.items if item.put_in_at <= seen.at]
    if not there:
        return None
    put_in = [(portion, item.put_in_at) for item in there for portion in item.portions]
    whole = sum(portion.activity_bq for portion, _ in put_in)
    kept = sum(portion.activity_bq * _left(portion, at, seen.at) for portion, at in put_in)
    waited_s = seconds(max(item.put_in_at for item in there), seen.at)
    remeasured = _remeasured(seen, data)
    guesses = [each.suspicion.check for each in remeasured if each.suspicion]
    return DecayView(
        put_in_bq=whole,
        left_bq=seen.activity_bq,
        gone=1 - kept / whole if whole else 1.0,
        half_lives=tuple((each, waited_s / each.half_life_s) for each in facts.nuclides),
        bq_per_g=seen.activity_bq / facts.mass_g if facts.mass_g else None,
        remeasured=remeasured,
        plan_at=plan_with(seen.check, *guesses),
    )


def suspected(seen: Iterable[ContainerAt], data: NuclearData) -> dict[int, datetime | None]:
    """The dates to plan with, by id, of containers whose readings fall too slowly."""
    views = ((each.container.id, decay_view(each, data)) for each in seen)
    return {number: view.plan_at for number, view in views if view and view.is_suspect}


def _left(portion: Portion, put_in_at: datetime, at: datetime) -> float:
    elapsed_s = min(seconds(put_in_at, at), FAR * portion.half_life_s)
    return decay_factor(elapsed_s, portion.half_life_s)


def _remeasured(seen: ContainerAt, data: NuclearData) -> tuple[Remeasured, ...]:
    container, pack = seen.container, seen.rules.pack
    if pack is None or container.departure is not None:
        return ()
    facts = container.facts(seen.rules.conditions)
    return tuple(
        Remeasured(series=series, suspicion=suspicion(series, facts, pack, seen.at, data))
        for series in series_of(facts, seen.at, data)
    )
