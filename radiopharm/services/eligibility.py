"""Which sealed containers have waited long enough: all but the reading of their release check."""

from collections.abc import Iterator
from datetime import datetime
from itertools import compress

from radiopharm.core.checking import RulesInForce, seen
from radiopharm.core.flags import FlagKind
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.reference import Reference
from radiopharm.core.states import ContainerState
from radiopharm.services.bulk_checks import Batch
from radiopharm.services.rule_packs import in_force
from radiopharm.services.waste_due import chunks
from radiopharm.store import Connection, flags, waste, waste_lists
from radiopharm.store.flags import Change

KIND = FlagKind.WASTE_ELIGIBLE
SEALED = waste_lists.Filters(states=frozenset({ContainerState.SEALED}))


def container_changes(
    db: Connection, reference: Reference, site_id: int, at: datetime
) -> Iterator[Change]:
    """Each container of a site whose flag is not what it ought to be at *at*."""
    rules = in_force(db, reference, site_id, at)
    data = reference.default_nuclear_data
    ready = set(_measurable(db, rules, data, site_id, at))
    flagged = {row.subject_id: row.id for row in flags.of_kind(db, site_id, KIND)}
    for container in waste.by_ids(db, site_id, sorted(ready - flagged.keys())):
        yield Change(
            site_id=site_id,
            subject="container",
            subject_id=container.id,
            raised=KIND,
            limit_at=seen(container, at, rules, data).check.earliest_at,
        )
    for container_id in sorted(flagged.keys() - ready):
        yield Change(
            site_id=site_id,
            subject="container",
            subject_id=container_id,
            cleared_id=flagged[container_id],
            cleared=KIND,
        )


def _measurable(
    db: Connection, rules: RulesInForce, data: NuclearData, site_id: int, at: datetime
) -> Iterator[int]:
    """The sealed containers in whose way nothing but a reading may still stand."""
    for facts in chunks(db, site_id, at, SEALED, rules.conditions):
        batch = Batch(list(facts.values()), rules.pack, data)
        yield from compress(facts, batch.at(at).measurable)
