"""How containers left by a check: signed releases, who carried them out, and derogations.

What a check said is kept as it stood, so that no later rule or figure changes it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.core.containers import DerogationRecord, ReleaseRecord
from radiopharm.core.leaving import Outgoing
from radiopharm.core.signing import Signature
from radiopharm.store import signatures
from radiopharm.store.tables.releases import derogations, releasers
from radiopharm.store.tables.waste import waste_containers, waste_releases

Legs = Iterable[Mapping[str, Any]]
Signed = Mapping[int, Signature]


def by_container(db: sa.Connection, ids: Sequence[int]) -> dict[int, ReleaseRecord]:
    """The release of each container of *ids* that has one."""
    columns = waste_releases.c
    rows = db.execute(sa.select(waste_releases).where(columns.container_id.in_(ids))).all()
    if not rows:
        return {}
    found = [row.id for row in rows]
    beside, against = _of(db, releasers, found), _of(db, derogations, found)
    every = (*rows, *beside.values(), *against.values())
    signed = signatures.by_ids(db, [row.signature_id for row in every])
    return {
        row.container_id: _release(row, beside.get(row.id), against.get(row.id), signed)
        for row in rows
    }


def between(db: sa.Connection, site_id: int, begin: datetime, end: datetime) -> dict[int, datetime]:
    """The site's containers that left by a release from *begin* to *end*, each with its instant."""
    columns = waste_releases.c
    query = (
        sa.select(columns.container_id, columns.at)
        .join(waste_containers, waste_containers.c.id == columns.container_id)
        .where(waste_containers.c.site_id == site_id, columns.at >= begin, columns.at <= end)
    )
    return {row.container_id: row.at for row in db.execute(query)}


def add(db: sa.Connection, legs: Legs, outgoing: Outgoing, **values: Any) -> int:
    """Write how a container left with its legs as they stand; returns its id."""
    left = {
        "destination": outgoing.destination,
        "route": outgoing.route or None,
        "consignment": outgoing.consignment or None,
        "biohazard": outgoing.biohazard,
        "legs": _frozen(legs),
    }
    made = db.execute(waste_releases.insert().values(**values, **left))
    return int(made.inserted_primary_key[0])


def add_releaser(db: sa.Connection, **values: int) -> None:
    """Write who signed a release beside the safety officer."""
    db.execute(releasers.insert().values(**values))


def add_derogation(db: sa.Connection, failed: Legs, **values: Any) -> None:
    """Write that a release is a derogation, with the legs it departs from."""
    db.execute(derogations.insert().values(**values, failed=_frozen(failed)))


def _of(db: sa.Connection, table: sa.Table, ids: Sequence[int]) -> dict[int, sa.Row[Any]]:
    rows = db.execute(sa.select(table).where(table.c.release_id.in_(ids)))
    return {row.release_id: row for row in rows}


def _release(
    row: sa.Row[Any], beside: sa.Row[Any] | None, against: sa.Row[Any] | None, signed: Signed
) -> ReleaseRecord:
    return ReleaseRecord(
        id=row.id,
        pack=row.pack,
        pack_edition=row.pack_edition,
        legs=tuple(json.loads(row.legs)),
        outgoing=Outgoing(
            destination=row.destination,
            labels_defaced=True,  # without, none was ever written
            route=row.route or "",
            consignment=row.consignment or "",
            biohazard=row.biohazard,
        ),
        measurement_id=row.measurement_id,
        signature=signed[row.signature_id],
        at=row.at,
        actor_id=row.actor_id,
        releaser=signed[beside.signature_id] if beside else None,
        derogation=_derogation(against, signed) if against else None,
    )


def _derogation(row: sa.Row[Any], signed: Signed) -> DerogationRecord:
    return DerogationRecord(
        reason=row.reason,
        failed=tuple(json.loads(row.failed)),
        signature=signed[row.signature_id],
    )


def _frozen(legs: Legs) -> str:
    return json.dumps(list(legs), ensure_ascii=False)
