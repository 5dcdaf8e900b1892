"""Looking at waste containers at any instant, each judged by the rules in force then."""

from datetime import datetime

from radiopharm.core.checking import ContainerAt, seen
from radiopharm.core.containers import WasteContainer
from radiopharm.core.people import Site
from radiopharm.core.reference import Reference
from radiopharm.services.rule_packs import in_force
from radiopharm.services.waste_due import Due, chunks, sieve
from radiopharm.store import Connection, waste, waste_lists
from radiopharm.store.waste_lists import Filters


def look(
    db: Connection,
    reference: Reference,
    site_id: int,
    container_id: int,
    at: datetime,
    pack: str | None = None,
) -> ContainerAt:
    """One container at *at*, judged by *pack* or the site's choice; raises `NotFound`."""
    container = waste.get(db, site_id, container_id)
    rules = in_force(db, reference, site_id, at, pack)
    return seen(container, at, rules, reference.default_nuclear_data)


def page(
    db: Connection,
    reference: Reference,
    site: Site,
    at: datetime,
    *,
    filters: Filters,
    due: Due | None = None,
    blocked_by: str | None = None,
    after: int = 0,
    size: int,
) -> tuple[list[ContainerAt], int | None]:
    """A keyset page by id, and the id after which the next one begins.

    *due* and *blocked_by*, a leg's code, narrow it to those of the filter that are here.
    """
    rules, data = in_force(db, reference, site.id, at), reference.default_nuclear_data
    if due is None and blocked_by is None:
        ids, more = waste_lists.page(db, site.id, at, filters, after, size)
        chosen = waste.by_ids(db, site.id, ids)
    else:
        chosen, more = _sifted(db, reference, site, at, filters, due, blocked_by, after, size)
    found = [seen(each, at, rules, data) for each in chosen]
    return found, chosen[-1].id if more else None


def _sifted(
    db: Connection,
    reference: Reference,
    site: Site,
    at: datetime,
    filters: Filters,
    due: Due | None,
    blocked_by: str | None,
    after: int,
    size: int,
) -> tuple[list[WasteContainer], bool]:
    """At most *size* of those that fit, and whether more do."""
    sift = sieve(db, reference, site, at)
    chosen: list[int] = []
    for facts in chunks(db, site.id, at, filters, sift.rules.conditions, after):
        chosen += sift.matching(facts, due, blocked_by)
        if len(chosen) > size:
            break
    return waste.by_ids(db, site.id, chosen[:size]), len(chosen) > size
