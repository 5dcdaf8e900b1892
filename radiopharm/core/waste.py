"""What is in a waste container: what went in, nuclide by nuclide, and what is left of it.

Each item keeps the half-lives it was received with, so a container's activity is the sum of its
items' and never one decay of a pooled total.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from radiopharm.core.decay import chain_activities, seconds
from radiopharm.core.drain_accounts import DrainAccount
from radiopharm.core.nuclides import NuclearData


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """One declared nuclide of an item, with the half-life copied from the item.

    A nuclide that is declared counts, also when its activity rounds to 0 Bq.
    """

    symbol: str
    activity_bq: int
    half_life_s: float
    half_life_text: str
    half_life_source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PutIn:
    """An item that went into a container: its nuclides, as they were at that instant.

    `articles` is how many alike it is, where somebody counted them; uncounted, it is one.
    """

    put_in_at: datetime
    portions: tuple[Portion, ...]
    articles: int | None = None

    def __post_init__(self) -> None:
        if not self.portions:
            raise ValueError("an item without a declared nuclide cannot be judged")

    @property
    def counts_as(self) -> int:
        """How many articles its activity is divided among."""
        return 1 if self.articles is None else self.articles


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A measurement at the surface of a container against background; numbers as typed."""

    background: Decimal
    background_unit: str
    reading: Decimal
    reading_unit: str
    instrument_id: int
    measured_at: datetime
    measured_by: str
    unshielded: bool
    most_sensitive_scale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceCondition:
    """A condition of the site's licence: which nuclides it lets decay here, and for how long.

    `hold` counts half-lives of the nuclide or days (`hold_unit`) since the last item went in; it
    is 0 where the condition asks for nothing but a reading at background.
    """

    number: str
    text: str
    nuclides: frozenset[str]
    hold: Decimal
    hold_unit: str  # "half-lives" or "d"

    def __post_init__(self) -> None:
        if not (self.number.strip() and self.text.strip() and self.nuclides):
            raise ValueError("a licence condition has a number, a text and nuclides")
        if self.hold_unit not in ("half-lives", "d"):
            raise ValueError(f"hold_unit is half-lives or d, not {self.hold_unit}")
        if not (self.hold.is_finite() and self.hold >= 0):
            raise ValueError(f"hold is zero or more, not {self.hold}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """The facts about a container that decide when it may leave.

    Mass and volume are what was weighed and measured at the seal; None is not known. `drain` is
    given where the contents are to go into one.
    """

    items: tuple[PutIn, ...] = ()
    sealed_at: datetime | None = None
    mass_g: int | None = None
    volume_ml: int | None = None
    surveys: tuple[Survey, ...] = ()
    licence_conditions: tuple[LicenceCondition, ...] = ()
    drain: DrainAccount | None = None

    @property
    def last_put_in_at(self) -> datetime:
        return max(item.put_in_at for item in self.items)

    @property
    def nuclides(self) -> tuple[Portion, ...]:
        """Every nuclide put in, with the longest half-life an item gives it; shortest first."""
        portions = [portion for item in self.items for portion in item.portions]
        longest = {portion.symbol: portion for portion in sorted(portions, key=_half_life)}
        return tuple(sorted(longest.values(), key=_half_life))

    def is_sealed(self, at: datetime) -> bool:
        """Whether it was sealed by *at* with something in it, and nothing has gone in since."""
        if not self.items or self.sealed_at is None:
            return False
        return self.last_put_in_at <= self.sealed_at <= at


def contents(container: Container, at: datetime, data: NuclearData) -> dict[str, float]:
    """Becquerels of every radioactive nuclide at *at*, progeny included; unrounded.

    What went in after *at* does not count yet.
    """
    total: dict[str, float] = {}
    for item in container.items:
        if item.put_in_at <= at:
            for symbol, activity in _remainder(item, at, data).items():
                total[symbol] = total.get(symbol, 0.0) + activity
    return total


def ignoring(container: Container, nuclides: Collection[str]) -> Container:
    """The container as it would be without *nuclides*: what an impurity costs, side by side.

    For comparison only; no decision may rest on it.
    """
    kept = (
        replace(item, portions=portions)
        for item in container.items
        if (portions := tuple(p for p in item.portions if p.symbol not in nuclides))
    )
    return replace(container, items=tuple(kept))


def _half_life(portion: Portion) -> float:
    return portion.half_life_s


def data_of(item: PutIn, data: NuclearData) -> NuclearData:
    """*data* with the half-lives that the item keeps."""
    for portion in item.portions:
        data = data.with_half_life(
            portion.symbol, portion.half_life_s, portion.half_life_text, portion.half_life_source
        )
    return data


def _remainder(item: PutIn, at: datetime, data: NuclearData) -> Mapping[str, float]:
    initial = {portion.symbol: float(portion.activity_bq) for portion in item.portions}
    return chain_activities(initial, seconds(item.put_in_at, at), data_of(item, data))
