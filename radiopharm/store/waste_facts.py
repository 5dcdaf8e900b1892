"""The facts of many containers at once, as `WasteContainer.facts` has them, and nothing besides.

For passes over a whole store: no history, no papers, no row that decides nothing. A test holds
them equal to what is read container by container.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.core.waste import Container, LicenceCondition, Portion, PutIn
from radiopharm.store import waste_parts
from radiopharm.store.tables.waste import waste_events, waste_item_contents, waste_items

NO_SEAL = (None, None, None)


def of(
    db: sa.Connection, ids: Sequence[int], conditions: Sequence[LicenceCondition]
) -> dict[int, Container]:
    """What decides when each may leave, under the site's licence *conditions*, in their order."""
    items, seals = _items(db, ids), _seals(db, ids)
    surveys = waste_parts.measurements(db, ids)
    licence = tuple(conditions)
    found = {}
    for container_id in ids:
        sealed_at, mass_g, volume_ml = seals.get(container_id, NO_SEAL)
        found[container_id] = Container(
            items=tuple(items[container_id]),
            sealed_at=sealed_at,
            mass_g=mass_g,
            volume_ml=volume_ml,
            surveys=tuple(measurement.survey for measurement in surveys[container_id]),
            licence_conditions=licence,
        )
    return found


def _items(db: sa.Connection, ids: Sequence[int]) -> dict[int, list[PutIn]]:
    columns, portions = waste_items.c, _portions(db, ids)
    rows = db.execute(
        sa.select(columns.id, columns.container_id, columns.put_in_at, columns.articles)
        .where(columns.container_id.in_(ids))
        .order_by(columns.id)
    )
    found: dict[int, list[PutIn]] = defaultdict(list)
    for item_id, container_id, put_in_at, articles in rows:
        held = tuple(portions[item_id])
        found[container_id].append(PutIn(put_in_at=put_in_at, portions=held, articles=articles))
    return found


def _portions(db: sa.Connection, ids: Sequence[int]) -> dict[int, list[Portion]]:
    columns = waste_item_contents.c
    rows = db.execute(
        sa.select(columns.item_id, columns.nuclide, columns.activity_bq)
        .add_columns(columns.half_life_s, columns.half_life_text, columns.half_life_source)
        .join(waste_items, waste_items.c.id == columns.item_id)
        .where(waste_items.c.container_id.in_(ids))
        .order_by(columns.id)
    )
    found: dict[int, list[Portion]] = defaultdict(list)
    for item_id, symbol, activity_bq, half_life_s, text, source in rows:
        portion = Portion(
            symbol=symbol,
            activity_bq=activity_bq,
            half_life_s=half_life_s,
            half_life_text=text,
            half_life_source=source,
        )
        found[item_id].append(portion)
    return found


def _seals(
    db: sa.Connection, ids: Sequence[int]
) -> dict[int, tuple[datetime | None, int | None, int | None]]:
    """Instant, mass and volume of each seal that holds: the last to be told, unless reopened."""
    columns = waste_events.c
    rows = db.execute(
        sa.select(columns.container_id, columns.kind, columns.at, columns.mass_g)
        .add_columns(columns.volume_ml)
        .where(columns.container_id.in_(ids), columns.kind.in_(("sealed", "reopened")))
        .order_by(columns.at, columns.id)
    )
    last: dict[int, sa.Row[Any]] = {row.container_id: row for row in rows}
    return {
        container_id: (row.at, row.mass_g, row.volume_ml)
        for container_id, row in last.items()
        if row.kind == "sealed"
    }
