"""Looking: a vial, a page of stock, the whole inventory, at any instant."""

from datetime import datetime

from radiopharm.core import inventory as rules
from radiopharm.core.decay import require_in_range, seconds
from radiopharm.core.inventory import Inventory
from radiopharm.core.reference import Reference
from radiopharm.core.stock import VialAt, seen
from radiopharm.core.vials import Vial
from radiopharm.services import balances
from radiopharm.store import (
    Connection,
    in_hand,
    ledgers,
    limits,
    stock,
    vials,
    waste_lists,
    waste_parts,
)


def look(
    db: Connection,
    reference: Reference,
    site_id: int,
    vial_id: int,
    at: datetime,
    known_at: datetime,
) -> VialAt:
    """One vial at *at*, as known at *known_at*; raises `NotFound`.

    Raises `OutOfRange` when an instant other than now is asked beyond 1,000 half-lives.
    """
    vial = vials.get(db, site_id, vial_id)
    if at != known_at:
        require_in_range(seconds(vial.reference_at, at), vial.half_life_s)
    return at_instant(db, reference, [vial], at, known_at)[0]


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
    return at_instant(db, reference, found, at, known_at), following


def inventory(
    db: Connection, reference: Reference, site_id: int, at: datetime, known_at: datetime
) -> Inventory:
    """What the whole site holds of each nuclide at *at*, with the limits then in force.

    Impurities and progeny count, doses that are drawn and not gone, and what is in waste; as many
    statements however much there is.
    """
    held = stock.held(site_id, at)
    amounts = ledgers.balances_at(db, held, at)
    found = vials.chosen(db, site_id, held)
    return rules.inventory(
        ((vial, amounts[vial.id]) for vial in found),
        limits.in_force(db, site_id, at),
        at,
        reference,
        waste_parts.items(db, waste_lists.here(site_id, at)),
        balances.books_of(db, reference, site_id, in_hand.vials_of(site_id, at), known_at),
    )


def at_instant(
    db: Connection, reference: Reference, found: list[Vial], at: datetime, known_at: datetime
) -> list[VialAt]:
    """The same vials at *at*, as known at *known_at*, in one statement however many."""
    amounts = ledgers.balances_at(db, [vial.id for vial in found], at, known_at)
    return [seen(vial, amounts.get(vial.id), at, reference) for vial in found]
