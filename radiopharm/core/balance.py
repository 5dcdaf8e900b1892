"""Every becquerel leaves by a route: what came, against what left, decayed and is still here.

opening + received = administered (net) + waste + transferred + discharged + decayed
+ measurement difference + in stock. What is in stock is read from the books and not what the other
terms leave over, so a figure that was changed behind our back shows as `unexplained_bq`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby

Factor = Callable[[datetime], float]
"""The activity (Bq) at an instant of each becquerel at the vial's reference time."""


class Route(StrEnum):
    """How activity comes to a vial or leaves it other than by decay."""

    RECEIVED = "received"
    ADMINISTERED = "administered"
    WASTE = "waste"
    TRANSFERRED = "transferred"
    DISCHARGED = "discharged"
    DIFFERENCE = "difference"


OUT = tuple(route for route in Route if route is not Route.RECEIVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """So many becquerels of the principal nuclide, as they were at that instant, by one route.

    Positive is the usual direction: in for what was received, out for every other route.
    """

    at: datetime
    route: Route
    bq: float

    @property
    def change_bq(self) -> float:
        """What it adds to what is here."""
        return self.bq if self.route is Route.RECEIVED else -self.bq


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What moved a vial's activity, and what the books say is here of it at any instant."""

    vial_id: int
    code: str
    product: str
    lot: str
    nuclide: str
    movements: tuple[Movement, ...]
    here: Callable[[datetime], float]
    factor: Factor


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """One balance in whole becquerels; `entries` movements were rounded to make it."""

    opening_bq: int
    routes_bq: Mapping[Route, int]
    decayed_bq: int
    in_stock_bq: int
    entries: int

    @property
    def received_bq(self) -> int:
        return self.routes_bq[Route.RECEIVED]

    @property
    def unexplained_bq(self) -> int:
        """What the right side lacks; negative where it has too much."""
        left = sum(self.routes_bq[route] for route in OUT)
        return self.opening_bq + self.received_bq - left - self.decayed_bq - self.in_stock_bq

    @property
    def tolerance_bq(self) -> int:
        """± 1 Bq an entry; opening, decay and stock are three more."""
        return self.entries + 3

    @property
    def closes(self) -> bool:
        return abs(self.unexplained_bq) <= self.tolerance_bq

    @property
    def is_empty(self) -> bool:
        """Whether nothing was here and nothing came."""
        return not (self.opening_bq or self.entries or self.in_stock_bq)


NOTHING = Balance(
    opening_bq=0,
    routes_bq=dict.fromkeys(Route, 0),
    decayed_bq=0,
    in_stock_bq=0,
    entries=0,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VialBalance:
    """The balance of one vial over a period, in its principal nuclide."""

    vial_id: int
    code: str
    product: str
    lot: str
    nuclide: str
    balance: Balance


def of_life(life: Life, since: datetime | None, until: datetime) -> VialBalance:
    """The balance of *life* after *since* (None: from its beginning) up to and with *until*."""
    moved = sorted(
        (m for m in life.movements if m.at <= until and (since is None or m.at > since)),
        key=lambda movement: movement.at,
    )
    opening = life.here(since) if since is not None else 0.0
    balance = Balance(
        opening_bq=round(opening),
        routes_bq={r: sum(round(m.bq) for m in moved if m.route is r) for r in Route},
        decayed_bq=round(_decayed(opening, since, moved, until, life.factor)),
        in_stock_bq=round(life.here(until)),
        entries=len(moved),
    )
    return VialBalance(
        vial_id=life.vial_id,
        code=life.code,
        product=life.product,
        lot=life.lot,
        nuclide=life.nuclide,
        balance=balance,
    )


def together(balances: Iterable[Balance]) -> Balance:
    """The balance of all of them."""
    total = NOTHING
    for each in balances:
        total = Balance(
            opening_bq=total.opening_bq + each.opening_bq,
            routes_bq={r: total.routes_bq[r] + each.routes_bq[r] for r in Route},
            decayed_bq=total.decayed_bq + each.decayed_bq,
            in_stock_bq=total.in_stock_bq + each.in_stock_bq,
            entries=total.entries + each.entries,
        )
    return total


def by_nuclide(found: Iterable[VialBalance]) -> dict[str, Balance]:
    """The site's balance of each nuclide; becquerels of two nuclides are never added."""
    ordered = sorted(found, key=lambda it: it.nuclide)
    groups = groupby(ordered, key=lambda it: it.nuclide)
    return {nuclide: together(it.balance for it in group) for nuclide, group in groups}


def _decayed(
    opening: float,
    since: datetime | None,
    moved: Iterable[Movement],
    until: datetime,
    factor: Factor,
) -> float:
    """What the running stock lost from each movement to the next, and then until the end."""
    stock, at, lost = opening, since, 0.0
    for then, change in [*((m.at, m.change_bq) for m in moved), (until, 0.0)]:
        if at is not None and stock:
            left = _carried(stock, factor(at), factor(then))
            lost, stock = lost + stock - left, left
        stock, at = stock + change, then
    return lost


def _carried(stock: float, before: float, after: float) -> float:
    return stock * after / before if before else 0.0
