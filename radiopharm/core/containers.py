"""A waste container as the register has it: what went in, what happened to it, how it left.

Nothing here says "releasable": that is asked of `core.release`, with the facts that `facts` gives.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from radiopharm.core.leaving import Departure, Outgoing, Papers
from radiopharm.core.signing import Signature
from radiopharm.core.waste import Container, LicenceCondition, PutIn, Survey

UNITS = ("µSv/h", "mrem/h", "mR/h", "cps", "cpm")
MIX = "MIX"
"""Stands for the nuclide of a container that takes every nuclide."""


class ContainerKind(StrEnum):
    """What it is; an article is one thing by itself."""

    BAG = "bag"
    SHARPS = "sharps"
    ARTICLE = "article"


class Source(StrEnum):
    """Where an item came from."""

    VIAL = "vial"
    DOSE = "dose"
    RESIDUE = "residue"
    SURFACE = "surface"
    OTHER = "other"


class Step(StrEnum):
    """What can happen to a container besides filling, measuring and release."""

    SEALED = "sealed"
    REOPENED = "reopened"
    MOVED = "moved"
    TRANSFERRED = "transferred"
    RETURNED = "returned_to_supplier"


_SEALING = frozenset({Step.SEALED, Step.REOPENED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something that went in, with what it was taken from and the nuclear data it keeps.

    `percent` is how much of its source it is; the rest went into other containers with it.
    """

    id: int
    source: Source
    put_in: PutIn
    data_set: str
    description: str
    recorded_at: datetime
    actor_id: int
    vial_id: int | None = None
    sequence: int | None = None
    dispensing_id: int | None = None
    residue_id: int | None = None
    percent: Decimal = Decimal(100)

    @property
    def is_part(self) -> bool:
        """Whether the rest of its source lies in other containers."""
        return self.percent < 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerEvent:
    """One step: when it was, when we heard, by whom, and what belongs to its kind."""

    step: Step
    at: datetime
    recorded_at: datetime
    actor_id: int
    reason: str = ""
    place: str | None = None
    mass_g: int | None = None
    volume_ml: int | None = None
    recipient: str | None = None
    licence: str | None = None
    papers: Papers | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """A survey of the container, as recorded; `place` is where, empty where nobody said."""

    id: int
    survey: Survey
    recorded_at: datetime
    actor_id: int
    place: str = ""

    @property
    def by(self) -> str:
        """`typed`, as pages and API say of a reading by hand: no survey meter has a line."""
        return "typed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DerogationRecord:
    """Why a container left against the rules, by whose word, and the legs it departed from."""

    reason: str
    failed: tuple[Mapping[str, Any], ...]
    signature: Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRecord:
    """A signed release with the legs as they stood, whatever the rules say since.

    `signature` is the safety officer's. One with a `derogation` did not meet the rules, and is
    never counted among those that did.
    """

    id: int
    pack: str
    pack_edition: str
    legs: tuple[Mapping[str, Any], ...]
    outgoing: Outgoing
    measurement_id: int | None
    signature: Signature
    at: datetime
    actor_id: int
    releaser: Signature | None = None
    derogation: DerogationRecord | None = None

    @property
    def way(self) -> str:
        """What it is called everywhere."""
        return "released by derogation" if self.derogation else "released"


@dataclass(frozen=True, slots=True, kw_only=True)
class WasteContainer:
    """A container by nuclide: what is principal in every item; impurities ride along.

    One opened for `MIX` takes items of any, each counted by itself.
    """

    id: int
    site_id: int
    kind: ContainerKind
    nuclide: str
    first_place: str
    description: str
    opened_at: datetime
    opened_by: int
    items: tuple[Item, ...] = ()
    events: tuple[ContainerEvent, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    release: ReleaseRecord | None = None
    number: str | None = None

    @property
    def code(self) -> str:
        """What its label and the scanner say."""
        return f"W-{self.id:06d}"

    @property
    def principals(self) -> frozenset[str]:
        """The nuclides it is there for; of a mixed one, what is principal in its items."""
        if self.nuclide != MIX:
            return frozenset({self.nuclide})
        return frozenset(item.put_in.portions[0].symbol for item in self.items)

    @property
    def sequence(self) -> int:
        """How many facts it has; a signer names the one they saw last."""
        return len(self.items) + len(self.events) + len(self.measurements)

    @property
    def seal(self) -> ContainerEvent | None:
        """The seal that holds; None while it is open, also where it was opened again."""
        return self.seal_at(datetime.max.replace(tzinfo=UTC))

    def seal_at(self, at: datetime) -> ContainerEvent | None:
        """The seal that held at *at*."""
        told = (event for event in self.events if event.step in _SEALING and event.at <= at)
        last = max(enumerate(told), key=lambda each: (each[1].at, each[0]), default=None)
        return last[1] if last and last[1].step is Step.SEALED else None

    @property
    def departure(self) -> Departure | None:
        """How and when it left; None while it is here."""
        if self.release is not None:
            return Departure(way=self.release.way, left_at=self.release.at)
        words = {Step.TRANSFERRED: "transferred", Step.RETURNED: "returned"}
        left = next((event for event in self.events if event.step in words), None)
        return Departure(way=words[left.step], left_at=left.at) if left else None

    def place(self, at: datetime) -> str:
        """Where it stood at *at*."""
        moved = [e for e in self.events if e.step is Step.MOVED and e.at <= at]
        return max(moved, key=lambda e: e.at).place or "" if moved else self.first_place

    def as_known(self, at: datetime) -> Self:
        """The container as the books had it at *at*, without what was recorded later."""
        return replace(
            self,
            items=tuple(item for item in self.items if item.recorded_at <= at),
            events=tuple(event for event in self.events if event.recorded_at <= at),
            measurements=tuple(each for each in self.measurements if each.recorded_at <= at),
            release=self.release if self.release and self.release.at <= at else None,
        )

    def facts(self, conditions: Iterable[LicenceCondition] = ()) -> Container:
        """What decides when it may leave, under the site's licence *conditions*."""
        return Container(
            items=tuple(item.put_in for item in self.items),
            sealed_at=self.seal.at if self.seal else None,
            mass_g=self.seal.mass_g if self.seal else None,
            volume_ml=self.seal.volume_ml if self.seal else None,
            surveys=tuple(measurement.survey for measurement in self.measurements),
            licence_conditions=tuple(conditions),
        )
