"""Of each nuclide, the most that was here in a period, and how near it came to its limit.

Stock grows only when something arrives, so the most was here at the beginning or at an arrival:
those instants are looked at, everything decayed to each.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from radiopharm.core.containers import WasteContainer
from radiopharm.core.inventory import Holding, Inventory, inventory
from radiopharm.core.ledger import NOTHING, Amount
from radiopharm.core.lives import Books
from radiopharm.core.register_cells import Kind
from radiopharm.core.registers import Column, Group, Line, Register
from radiopharm.services.registers.reading import Reading
from radiopharm.services.registers.vials import books
from radiopharm.services.registers.waste import as_known
from radiopharm.store.registers import oversight, waste

REGISTER = Register(
    name="limits",
    title="Limits and peaks",
    about="Of each nuclide the most that was here, in vials, doses and waste, against its limit.",
    group=Group.STOCK,
    columns=(
        Column(name="nuclide", title="Nuclide", kind=Kind.CODE),
        Column(name="limit_bq", title="Limit", kind=Kind.ACTIVITY),
        Column(name="source", title="Its source", share=2),
        Column(name="peak_bq", title="Most held", kind=Kind.ACTIVITY),
        Column(name="peak_at", title="When", kind=Kind.INSTANT, share=1.3),
        Column(name="of_limit", title="Of the limit", kind=Kind.PERCENT),
        Column(name="end_bq", title="At the end", kind=Kind.ACTIVITY),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """Everything that was ever here by the end of a period, and the limits it was held under."""

    vials: list[Books]
    containers: list[WasteContainer]
    limits: list[Any]

    def arrivals(self, since: datetime, until: datetime) -> list[datetime]:
        """The beginning, the end, and every instant between at which something came."""
        came = {
            entry.occurred_at
            for books in self.vials
            for entry in books.entries
            if entry.change.reference_bq > 0
        }
        came |= {item.put_in.put_in_at for it in self.containers for item in it.items}
        return sorted({since, until, *(at for at in came if since <= at <= until)})

    def limit(self, nuclide: str, at: datetime) -> Any:
        """The limit of a nuclide that had begun at *at*; None before the first."""
        begun = [row for row in self.limits if row.nuclide == nuclide and row.from_at <= at]
        return begun[-1] if begun else None

    def at(self, at: datetime, reading: Reading) -> Inventory:
        """What was here at one instant."""
        come = [books for books in self.vials if books.vial.received_at <= at]
        held = [(books.vial, _held(books, at)) for books in come]
        here = [it for it in self.containers if it.departure is None or it.departure.left_at > at]
        items = {it.id: it.items for it in here}
        in_stock = ((vial, balance) for vial, balance in held if balance.volume_ul > 0)
        return inventory(in_stock, {}, at, reading.reference, items, come)


def _held(books: Books, at: datetime) -> Amount:
    """What a vial held by its book, at least nothing, as `ledgers.balances_at` has it."""
    found = sum((e.change for e in books.entries if e.occurred_at <= at), NOTHING)
    return replace(found, reference_bq=max(0, found.reference_bq))


def lines(reading: Reading) -> Iterator[Line]:
    """The limited nuclides and those of the vials, by symbol."""
    asked, store = reading.asked, _store(reading)
    looked = [store.at(at, reading) for at in store.arrivals(asked.period.since, asked.at)]
    end = {holding.nuclide: holding for holding in looked[-1].holdings}
    principal = {books.vial.nuclide for books in store.vials}
    for nuclide in sorted(principal | {row.nuclide for row in store.limits}):
        peaks = [(h, it.at) for it in looked for h in it.holdings if h.nuclide == nuclide]
        if not peaks and store.limit(nuclide, asked.at) is None:
            continue
        peak, at = max(peaks, key=lambda each: each[0].total_bq, default=(None, None))
        yield _line(nuclide, peak, at, end.get(nuclide), store, asked.at)


def _line(
    nuclide: str,
    peak: Holding | None,
    peak_at: datetime | None,
    end: Holding | None,
    store: Store,
    end_at: datetime,
) -> Line:
    limit = store.limit(nuclide, peak_at or end_at)
    peak_bq = peak.total_bq if peak else 0.0
    return Line(
        cells={
            "nuclide": nuclide,
            "limit_bq": limit.limit_bq if limit else None,
            "source": limit.source if limit else None,
            "peak_bq": peak_bq,
            "peak_at": peak_at,
            "of_limit": peak_bq / limit.limit_bq if limit else None,
            "end_bq": end.total_bq if end else 0.0,
        },
        mark="Over the limit." if limit and peak_bq > limit.limit_bq else "",
    )


def _store(reading: Reading) -> Store:
    db, site_id, asked = reading.db, reading.site.id, reading.asked
    return Store(
        vials=list(books(reading)),
        containers=as_known(reading, waste.opened(db, site_id, asked)),
        limits=oversight.limits_of(db, site_id, asked),
    )
