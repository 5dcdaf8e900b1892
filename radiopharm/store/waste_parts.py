"""What belongs to waste containers, by container id: items, events, surveys."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from radiopharm.core.containers import (
    ContainerEvent,
    Item,
    Measurement,
    Source,
    Step,
)
from radiopharm.core.leaving import Papers
from radiopharm.core.splitting import percent
from radiopharm.core.waste import Portion, PutIn, Survey
from radiopharm.store import shares
from radiopharm.store.ledgers import Ids
from radiopharm.store.tables.accounts import users
from radiopharm.store.tables.hand_overs import hand_overs
from radiopharm.store.tables.shares import waste_shares
from radiopharm.store.tables.waste import (
    waste_events,
    waste_item_contents,
    waste_items,
    waste_measurements,
)


def items(db: sa.Connection, ids: Ids) -> dict[int, list[Item]]:
    """What went into the containers of *ids*, in that order, with the nuclides it held.

    A share of something names the source that the first share's item names.
    """
    first = waste_items.alias("first")
    share = waste_shares.c
    rows = db.execute(
        sa.select(waste_items.c.id, waste_items.c.container_id, *_OWN)
        .add_columns(*(first.c[name] for name in _OF_SOURCE))
        .add_columns(share.after_millionths, share.upto_millionths)
        .outerjoin(waste_shares, share.item_id == waste_items.c.id)
        .join(first, first.c.id == sa.func.coalesce(share.first_id, waste_items.c.id))
        .where(waste_items.c.container_id.in_(ids))
        .order_by(waste_items.c.id)
    ).all()
    contents = _contents(db, ids)
    found: dict[int, list[Item]] = defaultdict(list)
    for row in rows:
        held = contents[row.id]
        portions = tuple(_portion(each) for each in held)
        item = Item(
            id=row.id,
            source=Source(row.source),
            put_in=PutIn(put_in_at=row.put_in_at, portions=portions, articles=row.articles),
            data_set=held[0].data_set,
            description=row.description,
            recorded_at=row.recorded_at,
            actor_id=row.actor_id,
            vial_id=row.vial_id,
            sequence=row.sequence,
            dispensing_id=row.dispensing_id,
            residue_id=row.residue_id,
            percent=percent(shares.width(row.after_millionths, row.upto_millionths)),
        )
        found[row.container_id].append(item)
    return found


_OWN = [
    waste_items.c[name]
    for name in ("put_in_at", "articles", "description", "recorded_at", "actor_id")
]
_OF_SOURCE = ("source", "vial_id", "sequence", "dispensing_id", "residue_id")


def _contents(db: sa.Connection, ids: Ids) -> dict[int, list[sa.Row[Any]]]:
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


def events(db: sa.Connection, ids: Sequence[int]) -> dict[int, list[ContainerEvent]]:
    """What happened, in the order it was recorded."""
    rows = db.execute(
        sa.select(waste_events, *_PAPERS, hand_overs.c.id.label("papers_id"))
        .outerjoin(hand_overs, hand_overs.c.event_id == waste_events.c.id)
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
            volume_ml=row.volume_ml,
            recipient=row.recipient,
            licence=row.licence,
            papers=_papers(row) if row.papers_id is not None else None,
        )
        found[row.container_id].append(event)
    return found


_PAPERS = [hand_overs.c[each.name] for each in fields(Papers)]


def _papers(row: sa.Row[Any]) -> Papers:
    return Papers(**{column.name: getattr(row, column.name) for column in _PAPERS})


def measurements(db: sa.Connection, ids: Sequence[int]) -> dict[int, list[Measurement]]:
    """Surveys with the name of who made them, in the order they were recorded."""
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
            id=row.id,
            survey=survey,
            recorded_at=row.recorded_at,
            actor_id=row.actor_id,
            place=row.place or "",
        )
        found[row.container_id].append(measurement)
    return found
