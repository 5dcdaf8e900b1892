"""What a site holds of each nuclide at an instant: vials and waste, with impurities and progeny."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from radiopharm.core.containers import Item
from radiopharm.core.decay import OutOfRange, UndefinedBefore
from radiopharm.core.ledger import Amount
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.reference import Reference
from radiopharm.core.vials import Vial, contents, nuclear_data
from radiopharm.core.waste import Container
from radiopharm.core.waste import contents as waste_contents


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One nuclide in Bq: in vials and in waste, in how many of each; the site's limit if any."""

    nuclide: str
    activity_bq: float
    vials: int
    waste_bq: float
    containers: int
    limit_bq: int | None

    @property
    def total_bq(self) -> float:
        """What counts against the limit: vials and waste together."""
        return self.activity_bq + self.waste_bq


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """The holdings at `at` by nuclide; `left_out` are vials with no figure so early."""

    at: datetime
    holdings: tuple[Holding, ...]
    left_out: tuple[str, ...]


def inventory(
    held: Iterable[tuple[Vial, Amount]],
    limits: Mapping[str, int],
    at: datetime,
    reference: Reference,
    waste: Mapping[int, Iterable[Item]],
) -> Inventory:
    """What *held* vials and the items of *waste*, by container, contain at *at*.

    A limited nuclide shows though none is held.
    """
    totals: dict[str, float] = defaultdict(float)
    counts: Counter[str] = Counter()
    known: dict[Hashable, NuclearData] = {}
    left_out = []
    for vial, balance in held:
        if (half_lives := _half_lives(vial)) not in known:
            known[half_lives] = nuclear_data(vial, reference)
        try:
            activities = contents(vial, balance, at, known[half_lives])
        except (UndefinedBefore, OutOfRange):
            left_out.append(vial.code)
            continue
        counts.update(activities.keys())
        for nuclide, activity_bq in activities.items():
            totals[nuclide] += activity_bq
    wasted, containers = _in_waste(waste, at, reference)
    holdings = tuple(
        Holding(
            nuclide=nuclide,
            activity_bq=totals.get(nuclide, 0.0),
            vials=counts[nuclide],
            waste_bq=wasted.get(nuclide, 0.0),
            containers=containers[nuclide],
            limit_bq=limits.get(nuclide),
        )
        for nuclide in sorted({*totals, *wasted, *limits})
    )
    return Inventory(at=at, holdings=holdings, left_out=tuple(left_out))


def _in_waste(
    waste: Mapping[int, Iterable[Item]], at: datetime, reference: Reference
) -> tuple[dict[str, float], Counter[str]]:
    """Becquerels of each nuclide in all containers, and in how many of them it is."""
    totals: dict[str, float] = defaultdict(float)
    counts: Counter[str] = Counter()
    for items in waste.values():
        container = Container(items=tuple(item.put_in for item in items))
        found = waste_contents(container, at, reference.default_nuclear_data)
        counts.update(found.keys())
        for nuclide, activity_bq in found.items():
            totals[nuclide] += activity_bq
    return totals, counts


def _half_lives(vial: Vial) -> Hashable:
    """What decides the nuclear data of a vial; few vials differ in it."""
    impurities = tuple((impurity.nuclide, impurity.half_life_s) for impurity in vial.impurities)
    return vial.data_set, vial.nuclide, vial.half_life_s, impurities
