"""The loops that everyone writes, over the same tables: one object a vial, one commit.

They do the same work, so that the ratio is not bought with a straw man: one query for the vials
with their balance, the activity with what Lu-177m feeds, a snapshot and, past expiry, a flag.
"""

import math
from collections.abc import Callable
from datetime import datetime
from typing import Any

import radioactivedecay
import sqlalchemy as sa
from sqlalchemy.orm import Session, registry

from radiopharm.store import Engine
from radiopharm.store.tables.derived import activity_snapshots, flags
from radiopharm.store.tables.vials import ledger_entries, vial_compositions, vials

MESSAGE = "by a twin"
EXPIRED = sa.and_(flags.c.kind == "expired", flags.c.cleared_at.is_(None))
FRACTION = 0.217  # of the decays of Lu-177m that make Lu-177, ICRP-107


class Vial: ...


class Entry: ...


class Impurity: ...


class Snapshot: ...


class Flag: ...


mapped = registry()
for kind, table in (
    (Vial, vials),
    (Entry, ledger_entries),
    (Impurity, vial_compositions),
    (Snapshot, activity_snapshots),
    (Flag, flags),
):
    mapped.map_imperatively(kind, table)

Formula = Callable[[Any, float, Any, float], float]
"""Activity of a vial from its balance, its impurity (or None) and the seconds elapsed."""


def loop(engine: Engine, slot: datetime, formula: Formula, most: int) -> int:
    """Recalculate at most so many vials; returns how many."""
    with Session(engine.execution_options(writing=True)) as session:
        impurities = {it.vial_id: it for it in session.scalars(sa.select(Impurity))}
        flagged = set(session.scalars(sa.select(flags.c.subject_id).where(EXPIRED)))
        query = sa.select(Vial, Entry).join(Entry, Entry.vial_id == Vial.id).order_by(Vial.id)
        count = 0
        for vial, entry in session.execute(query.limit(most)):
            elapsed_s = (slot - vial.reference_at).total_seconds()
            parent = impurities.get(vial.id)
            activity_bq = formula(vial, entry.reference_after_bq, parent, elapsed_s)
            session.add(_snapshot(vial, slot, activity_bq))
            if vial.expires_at <= slot and vial.id not in flagged:
                session.add(_flag(vial, slot))
            count += 1
        session.commit()
    return count


def by_exponential(vial: Any, balance: float, parent: Any, elapsed_s: float) -> float:
    """The textbook formula."""
    rate = math.log(2) / vial.half_life_s
    left = balance * math.exp(max(-rate * elapsed_s, -700))
    if parent is None:
        return left
    slow = math.log(2) / parent.half_life_s
    difference = math.exp(-slow * elapsed_s) - math.exp(-rate * elapsed_s)
    return left + balance * float(parent.ratio) * FRACTION * difference * rate / (rate - slow)


def by_library(vial: Any, balance: float, parent: Any, elapsed_s: float) -> float:
    """What the library for it answers."""
    held = {vial.nuclide: float(balance)}
    if parent is not None:
        held[parent.nuclide] = balance * float(parent.ratio)
    decayed = radioactivedecay.Inventory(held, "Bq").decay(elapsed_s, "s")
    return float(decayed.activities("Bq")[vial.nuclide])


def _snapshot(vial: Any, slot: datetime, activity_bq: float) -> Snapshot:
    return Snapshot(
        subject="vial",
        subject_id=vial.id,
        slot=slot,
        nuclide=vial.nuclide,
        activity_bq=activity_bq,
    )


def _flag(vial: Any, slot: datetime) -> Flag:
    return Flag(
        site_id=1,
        subject="vial",
        subject_id=vial.id,
        kind="expired",
        message=MESSAGE,
        raised_at=slot,
    )
