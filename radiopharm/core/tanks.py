"""A delay tank: filling, closed, decaying, discharged; and what is in it by its account.

The account is what the patients of its rooms excreted (net activity × fraction of the product's
sourced data), carried by decay; a sample taken after the tank was closed replaces it nuclide by
nuclide. Where neither is known the account says so, and nothing is put in its place.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from math import ceil

from radiopharm.core.decay import seconds
from radiopharm.core.excretion import Excretion
from radiopharm.core.figures import Status
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.waste import Container, Portion, PutIn


class TankState(StrEnum):
    """What a filling is at an instant; a closed one decays once its contents are known."""

    NOT_HERE = "not_here"
    FILLING = "filling"
    CLOSED = "closed"
    DECAYING = "decaying"
    DISCHARGED = "discharged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tank:
    """A tank as built: its number at the site, its capacity, the rooms that drain into it."""

    id: int
    number: str
    capacity_l: int
    rooms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A reading of the volume, with what and by whom; `closes` when the inlet was shut with it.

    `key` names it in its filling; one that was voided says why and does not count.
    """

    at: datetime
    volume_l: int
    instrument: str
    actor_id: int
    closes: bool = False
    key: str = ""
    void_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcretionFigure:
    """The sourced excretion of a product."""

    value: Excretion
    text: str
    source: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A treated patient in a room of the tank, by their dose: net contents at the start.

    `excretion` is None where no source and no site says it.
    """

    dose: str
    room: str
    product: str
    given_at: datetime
    from_at: datetime
    net: tuple[Portion, ...]
    excretion: ExcretionFigure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A measured concentration of one nuclide, in Bq/L, as typed and in whole becquerels."""

    sampled_at: datetime
    nuclide: str
    bq_per_l: int
    text: str
    instrument: str
    actor_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """One filling of a tank, from the opening of its inlet to its discharge."""

    id: int
    tank: Tank
    opened_at: datetime
    levels: tuple[Level, ...] = ()
    stays: tuple[Stay, ...] = ()
    samples: tuple[Sample, ...] = ()
    discharged_at: datetime | None = None

    @property
    def code(self) -> str:
        return f"T-{self.id:06d}"

    @property
    def sequence(self) -> int:
        """How many facts it has, voids too; a signer names the one they saw last."""
        voids = len(self.levels) - len(self.readings)
        return len(self.levels) + voids + len(self.stays) + len(self.samples)

    @property
    def readings(self) -> tuple[Level, ...]:
        """The levels that count."""
        return tuple(level for level in self.levels if level.void_reason is None)

    @property
    def closing(self) -> Level | None:
        """The reading with which the inlet was shut; none while it is open."""
        return next((level for level in self.readings if level.closes), None)

    def level(self, at: datetime) -> Level | None:
        """The newest reading by then."""
        known = [level for level in self.readings if level.at <= at]
        return max(known, key=lambda level: level.at) if known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a filling holds by its account; `missing` says what keeps it from being known."""

    items: tuple[PutIn, ...]
    missing: tuple[str, ...]
    notes: tuple[str, ...]


def state(filling: Filling, at: datetime) -> TankState:
    """The state of a filling at *at*."""
    if at < filling.opened_at:
        return TankState.NOT_HERE
    if filling.discharged_at is not None and at >= filling.discharged_at:
        return TankState.DISCHARGED
    closing = filling.closing
    if closing is None or at < closing.at:
        return TankState.FILLING
    return TankState.CLOSED if account(filling, at).missing else TankState.DECAYING


def account(filling: Filling, at: datetime) -> Account:
    """What is in it at *at*, item by item, as far as that is known."""
    sampled = {sample.nuclide: sample for sample in _samples(filling, at)}
    there = [stay for stay in filling.stays if stay.from_at <= at]
    stays = [(stay, _unsampled(stay, sampled)) for stay in there]
    items = [_excreted(filling, stay, left, at) for stay, left in stays]
    missing = (
        f"{stay.dose} ({stay.product}): no source says how much is excreted; needs a site entry."
        for stay, left in stays
        if left and stay.excretion is None
    )
    return Account(
        items=tuple(item for item in items if item),
        missing=tuple(dict.fromkeys(missing)),
        notes=tuple(dict.fromkeys(note for stay, _left in stays for note in _notes(stay))),
    )


def container(
    filling: Filling, at: datetime, data: NuclearData, known: Account | None = None
) -> Container:
    """The filling as the rules look at it: its account, and its samples in the volume it had."""
    known = known or account(filling, at)
    closing = filling.closing
    measured = _measured(filling, at, data) if closing else ()
    return Container(
        items=(*known.items, *measured),
        sealed_at=_sealed_at(filling, at),
        volume_ml=closing.volume_l * 1000 if closing else None,
    )


def _samples(filling: Filling, at: datetime) -> Iterable[Sample]:
    """The newest sample of each nuclide since the tank was closed comes last."""
    closing = filling.closing
    counted = [s for s in filling.samples if closing and closing.at <= s.sampled_at <= at]
    return sorted(counted, key=lambda sample: sample.sampled_at)


def _sealed_at(filling: Filling, at: datetime) -> datetime | None:
    """When it could change no more; a sample is what it holds from then on."""
    if filling.closing is None:
        return None
    return max([filling.closing.at, *(s.sampled_at for s in _samples(filling, at))])


def _unsampled(stay: Stay, sampled: Mapping[str, Sample]) -> tuple[Portion, ...]:
    return tuple(portion for portion in stay.net if portion.symbol not in sampled)


def _excreted(filling: Filling, stay: Stay, net: tuple[Portion, ...], at: datetime) -> PutIn | None:
    """What came from one stay until the tank was closed, as it was at the start of the dose.

    Decay does not care whether it happens in the patient or in the tank.
    """
    if stay.excretion is None or not net:
        return None
    until = min(at, filling.closing.at) if filling.closing else at
    curve = stay.excretion.value
    elsewhere = curve.surely_by(seconds(stay.given_at, stay.from_at))
    fraction = curve.by(seconds(stay.given_at, until)) - elsewhere
    portions = (replace(each, activity_bq=ceil(each.activity_bq * fraction)) for each in net)
    return PutIn(put_in_at=stay.given_at, portions=tuple(portions))


def _measured(filling: Filling, at: datetime, data: NuclearData) -> Iterable[PutIn]:
    assert filling.closing is not None
    newest = {sample.nuclide: sample for sample in _samples(filling, at)}
    for symbol, sample in newest.items():
        nuclide = data.get(symbol)
        portion = Portion(
            symbol=symbol,
            activity_bq=sample.bq_per_l * filling.closing.volume_l,
            half_life_s=nuclide.half_life_s,
            half_life_text=nuclide.half_life_text,
            half_life_source=nuclide.source,
        )
        yield PutIn(put_in_at=sample.sampled_at, portions=(portion,))


def _notes(stay: Stay) -> Iterable[str]:
    figure = stay.excretion
    if figure is not None:
        yield f"{stay.product}: {figure.text} ({figure.source}, {figure.status})"
