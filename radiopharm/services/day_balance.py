"""The day balance: every vial and the waste store of every site over its whole life, and the
flags that follow.

The site balances when all its vials and its waste store do: its balance is their sum.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from radiopharm.core.balance import VialBalance
from radiopharm.core.flags import FlagKind
from radiopharm.core.reference import Reference
from radiopharm.core.waste_balance import ContainerBalance
from radiopharm.services import balances, waste_balances
from radiopharm.services.balances import Window
from radiopharm.store import Connection, accounts, flags
from radiopharm.store.flags import Change

KIND = FlagKind.IMBALANCE
STORE = "store"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBalance:
    """What was looked at, every fault in words, and the flags that ought to change."""

    sites: int
    vials: int
    faults: list[str]
    changes: list[Change]


def look(db: Connection, reference: Reference, at: datetime) -> DayBalance:
    """Balance everything as it stands at *at*."""
    sites, faults, changes, vials = accounts.all_sites(db), [], [], 0
    for site in sites:
        period = Window(since=None, until=at, known_at=at)
        found = balances.of_site(db, reference, site.id, period).vials
        open_ones = [each for each in found if not each.balance.closes]
        vials += len(found)
        faults += [_says(each) for each in open_ones]
        store = waste_balances.of_site(db, reference, site.id, period)
        said = _store_says(store)
        faults += [f"{site.name}: {said}"] if said else []
        changes += [*_changes(db, site.id, open_ones), *_store_changes(db, site.id, said)]
    return DayBalance(sites=len(sites), vials=vials, faults=faults, changes=changes)


def _changes(db: Connection, site_id: int, unbalanced: Iterable[VialBalance]) -> Iterator[Change]:
    flagged = _flagged(db, site_id, "vial")
    said = {each.vial_id: _says(each) for each in unbalanced}
    for vial_id in sorted(said.keys() - flagged.keys()):
        yield Change(
            site_id=site_id, subject="vial", subject_id=vial_id, raised=KIND, says=said[vial_id]
        )
    for vial_id in sorted(flagged.keys() - said.keys()):
        yield Change(
            site_id=site_id,
            subject="vial",
            subject_id=vial_id,
            cleared_id=flagged[vial_id],
            cleared=KIND,
        )


def _store_changes(db: Connection, site_id: int, said: str) -> Iterator[Change]:
    """The store's flag is the site's: what is open stands until the store balances."""
    open_id = _flagged(db, site_id, STORE).get(site_id)
    change = Change(site_id=site_id, subject=STORE, subject_id=site_id)
    if said and open_id is None:
        yield replace(change, raised=KIND, says=said)
    if open_id is not None and not said:
        yield replace(change, cleared_id=open_id, cleared=KIND)


def _flagged(db: Connection, site_id: int, subject: str) -> dict[int, int]:
    rows = flags.of_kind(db, site_id, KIND)
    return {row.subject_id: row.id for row in rows if row.subject == subject}


def _store_says(lines: Iterable[ContainerBalance]) -> str:
    """The first container that does not balance; empty where the whole store does."""
    open_ones = [each for each in lines if not each.balance.closes]
    if not open_ones:
        return ""
    it, more = open_ones[0], len(open_ones) - 1
    others = f", and {more} more" if more else ""
    return (
        f"The waste store does not balance: {it.balance.unexplained_bq:+,d} Bq of {it.nuclide} in "
        f"{it.code} have no way{others}"
    )


def _says(it: VialBalance) -> str:
    return f"{it.code} does not balance: {it.balance.unexplained_bq:+,d} Bq have no route"
