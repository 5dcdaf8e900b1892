"""Which sealed containers have waited long enough: all but the reading of their release check."""

from collections.abc import Iterator
from datetime import datetime

from radiopharm.core.checking import ContainerAt, seen
from radiopharm.core.flags import FlagKind
from radiopharm.core.reference import Reference
from radiopharm.core.states import ContainerState
from radiopharm.services.rule_packs import in_force
from radiopharm.store import Connection, flags, waste, waste_lists
from radiopharm.store.flags import Change

KIND = FlagKind.WASTE_ELIGIBLE
SEALED = waste_lists.Filters(states=frozenset({ContainerState.SEALED}))
MOST = 100_000
READINGS = ("survey", "dose_rate")


def container_changes(
    db: Connection, reference: Reference, site_id: int, at: datetime
) -> Iterator[Change]:
    """Each container of a site whose flag is not what it ought to be at *at*."""
    rules = in_force(db, reference, site_id, at)
    ids, _ = waste_lists.page(db, site_id, at, SEALED, 0, MOST)
    judged = (
        seen(container, at, rules, reference.default_nuclear_data)
        for container in waste.by_ids(db, site_id, ids)
    )
    ready = {it.container.id: it.check.earliest_at for it in judged if has_waited(it)}
    flagged = {row.subject_id: row.id for row in flags.of_kind(db, site_id, KIND)}
    for container_id in sorted(ready.keys() - flagged.keys()):
        yield Change(
            site_id=site_id,
            subject="container",
            subject_id=container_id,
            raised=KIND,
            limit_at=ready[container_id],
        )
    for container_id in sorted(flagged.keys() - ready.keys()):
        yield Change(
            site_id=site_id,
            subject="container",
            subject_id=container_id,
            cleared_id=flagged[container_id],
            cleared=KIND,
        )


def has_waited(it: ContainerAt) -> bool:
    """Whether nothing but a reading may still stand in the way."""
    earliest = it.check.earliest_at
    return (
        earliest is not None
        and earliest <= it.at
        and all(leg.passed is True for leg in it.check.legs if leg.kind not in READINGS)
    )
