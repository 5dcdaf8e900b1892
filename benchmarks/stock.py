"""A stock to recalculate, in the shipped schema: five nuclides, a fifth of the Lu-177 with Lu-177m.

In each of the first slots `CROSSING` vials reach their expiry, however large the stock.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from radiopharm.core.nuclides import NuclearData
from radiopharm.core.reference import Reference
from radiopharm.store import Engine, acts
from radiopharm.store.tables.vials import ledger_entries, vial_compositions, vials
from tests import hospital
from tests.meddling import as_owner

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
SLOT = timedelta(minutes=15)
RECEIVED = NOON - timedelta(days=6)
CROSSING = 100
SLOTS_AHEAD = 40
NUCLIDES = ("Lu-177", "Y-90", "I-131", "I-123", "Ga-68")
CHUNK = 10_000


def fill(engine: Engine, vials_wanted: int, reference: Reference) -> None:
    """A hospital with so many vials, each as received."""
    hospital.found(engine)
    data, chance = reference.default_nuclear_data, random.Random(1)
    for first in range(1, vials_wanted + 1, CHUNK):
        ids = range(first, min(first + CHUNK, vials_wanted + 1))
        rows = [_vial(vial_id, data, chance) for vial_id in ids]
        with acts.writing(engine) as db:
            db.execute(vials.insert(), rows)
            db.execute(ledger_entries.insert(), [_entry(row, chance) for row in rows])
            db.execute(vial_compositions.insert(), list(_compositions(rows, data)))
    with acts.writing(engine) as db:
        as_owner(db)
        db.exec_driver_sql("ANALYZE")


def _vial(vial_id: int, data: NuclearData, chance: random.Random) -> dict[str, Any]:
    nuclide = data.get(NUCLIDES[vial_id % len(NUCLIDES)])
    reference_at = NOON - timedelta(seconds=chance.randint(-43_200, 432_000))
    return {
        "id": vial_id,
        "site_id": 1,
        "product": "lutathera",
        "nuclide": nuclide.symbol,
        "lot": f"L{vial_id % 977}",
        "reference_at": reference_at,
        "reference_zone": "UTC",
        "half_life_s": nuclide.half_life_s,
        "half_life_text": nuclide.half_life_text,
        "half_life_source": nuclide.source,
        "data_set": data.name,
        "expires_at": _expiry(vial_id),
        "received_at": RECEIVED,
        "received_by": 1,
        "recorded_at": RECEIVED,
        "activity_text": "as labelled",
        "volume_text": "20 mL",
    }


def _expiry(vial_id: int) -> datetime:
    """The first vials cross a hundred a slot, the others long after."""
    slots, within = divmod(vial_id, CROSSING)
    if slots < SLOTS_AHEAD:
        return NOON + slots * SLOT + timedelta(seconds=within + 1)
    return NOON + timedelta(days=30, seconds=vial_id)


def _entry(vial: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    activity_bq = round(10 ** chance.uniform(6, 10.7))
    return {
        "vial_id": vial["id"],
        "sequence": 1,
        "kind": "received",
        "occurred_at": RECEIVED,
        "recorded_at": RECEIVED,
        "actor_id": 1,
        "reason": "",
        "volume_ul": 20_000,
        "reference_bq": activity_bq,
        "volume_after_ul": 20_000,
        "reference_after_bq": activity_bq,
    }


def _compositions(rows: list[dict[str, Any]], data: NuclearData) -> Iterator[dict[str, Any]]:
    parent = data.get("Lu-177m")
    for row in rows:
        if row["nuclide"] == "Lu-177" and row["id"] % 25 == 0:
            yield {
                "vial_id": row["id"],
                "version": 1,
                "nuclide": parent.symbol,
                "ratio": "0.0002",
                "stated_ratio": "0.02 %",
                "stated_at": row["reference_at"],
                "half_life_s": parent.half_life_s,
                "half_life_text": parent.half_life_text,
                "source": parent.source,
                "reason": "",
                "recorded_at": RECEIVED,
                "recorded_by": 1,
            }
