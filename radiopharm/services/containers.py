"""Looking at waste containers at any instant, each judged by the rules in force then."""

from datetime import datetime

from radiopharm.core.checking import ContainerAt, seen
from radiopharm.core.reference import Reference
from radiopharm.services.rule_packs import in_force
from radiopharm.store import Connection, waste, waste_lists
from radiopharm.store.waste_lists import Filters

BATCH = 500  # containers judged for one page that asks for the releasable ones only


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
    site_id: int,
    at: datetime,
    *,
    filters: Filters,
    releasable_only: bool = False,
    after: int = 0,
    size: int,
) -> tuple[list[ContainerAt], int | None]:
    """A keyset page by id, and the id after which the next one begins.

    A page of the releasable only may be short: it judges one batch of the others.
    """
    batch = BATCH if releasable_only else size
    ids, more = waste_lists.page(db, site_id, at, filters, after, batch)
    rules = in_force(db, reference, site_id, at)
    data = reference.default_nuclear_data
    found = [seen(each, at, rules, data) for each in waste.by_ids(db, site_id, ids)]
    if releasable_only:
        found = [each for each in found if each.check.releasable]
        if len(found) > size:
            return found[:size], found[size - 1].container.id
    return found, ids[-1] if more else None
