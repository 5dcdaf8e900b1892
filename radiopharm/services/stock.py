"""Looking: a vial, a page of stock, the whole inventory, at any instant."""

from datetime import datetime

from radiopharm.core.decay import require_in_range
from radiopharm.core.reference import Reference
from radiopharm.core.stock import VialAt, seen
from radiopharm.core.vials import Vial
from radiopharm.store import Connection, stock, vials


def look(
    db: Connection,
    reference: Reference,
    site_id: int,
    vial_id: int,
    at: datetime,
    known_at: datetime,
) -> VialAt:
    """One vial at *at*, as known at *known_at*; `NotFound`, or `OutOfRange` beyond 1,000 T½."""
    vial = vials.get(db, site_id, vial_id)
    return _seen(db, reference, [vial], at, known_at)[0]


def page(
    db: Connection,
    reference: Reference,
    site_id: int,
    at: datetime,
    known_at: datetime,
    *,
    filters: stock.Filters,
    after: stock.Key | None,
    size: int,
) -> tuple[list[VialAt], stock.Key | None]:
    """A keyset page of vials by nuclide and id, and where the next one begins."""
    ids, following = stock.page(db, site_id, at, filters, after, size)
    found = vials.by_ids(db, site_id, ids)
    return _seen(db, reference, found, at, known_at), following


def _seen(
    db: Connection, reference: Reference, found: list[Vial], at: datetime, known_at: datetime
) -> list[VialAt]:
    balances = vials.balances_at(db, [vial.id for vial in found], at, known_at)
    for vial in found:
        require_in_range(abs((at - vial.reference_at).total_seconds()), vial.half_life_s)
    return [seen(vial, balances.get(vial.id), at, reference) for vial in found]
