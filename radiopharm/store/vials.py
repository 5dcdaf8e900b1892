"""Vials in and out of the database: the facts, the newest composition, the events."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from radiopharm.core.ledger import Ledger
from radiopharm.core.refusals import Conflict, NotFound
from radiopharm.core.vials import Happening, Impurity, Vial, VialEvent
from radiopharm.store import ledgers
from radiopharm.store.ledgers import Ids
from radiopharm.store.tables.vials import (
    assays,
    vial_compositions,
    vial_events,
    vials,
)


def get(db: sa.Connection, site_id: int, vial_id: int) -> Vial:
    """One vial of a site; raises `NotFound`, also for another site's."""
    found = by_ids(db, site_id, [vial_id])
    if not found:
        raise NotFound(f"vial {vial_id}")
    return found[0]


def by_ids(db: sa.Connection, site_id: int, ids: Sequence[int]) -> list[Vial]:
    """The site's vials among *ids*, in the order of *ids*, in four statements however many."""
    found = {vial.id: vial for vial in chosen(db, site_id, ids)}
    return [found[vial_id] for vial_id in ids if vial_id in found]


def chosen(
    db: sa.Connection, site_id: int, ids: Ids, known_at: datetime | None = None
) -> list[Vial]:
    """The site's vials among *ids*, which may be a query, by nuclide and id.

    With *known_at* the composition is the one then known.
    """
    rows = db.execute(
        sa.select(vials)
        .where(vials.c.site_id == site_id, vials.c.id.in_(ids))
        .order_by(vials.c.nuclide, vials.c.id)
    ).all()
    impurities = _impurities(db, ids, known_at)
    events, ends = _events(db, ids), ledgers.ends(db, ids)
    return [_vial(row, impurities[row.id], events[row.id], ends[row.id]) for row in rows]


def require_sequence(vial: Vial, after_sequence: int) -> None:
    """Refuse a command whose author saw another ledger than the one that stands now."""
    if vial.ledger.sequence != after_sequence:
        balance = vial.ledger.balance
        raise Conflict(
            "stale",
            f"{vial.code} has moved on since you looked. Look at it again.",
            sequence=vial.ledger.sequence,
            volume_ul=balance.volume_ul,
            reference_bq=balance.reference_bq,
        )


def add(db: sa.Connection, values: Mapping[str, Any], impurities: Iterable[Impurity]) -> int:
    """Write a new vial and the first version of its composition; returns its id."""
    vial_id = db.execute(vials.insert().values(**values)).inserted_primary_key[0]
    add_composition(
        db,
        vial_id,
        1,
        impurities,
        recorded_at=values["recorded_at"],
        recorded_by=values["received_by"],
    )
    return int(vial_id)


def add_composition(
    db: sa.Connection,
    vial_id: int,
    version: int,
    impurities: Iterable[Impurity],
    *,
    recorded_at: datetime,
    recorded_by: int,
    reason: str = "",
) -> None:
    """Write one version of what a vial's certificate declares."""
    rows = [
        {
            "vial_id": vial_id,
            "version": version,
            "nuclide": impurity.nuclide,
            "ratio": str(impurity.ratio),
            "stated_ratio": impurity.stated_ratio,
            "stated_at": impurity.stated_at,
            "half_life_s": impurity.half_life_s,
            "half_life_text": impurity.half_life_text,
            "source": impurity.source,
            "reason": reason,
            "recorded_at": recorded_at,
            "recorded_by": recorded_by,
        }
        for impurity in impurities
    ]
    if rows:
        db.execute(vial_compositions.insert(), rows)


def newest_version(db: sa.Connection, vial_id: int) -> int:
    """The number of a vial's newest composition; 1 where nothing was declared at receipt."""
    newest = sa.func.max(vial_compositions.c.version)
    return db.scalar(sa.select(newest).where(vial_compositions.c.vial_id == vial_id)) or 1


def add_event(db: sa.Connection, vial_id: int, event: VialEvent) -> None:
    """Write that something happened to a vial."""
    db.execute(
        vial_events.insert().values(
            vial_id=vial_id,
            kind=str(event.kind),
            occurred_at=event.occurred_at,
            recorded_at=event.recorded_at,
            actor_id=event.actor_id,
            reason=event.reason,
            place=event.place,
            directive_id=event.directive_id,
            use_by_at=event.use_by_at,
        )
    )


def add_assay(db: sa.Connection, **values: Any) -> int:
    """Write a measurement of a vial, posted or not."""
    return int(db.execute(assays.insert().values(**values)).inserted_primary_key[0])


def _impurities(
    db: sa.Connection, ids: Ids, known_at: datetime | None
) -> dict[int, list[Impurity]]:
    known = vial_compositions.c.recorded_at <= known_at if known_at is not None else sa.true()
    newest = (
        sa.select(
            vial_compositions.c.vial_id, sa.func.max(vial_compositions.c.version).label("version")
        )
        .where(vial_compositions.c.vial_id.in_(ids), known)
        .group_by(vial_compositions.c.vial_id)
        .subquery()
    )
    rows = db.execute(
        sa.select(vial_compositions)
        .join(
            newest,
            sa.and_(
                newest.c.vial_id == vial_compositions.c.vial_id,
                newest.c.version == vial_compositions.c.version,
            ),
        )
        .order_by(vial_compositions.c.id)
    )
    found: dict[int, list[Impurity]] = defaultdict(list)
    for row in rows:
        found[row.vial_id].append(
            Impurity(
                nuclide=row.nuclide,
                ratio=Decimal(row.ratio),
                stated_ratio=row.stated_ratio,
                stated_at=row.stated_at,
                half_life_s=row.half_life_s,
                half_life_text=row.half_life_text,
                source=row.source,
            )
        )
    return found


def _events(db: sa.Connection, ids: Ids) -> dict[int, list[VialEvent]]:
    rows = db.execute(
        sa.select(vial_events).where(vial_events.c.vial_id.in_(ids)).order_by(vial_events.c.id)
    )
    found: dict[int, list[VialEvent]] = defaultdict(list)
    for row in rows:
        found[row.vial_id].append(
            VialEvent(
                kind=Happening(row.kind),
                occurred_at=row.occurred_at,
                recorded_at=row.recorded_at,
                actor_id=row.actor_id,
                reason=row.reason,
                place=row.place,
                directive_id=row.directive_id,
                use_by_at=row.use_by_at,
            )
        )
    return found


def _vial(
    row: sa.Row[Any], impurities: list[Impurity], events: list[VialEvent], ledger: Ledger
) -> Vial:
    return Vial(
        id=row.id,
        site_id=row.site_id,
        product=row.product,
        nuclide=row.nuclide,
        lot=row.lot,
        reference_at=row.reference_at,
        reference_zone=row.reference_zone,
        half_life_s=row.half_life_s,
        half_life_text=row.half_life_text,
        half_life_source=row.half_life_source,
        data_set=row.data_set,
        expires_at=row.expires_at,
        received_at=row.received_at,
        received_by=row.received_by,
        impurities=tuple(impurities),
        events=tuple(events),
        ledger=ledger,
    )
