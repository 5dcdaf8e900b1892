"""The balance of the waste store: what was put in, how it left, what decayed and what is here.

opening + put in = released + derogated + transferred + returned + decayed + in store, nuclide by
nuclide, progeny too: what grows in counts against what decays. What is in store is read from the
containers that stand there and not what the other terms leave over.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from radiopharm.core.decay import chain_activities, seconds
from radiopharm.core.leaving import Departure
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.waste import Container, PutIn, contents, data_of

Amounts = dict[str, float]


class Way(StrEnum):
    """How activity leaves the store other than by decay; as a `Departure` words it."""

    RELEASED = "released"
    DEROGATED = "released by derogation"
    TRANSFERRED = "transferred"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A container's facts, and whether the store's list has it at the beginning and at the end."""

    container_id: int
    code: str
    container: Container
    departure: Departure | None
    stood: bool
    stands: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreBalance:
    """One balance in whole becquerels; `lines` containers were rounded to make it."""

    opening_bq: int
    put_in_bq: int
    left_bq: Mapping[Way, int]
    decayed_bq: int
    in_store_bq: int
    lines: int = 1

    @property
    def unexplained_bq(self) -> int:
        """What the right side lacks; negative where it has too much."""
        left = sum(self.left_bq.values())
        return self.opening_bq + self.put_in_bq - left - self.decayed_bq - self.in_store_bq

    @property
    def tolerance_bq(self) -> int:
        """Half a becquerel for each rounded figure: opening, what left, decay and store."""
        return 2 * self.lines

    @property
    def closes(self) -> bool:
        return abs(self.unexplained_bq) <= self.tolerance_bq

    @property
    def is_empty(self) -> bool:
        """Whether nothing was here, came, or grew in."""
        return not (self.opening_bq or self.put_in_bq or self.decayed_bq or self.in_store_bq)


NOTHING = StoreBalance(
    opening_bq=0,
    put_in_bq=0,
    left_bq=dict.fromkeys(Way, 0),
    decayed_bq=0,
    in_store_bq=0,
    lines=0,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerBalance:
    """The balance of one nuclide in one container."""

    container_id: int
    code: str
    nuclide: str
    balance: StoreBalance


def of_stay(
    stay: Stay, since: datetime | None, until: datetime, data: NuclearData
) -> list[ContainerBalance]:
    """Each nuclide's balance after *since* (None: from the beginning) up to and with *until*."""
    it, departure = stay.container, stay.departure
    opening = contents(it, since, data) if stay.stood and since is not None else {}
    put_in = _put_in(it, since, until)
    gone = departure if departure and _is_within(departure.left_at, since, until) else None
    left = contents(it, gone.left_at, data) if gone else {}
    end = min(until, gone.left_at) if gone else until
    lost = _lost(it, since, end, data)
    in_store = contents(it, until, data) if stay.stands else {}
    symbols = dict.fromkeys((*opening, *put_in, *left, *lost, *in_store))
    made = (
        StoreBalance(
            opening_bq=round(opening.get(symbol, 0.0)),
            put_in_bq=put_in.get(symbol, 0),
            left_bq={way: _by(way, gone, left.get(symbol, 0.0)) for way in Way},
            decayed_bq=round(lost.get(symbol, 0.0)),
            in_store_bq=round(in_store.get(symbol, 0.0)),
        )
        for symbol in symbols
    )
    return [
        ContainerBalance(
            container_id=stay.container_id, code=stay.code, nuclide=symbol, balance=balance
        )
        for symbol, balance in zip(symbols, made, strict=True)
        if not balance.is_empty
    ]


def together(balances: Iterable[StoreBalance]) -> StoreBalance:
    """The balance of all of them, of one nuclide."""
    total = NOTHING
    for each in balances:
        total = StoreBalance(
            opening_bq=total.opening_bq + each.opening_bq,
            put_in_bq=total.put_in_bq + each.put_in_bq,
            left_bq={way: total.left_bq[way] + each.left_bq[way] for way in Way},
            decayed_bq=total.decayed_bq + each.decayed_bq,
            in_store_bq=total.in_store_bq + each.in_store_bq,
            lines=total.lines + each.lines,
        )
    return total


def by_nuclide(found: Iterable[ContainerBalance]) -> dict[str, StoreBalance]:
    """The store's balance of each nuclide; becquerels of two nuclides are never added."""
    groups: dict[str, list[StoreBalance]] = {}
    for each in found:
        groups.setdefault(each.nuclide, []).append(each.balance)
    return {nuclide: together(groups[nuclide]) for nuclide in sorted(groups)}


def _put_in(it: Container, since: datetime | None, until: datetime) -> dict[str, int]:
    total: dict[str, int] = {}
    for item in it.items:
        if _is_within(item.put_in_at, since, until):
            for portion in item.portions:
                total[portion.symbol] = total.get(portion.symbol, 0) + portion.activity_bq
    return total


def _lost(it: Container, since: datetime | None, end: datetime, data: NuclearData) -> Amounts:
    """What decayed less what grew in, item by item, from when it lay there until *end*."""
    total: Amounts = {}
    for item in it.items:
        begin = item.put_in_at if since is None else max(item.put_in_at, since)
        if begin < end:
            _add(total, _lost_of(item, begin, end, data))
    return total


def _lost_of(item: PutIn, begin: datetime, end: datetime, data: NuclearData) -> Amounts:
    start = contents(Container(items=(item,)), begin, data)
    left = chain_activities(start, seconds(begin, end), data_of(item, data))
    return {symbol: start.get(symbol, 0.0) - bq for symbol, bq in left.items()}


def _add(total: Amounts, more: Amounts) -> None:
    for symbol, bq in more.items():
        total[symbol] = total.get(symbol, 0.0) + bq


def _by(way: Way, gone: Departure | None, bq: float) -> int:
    return round(bq) if gone and gone.way == way else 0


def _is_within(at: datetime, since: datetime | None, until: datetime) -> bool:
    return at <= until and (since is None or at > since)
