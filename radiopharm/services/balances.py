"""Balances of vials and of the site: for any window, and as known at any time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial

from radiopharm.core.balance import Factor, VialBalance, of_life
from radiopharm.core.decay import OutOfRange, UndefinedBefore
from radiopharm.core.ledger import Amount
from radiopharm.core.lives import Books, Draw, life
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.reference import Reference
from radiopharm.core.refusals import NotFound
from radiopharm.core.vials import Vial, activity, nuclear_data
from radiopharm.store import Connection, balances, vials
from radiopharm.store.ledgers import Ids

ONE_GBQ = Amount(volume_ul=1, reference_bq=10**9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """After `since` (None: from the beginning) up to `until`, as known at `known_at`."""

    since: datetime | None
    until: datetime
    known_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Balances:
    """Every vial that held something in the window; `left_out` have no figure so early."""

    vials: tuple[VialBalance, ...]
    left_out: tuple[str, ...]


def of_site(db: Connection, reference: Reference, site_id: int, window: Window) -> Balances:
    """Each vial's balance, in nine statements however many."""
    return _balances(db, reference, site_id, balances.received(site_id, window.until), window)


def of_vial(
    db: Connection, reference: Reference, site_id: int, vial_id: int, window: Window
) -> Balances:
    """One vial's balance; raises `NotFound`."""
    vials.get(db, site_id, vial_id)
    found = _balances(db, reference, site_id, balances.sharing_doses(db, vial_id), window)
    only = tuple(each for each in found.vials if each.vial_id == vial_id)
    if not only and not found.left_out:
        raise NotFound(f"vial {vial_id}")
    return Balances(vials=only, left_out=found.left_out)


def books_of(
    db: Connection, reference: Reference, site_id: int, ids: Ids, known_at: datetime
) -> Iterator[Books]:
    """Everything known of each vial at *known_at*, in eight statements however many."""
    known = vials.chosen(db, site_id, ids, known_at)
    factors = {vial.id: _factor(vial, reference) for vial in known}
    entries = balances.entries(db, ids, known_at)
    placed = balances.discarded(db, ids, known_at)
    recertified = balances.recertified(db, ids, known_at)
    draws = _draws(db, ids, known_at, factors, recertified)
    for vial in known:
        yield Books(
            vial=vial,
            entries=entries.get(vial.id, []),
            draws=draws.get(vial.id, []),
            placed=placed.get(vial.id, {}),
            factor=factors[vial.id],
            recertified=vial.id in recertified,
        )


def _balances(
    db: Connection, reference: Reference, site_id: int, ids: Ids, window: Window
) -> Balances:
    found, left_out = [], []
    for books in books_of(db, reference, site_id, ids, window.known_at):
        try:
            balanced = of_life(life(books), window.since, window.until)
        except (UndefinedBefore, OutOfRange):
            left_out.append(books.vial.code)
            continue
        if not balanced.balance.is_empty:
            found.append(balanced)
    return Balances(vials=tuple(found), left_out=tuple(left_out))


def _draws(
    db: Connection,
    ids: Ids,
    known_at: datetime,
    factors: dict[int, Factor],
    recertified: set[int],
) -> dict[int, list[Draw]]:
    rows = balances.drawn(db, ids, known_at)
    given = balances.given(db, ids, known_at)
    thrown = balances.thrown(db, ids, known_at)
    returned = balances.returned(db, ids, known_at)
    shares: dict[int, list[tuple[int, Factor]]] = {}
    for row in rows:
        shares.setdefault(row.dispensing_id, []).append((row.reference_bq, factors[row.vial_id]))
    corrected = {row.dispensing_id for row in rows if row.vial_id in recertified}
    found: dict[int, list[Draw]] = {}
    for row in rows:
        dose_id = row.dispensing_id
        draw = Draw(
            reference_bq=row.reference_bq,
            drawn_at=row.occurred_at,
            booked=partial(_booked, shares[dose_id]),
            given=given.get(dose_id),
            thrown=thrown.get(dose_id),
            returned_at=returned.get(dose_id),
            recertified=dose_id in corrected,
        )
        found.setdefault(row.vial_id, []).append(draw)
    return found


def _booked(shares: list[tuple[int, Factor]], at: datetime) -> float:
    """What a dose is at *at* by the books of all its vials."""
    return sum(reference_bq * factor(at) for reference_bq, factor in shares)


def _factor(vial: Vial, reference: Reference) -> Factor:
    """One decay of a gigabecquerel an instant, however many movements ask for it."""
    data: NuclearData = nuclear_data(vial, reference)

    @cache
    def factor(at: datetime) -> float:
        return activity(vial, ONE_GBQ, at, data) / ONE_GBQ.reference_bq

    return factor
