"""What a container that decays too slowly may hold, and when it could leave if it did.

The readings are scaled so that the first is what the model has then. What they leave over the
model at the last one is taken for one nuclide, put in with the rest, and the container is judged
again by the same rules. That is an estimate to plan with: no release rests on it, and none of the
computed legs is replaced by it.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import ceil, exp2, inf, log

from radiopharm.core.decay import seconds
from radiopharm.core.log_fits import LogFit
from radiopharm.core.nuclides import NuclearData, Nuclide, atomic_number
from radiopharm.core.release import Check, release_check
from radiopharm.core.remeasurement import Pace, Series, half_life_words
from radiopharm.core.rule_packs import RulePack
from radiopharm.core.units import MAX_BECQUERELS
from radiopharm.core.waste import Container, Portion, PutIn

MOST_CANDIDATES = 3
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """A nuclide more in the container, as of when the last item went in; *check* judges with it.

    `candidates` are what could explain the half-life; `taken` is the first of them, or what is
    in it already with the measured half-life, where no nuclide fits.
    """

    candidates: tuple[Nuclide, ...]
    taken: Portion
    check: Check

    @property
    def asks(self) -> str:
        """``Lu-177m?``, or that nothing known fits."""
        names = " or ".join(each.symbol for each in self.candidates)
        return f"{names}?" if names else "no nuclide of the table fits"


def suspicion(
    series: Series, container: Container, pack: RulePack, at: datetime, data: NuclearData
) -> Suspicion | None:
    """What slows *series* down, judged at *at*; None where it is not slower, or does not fall."""
    fitted = series.fitted
    if series.pace is not Pace.SLOWER or fitted is None or fitted.half_life_s is None:
        return None
    candidates = _candidates(fitted, container, data)
    symbol, half_life_s, text, source = _taken(fitted, candidates, container)
    began_bq = _as_put_in(_excess_bq(series, fitted), half_life_s, series, container)
    if not began_bq < MAX_BECQUERELS:
        return None
    taken = Portion(
        symbol=symbol,
        activity_bq=ceil(began_bq),
        half_life_s=half_life_s,
        half_life_text=text,
        half_life_source=source,
    )
    more = PutIn(put_in_at=container.last_put_in_at, portions=(taken,))
    suspected = replace(container, items=(*container.items, more))
    check = release_check(suspected, pack, at, data)
    return Suspicion(candidates=candidates, taken=taken, check=check)


def plan_with(*checks: Check) -> datetime | None:
    """The latest of the earliest instants; None where one of them is never, or not known."""
    latest = max(check.earliest_at or NEVER for check in checks)
    return None if latest == NEVER else latest


def _candidates(fitted: LogFit, container: Container, data: NuclearData) -> tuple[Nuclide, ...]:
    """Isotopes of what is in it, as long-lived or more (in a mix); then others of that half-life.

    The nearest to the measured half-life first.
    """
    measured_s, shortest_s, longest_s = fitted.half_life_s, fitted.shortest_s, fitted.longest_s
    assert measured_s is not None
    assert shortest_s is not None
    elements = {atomic_number(portion.symbol) for portion in container.nuclides}
    longer = [each for each in data.nuclides.values() if each.half_life_s >= shortest_s]
    isotopes = [each for each in longer if atomic_number(each.symbol) in elements]
    others = [
        each for each in longer if each not in isotopes and each.half_life_s <= (longest_s or inf)
    ]

    def distance(nuclide: Nuclide) -> float:
        return abs(log(nuclide.half_life_s / measured_s))

    found = [*sorted(isotopes, key=distance), *sorted(others, key=distance)]
    return tuple(found[:MOST_CANDIDATES])


def _taken(
    fitted: LogFit, candidates: tuple[Nuclide, ...], container: Container
) -> tuple[str, float, str, str]:
    """Symbol, half-life, its text and its source of what the excess is taken for."""
    if candidates:
        first = candidates[0]
        return first.symbol, first.half_life_s, first.half_life_text, first.source
    assert fitted.half_life_s is not None
    words = f"{half_life_words(fitted.half_life_s)} measured"
    return container.nuclides[-1].symbol, fitted.half_life_s, words, "fitted to the readings"


def _excess_bq(series: Series, fitted: LogFit) -> float:
    """What the line has at the last reading over the model, both alike at the first."""
    first, last = series.fitted_readings[0], series.fitted_readings[-1]
    elapsed_s = seconds(first.survey.measured_at, last.survey.measured_at)
    left = fitted.at(elapsed_s) / fitted.at(0)
    return first.modelled_bq * left - last.modelled_bq


def _as_put_in(excess_bq: float, half_life_s: float, series: Series, container: Container) -> float:
    """Back to the instant of the last item; the readings come after it."""
    last = series.fitted_readings[-1].survey.measured_at
    return excess_bq * exp2(seconds(container.last_put_in_at, last) / half_life_s)
