"""Waste containers in and out of the database: what went in, what happened, how they left."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from radiopharm.core.containers import (
    ContainerEvent,
    ContainerKind,
    Item,
    Measurement,
    ReleaseRecord,
    Source,
    Step,
    WasteContainer,
)
from radiopharm.core.filling import Measure
from radiopharm.core.refusals import Conflict, NotFound
from radiopharm.core.waste import Portion, PutIn, Survey
from radiopharm.store.tables.accounts import users
from radiopharm.store.tables.waste import (
    waste_containers,
    waste_events,
    waste_item_contents,
    waste_items,
    waste_measurements,
    waste_releases,
)


def get(db: sa.Connection, site_id: int, container_id: int) -> WasteContainer:
    """One container of a site; raises `NotFound`, also for another site's."""
    found = by_ids(db, site_id, [container_id])
    if not found:
        raise NotFound(f"container {container_id}")
    return found[0]


def by_ids(db: sa.Connection, site_id: int, ids: Sequence[int]) -> list[WasteContainer]:
    """The site's containers among *ids*, in their order, in six statements however many."""
    query = sa.select(waste_containers).where(
        waste_containers.c.site_id == site_id, waste_containers.c.id.in_(ids)
    )
    rows = {row.id: row for row in db.execute(query)}
    items, events = _items(db, ids), _events(db, ids)
    measurements, releases = _measurements(db, ids), _releases(db, ids)
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
            release=releases.get(row.id),
        )
        for row in (rows[each] for each in ids if each in rows)
    ]


def require_sequence(container: WasteContainer, after_sequence: int | None) -> None:
    """Refuse a signature under a container that has changed since its signer looked."""
    if after_sequence is not None and container.sequence != after_sequence:
        said = f"{container.code} has changed since you looked. Look at it again."
        raise Conflict("stale", said, sequence=container.sequence)


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
        "recipient": event.recipient,
        "licence": event.licence,
    }
    return _insert(db, waste_events, values)


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
        "recorded_at": now,
        "actor_id": actor_id,
    }
    return _insert(db, waste_measurements, values)


def add_release(db: sa.Connection, legs: Sequence[Mapping[str, Any]], **values: Any) -> int:
    """Write a signed release with its legs as they stand; returns its id."""
    frozen = json.dumps(list(legs), ensure_ascii=False)
    return _insert(db, waste_releases, {**values, "legs": frozen})


def _insert(db: sa.Connection, table: sa.Table, values: Mapping[str, Any]) -> int:
    return int(db.execute(table.insert().values(**values)).inserted_primary_key[0])


def _items(db: sa.Connection, ids: Sequence[int]) -> dict[int, list[Item]]:
    rows = db.execute(
        sa.select(waste_items).where(waste_items.c.container_id.in_(ids)).order_by(waste_items.c.id)
    ).all()
    contents = _contents(db, ids)
    found: dict[int, list[Item]] = defaultdict(list)
    for row in rows:
        held = contents[row.id]
        portions = tuple(_portion(each) for each in held)
        item = Item(
            id=row.id,
            source=Source(row.source),
            put_in=PutIn(put_in_at=row.put_in_at, portions=portions),
            data_set=held[0].data_set,
            description=row.description,
            recorded_at=row.recorded_at,
            actor_id=row.actor_id,
            vial_id=row.vial_id,
            sequence=row.sequence,
            dispensing_id=row.dispensing_id,
            residue_id=row.residue_id,
        )
        found[row.container_id].append(item)
    return found


def _contents(db: sa.Connection, ids: Sequence[int]) -> dict[int, list[sa.Row[Any]]]:
    rows = db.execute(
        sa.select(waste_item_contents)
        .join(waste_items, waste_items.c.id == waste_item_contents.c.item_id)
        .where(waste_items.c.container_id.in_(ids))
        .order_by(waste_item_contents.c.id)
    )
    found: dict[int, list[sa.Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.item_id].append(row)
    return found


def _portion(row: sa.Row[Any]) -> Portion:
    return Portion(
        symbol=row.nuclide,
        activity_bq=row.activity_bq,
        half_life_s=row.half_life_s,
        half_life_text=row.half_life_text,
        half_life_source=row.half_life_source,
    )


def _events(db: sa.Connection, ids: Sequence[int]) -> dict[int, list[ContainerEvent]]:
    rows = db.execute(
        sa.select(waste_events)
        .where(waste_events.c.container_id.in_(ids))
        .order_by(waste_events.c.id)
    )
    found: dict[int, list[ContainerEvent]] = defaultdict(list)
    for row in rows:
        event = ContainerEvent(
            step=Step(row.kind),
            at=row.at,
            recorded_at=row.recorded_at,
            actor_id=row.actor_id,
            reason=row.reason,
            place=row.place,
            mass_g=row.mass_g,
            recipient=row.recipient,
            licence=row.licence,
        )
        found[row.container_id].append(event)
    return found


def _measurements(db: sa.Connection, ids: Sequence[int]) -> dict[int, list[Measurement]]:
    rows = db.execute(
        sa.select(waste_measurements, users.c.display_name)
        .join(users, users.c.id == waste_measurements.c.actor_id)
        .where(waste_measurements.c.container_id.in_(ids))
        .order_by(waste_measurements.c.id)
    )
    found: dict[int, list[Measurement]] = defaultdict(list)
    for row in rows:
        survey = Survey(
            background=Decimal(row.background),
            background_unit=row.unit,
            reading=Decimal(row.reading),
            reading_unit=row.unit,
            instrument_id=row.instrument_id,
            measured_at=row.measured_at,
            measured_by=row.display_name,
            unshielded=row.unshielded,
            most_sensitive_scale=row.most_sensitive_scale,
        )
        measurement = Measurement(
            id=row.id, survey=survey, recorded_at=row.recorded_at, actor_id=row.actor_id
        )
        found[row.container_id].append(measurement)
    return found


def _releases(db: sa.Connection, ids: Sequence[int]) -> dict[int, ReleaseRecord]:
    rows = db.execute(sa.select(waste_releases).where(waste_releases.c.container_id.in_(ids)))
    return {
        row.container_id: ReleaseRecord(
            id=row.id,
            pack=row.pack,
            pack_edition=row.pack_edition,
            legs=tuple(json.loads(row.legs)),
            destination=row.destination,
            measurement_id=row.measurement_id,
            signature_id=row.signature_id,
            at=row.at,
            actor_id=row.actor_id,
        )
        for row in rows
    }
