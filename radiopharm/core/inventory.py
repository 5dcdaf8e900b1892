"""What a site holds of each nuclide at an instant, with impurities and progeny.

Vials, doses that were drawn from them and have not gone, their residues, and waste.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import floor

from radiopharm.core.containers import Item
from radiopharm.core.decay import OutOfRange, UndefinedBefore
from radiopharm.core.ledger import Amount
from radiopharm.core.lives import Books, in_hand
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.reference import Reference
from radiopharm.core.vials import Vial, contents, nuclear_data
from radiopharm.core.waste import Container
from radiopharm.core.waste import contents as waste_contents


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One nuclide in Bq: in vials and in waste, in how many of each; the site's limit if any.

    `in_hand_bq` is in doses that are drawn and not gone, and in their residues.
    """

    nuclide: str
    activity_bq: float
    vials: int
    in_hand_bq: float
    waste_bq: float
    containers: int
    limit_bq: int | None

    @property
    def total_bq(self) -> float:
        """What counts against the limit: all that is here."""
        return self.activity_bq + self.in_hand_bq + self.waste_bq


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
    drawn_from: Iterable[Books] = (),
) -> Inventory:
    """What *held* vials, the doses *drawn_from* some, and the items of *waste* contain at *at*.

    A limited nuclide shows though none is held.
    """
    in_vials, counts, left_out = _in_vials(held, at, reference)
    doses = (_drawn(books, at) for books in drawn_from)
    handled, _, too_early = _in_vials(doses, at, reference)
    wasted, containers = _in_waste(waste, at, reference)
    holdings = tuple(
        Holding(
            nuclide=nuclide,
            activity_bq=in_vials.get(nuclide, 0.0),
            vials=counts[nuclide],
            in_hand_bq=handled.get(nuclide, 0.0),
            waste_bq=wasted.get(nuclide, 0.0),
            containers=containers[nuclide],
            limit_bq=limits.get(nuclide),
        )
        for nuclide in sorted({*in_vials, *handled, *wasted, *limits})
    )
    return Inventory(at=at, holdings=holdings, left_out=tuple(sorted({*left_out, *too_early})))


def _drawn(books: Books, at: datetime) -> tuple[Vial, Amount]:
    """What of a vial stands in doses and residues, in whole becquerels at its reference time."""
    return books.vial, Amount(volume_ul=0, reference_bq=floor(in_hand(books, at) + 0.5))


def _in_vials(
    held: Iterable[tuple[Vial, Amount]], at: datetime, reference: Reference
) -> tuple[dict[str, float], Counter[str], list[str]]:
    """Becquerels of each nuclide, in how many vials it is, and which vials have no figure yet."""
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
    return totals, counts, left_out


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
