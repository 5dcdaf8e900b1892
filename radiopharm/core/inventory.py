"""What a site holds of each nuclide at an instant: every vial, with its impurities and progeny."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from radiopharm.core.decay import OutOfRange, UndefinedBefore
from radiopharm.core.ledger import Amount
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.reference import Reference
from radiopharm.core.vials import Vial, contents, nuclear_data


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One nuclide: its activity in Bq, in how many vials, and the site's limit if it has one."""

    nuclide: str
    activity_bq: float
    vials: int
    limit_bq: int | None


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
) -> Inventory:
    """The sum of what *held* vials contain at *at*; a limited nuclide shows though none is held."""
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
    holdings = tuple(
        Holding(
            nuclide=nuclide,
            activity_bq=totals.get(nuclide, 0.0),
            vials=counts[nuclide],
            limit_bq=limits.get(nuclide),
        )
        for nuclide in sorted({*totals, *limits})
    )
    return Inventory(at=at, holdings=holdings, left_out=tuple(left_out))


def _half_lives(vial: Vial) -> Hashable:
    """What decides the nuclear data of a vial; few vials differ in it."""
    impurities = tuple((impurity.nuclide, impurity.half_life_s) for impurity in vial.impurities)
    return vial.data_set, vial.nuclide, vial.half_life_s, impurities
