"""Waste containers in and out of the database: what went in, what happened, how they left."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.core.containers import (
    ContainerEvent,
    ContainerKind,
    WasteContainer,
)
from radiopharm.core.filling import Measure
from radiopharm.core.leaving import Papers
from radiopharm.core.refusals import Conflict, NotFound
from radiopharm.core.waste import Portion
from radiopharm.store import releases, waste_parts
from radiopharm.store.tables.hand_overs import hand_overs
from radiopharm.store.tables.waste import (
    waste_containers,
    waste_events,
    waste_item_contents,
    waste_items,
    waste_measurements,
)


def get(db: sa.Connection, site_id: int, container_id: int) -> WasteContainer:
    """One container of a site; raises `NotFound`, also for another site's."""
    found = by_ids(db, site_id, [container_id])
    if not found:
        raise NotFound(f"container {container_id}")
    return found[0]


def by_ids(db: sa.Connection, site_id: int, ids: Sequence[int]) -> list[WasteContainer]:
    """The site's containers among *ids*, in their order, in a few statements however many."""
    query = sa.select(waste_containers).where(
        waste_containers.c.site_id == site_id, waste_containers.c.id.in_(ids)
    )
    rows = {row.id: row for row in db.execute(query)}
    items, events = waste_parts.items(db, ids), waste_parts.events(db, ids)
    measurements = waste_parts.measurements(db, ids)
    left = releases.by_container(db, ids)
    return [
        WasteContainer(
            id=row.id,
            site_id=row.site_id,
            kind=ContainerKind(row.kind),
            nuclide=row.nuclide,
            first_place=row.place,
            description=row.description,
            opened_at=row.opened_at,
            opened_by=row.actor_id,
            items=tuple(items[row.id]),
            events=tuple(events[row.id]),
            measurements=tuple(measurements[row.id]),
            release=left.get(row.id),
            number=row.number,
        )
        for row in (rows[each] for each in ids if each in rows)
    ]


def require_sequence(container: WasteContainer, after_sequence: int | None) -> None:
    """Refuse a signature under a container that has changed since its signer looked."""
    if after_sequence is not None and container.sequence != after_sequence:
        said = f"{container.code} has changed since you looked. Look at it again."
        raise Conflict("stale", said, sequence=container.sequence)


def numbered_between(db: sa.Connection, site_id: int, since: datetime, until: datetime) -> int:
    """How many numbered containers the site opened from *since* to before *until*."""
    columns = waste_containers.c
    query = sa.select(sa.func.count()).where(
        columns.site_id == site_id,
        columns.number.is_not(None),
        columns.opened_at >= since,
        columns.opened_at < until,
    )
    return db.scalar(query) or 0


def is_taken(db: sa.Connection, site_id: int, number: str) -> bool:
    """Whether a container of the site has that number."""
    columns = waste_containers.c
    query = sa.select(columns.id).where(columns.site_id == site_id, columns.number == number)
    return db.scalar(query) is not None


def add(db: sa.Connection, **values: Any) -> int:
    """Write a new container; returns its id."""
    return _insert(db, waste_containers, values)


def add_item(
    db: sa.Connection, values: Mapping[str, Any], portions: Iterable[Portion], data_set: str
) -> int:
    """Write an item with what it holds; returns its id."""
    item_id = _insert(db, waste_items, values)
    rows = [
        {
            "item_id": item_id,
            "nuclide": portion.symbol,
            "activity_bq": portion.activity_bq,
            "half_life_s": portion.half_life_s,
            "half_life_text": portion.half_life_text,
            "half_life_source": portion.half_life_source,
            "data_set": data_set,
        }
        for portion in portions
    ]
    db.execute(waste_item_contents.insert(), rows)
    return item_id


def add_event(db: sa.Connection, container_id: int, event: ContainerEvent) -> int:
    """Write that something happened to a container; returns the event's id."""
    values = {
        "container_id": container_id,
        "kind": str(event.step),
        "at": event.at,
        "recorded_at": event.recorded_at,
        "actor_id": event.actor_id,
        "reason": event.reason,
        "place": event.place,
        "mass_g": event.mass_g,
        "volume_ml": event.volume_ml,
        "recipient": event.recipient,
        "licence": event.licence,
    }
    return _insert(db, waste_events, values)


def add_papers(db: sa.Connection, event_id: int, papers: Papers) -> int:
    """Write what went with a hand-over; returns its id."""
    return _insert(db, hand_overs, {"event_id": event_id, **asdict(papers)})


def add_measurement(
    db: sa.Connection, container_id: int, reading: Measure, now: datetime, actor_id: int
) -> int:
    """Write a survey, its numbers as typed; returns its id."""
    values = {
        "container_id": container_id,
        "background": f"{reading.background:f}",
        "reading": f"{reading.reading:f}",
        "unit": reading.unit,
        "unshielded": reading.unshielded,
        "most_sensitive_scale": reading.most_sensitive_scale,
        "instrument_id": reading.instrument_id,
        "measured_at": reading.measured_at,
        "place": reading.place,
        "recorded_at": now,
        "actor_id": actor_id,
    }
    return _insert(db, waste_measurements, values)


def _insert(db: sa.Connection, table: sa.Table, values: Mapping[str, Any]) -> int:
    return int(db.execute(table.insert().values(**values)).inserted_primary_key[0])
