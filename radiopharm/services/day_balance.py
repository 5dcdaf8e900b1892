"""The day balance: every vial of every site over its whole life, and the flags that follow.

The site balances when all its vials do: its balance is their sum.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from radiopharm.core.balance import VialBalance
from radiopharm.core.flags import FlagKind
from radiopharm.core.reference import Reference
from radiopharm.services import balances
from radiopharm.services.balances import Window
from radiopharm.store import Connection, accounts, flags
from radiopharm.store.flags import Change

KIND = FlagKind.IMBALANCE


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
        changes += _changes(db, site.id, open_ones)
    return DayBalance(sites=len(sites), vials=vials, faults=faults, changes=changes)


def _changes(db: Connection, site_id: int, unbalanced: Iterable[VialBalance]) -> Iterator[Change]:
    flagged = {row.subject_id: row.id for row in flags.of_kind(db, site_id, KIND)}
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


def _says(it: VialBalance) -> str:
    return f"{it.code} does not balance: {it.balance.unexplained_bq:+,d} Bq have no route"
