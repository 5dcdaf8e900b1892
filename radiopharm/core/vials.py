"""A vial: the facts that never change, what happened to it, and what is in it at any instant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from radiopharm.core import decay
from radiopharm.core.ledger import Amount, Ledger
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.reference import Reference


class Happening(StrEnum):
    """What can happen to a vial without moving activity."""

    ACCEPTED = "accepted"
    QUARANTINED = "quarantined"
    RELEASED = "released"
    OPENED = "opened"
    THAWED = "thawed"
    MOVED = "moved"
    ALLOCATED = "allocated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Impurity:
    """A declared impurity: its activity per activity of the principal at the reference instant.

    `stated_ratio` and `stated_at` are the certificate's; the half-life is the vial's own copy.
    """

    nuclide: str
    ratio: Decimal
    stated_ratio: str
    stated_at: datetime
    half_life_s: float
    half_life_text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VialEvent:
    """One happening: when it was, when we heard, by whom; `use_by_at` is the clock it started."""

    kind: Happening
    occurred_at: datetime
    recorded_at: datetime
    actor_id: int
    reason: str = ""
    place: str | None = None
    directive_id: int | None = None
    use_by_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vial:
    """A vial as received, with its newest composition, its events and where its ledger stands.

    Half-life and data set are the vial's own copies, so a revised table changes no past figure.
    """

    id: int
    site_id: int
    product: str
    nuclide: str
    lot: str
    reference_at: datetime
    reference_zone: str
    half_life_s: float
    half_life_text: str
    half_life_source: str
    data_set: str
    expires_at: datetime
    received_at: datetime
    received_by: int
    impurities: tuple[Impurity, ...]
    events: tuple[VialEvent, ...]
    ledger: Ledger

    @property
    def code(self) -> str:
        """What its label and the scanner say."""
        return f"V-{self.id:06d}"

    @property
    def ratios(self) -> Mapping[str, Decimal]:
        """Each declared impurity's ratio to the principal nuclide at the reference instant."""
        return {impurity.nuclide: impurity.ratio for impurity in self.impurities}

    @property
    def use_by_at(self) -> datetime:
        """The earliest of the label's expiry and the clocks that opening and thawing started."""
        started = (event.use_by_at for event in self.events if event.use_by_at is not None)
        return min([self.expires_at, *started])

    def latest(self, *kinds: Happening, by: datetime | None = None) -> VialEvent | None:
        """The newest event of *kinds* that had happened by an instant."""
        return latest(self.events, *kinds, by=by)


def latest(
    events: Iterable[VialEvent], *kinds: Happening, by: datetime | None = None
) -> VialEvent | None:
    """The newest of *events* of one of *kinds*, later ones in the list winning a tie."""
    found = None
    for event in events:
        counts = event.kind in kinds and (by is None or event.occurred_at <= by)
        if counts and (found is None or event.occurred_at >= found.occurred_at):
            found = event
    return found


def nuclear_data(vial: Vial, reference: Reference) -> NuclearData:
    """The data set the vial was received with, carrying the vial's own half-lives."""
    data = reference.nuclear_data[vial.data_set].with_half_life(
        vial.nuclide, vial.half_life_s, vial.half_life_text, vial.half_life_source
    )
    for impurity in vial.impurities:
        data = data.with_half_life(
            impurity.nuclide, impurity.half_life_s, impurity.half_life_text, impurity.source
        )
    return data


def contents(vial: Vial, balance: Amount, at: datetime, data: NuclearData) -> dict[str, float]:
    """Activity in Bq of every radioactive member at *at*; raises as `decay.contents`."""
    elapsed_s = decay.seconds(vial.reference_at, at)
    return decay.contents(balance.reference_bq, vial.ratios, vial.nuclide, elapsed_s, data)


def activity(vial: Vial, balance: Amount, at: datetime, data: NuclearData) -> float:
    """Activity in Bq of the principal nuclide at *at*, what its impurities feed included."""
    return contents(vial, balance, at, data)[vial.nuclide]
