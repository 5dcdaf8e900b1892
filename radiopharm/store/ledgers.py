"""Ledgers in and out of the database: entries, balances at any instant, what hangs on them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from radiopharm.core.ledger import Amount, Entry, Kind, Ledger
from radiopharm.store import shares
from radiopharm.store.tables.accounts import users
from radiopharm.store.tables.devices import dispensing_readings
from radiopharm.store.tables.discharges import discharges
from radiopharm.store.tables.doses import draws
from radiopharm.store.tables.vials import ledger_entries, vials
from radiopharm.store.tables.waste import waste_items

STREAMED = 1000
Ids = Sequence[int] | sa.Select[tuple[int]]
"""Ids, or the query that finds them: a whole store is asked for without naming each."""


def append(
    db: sa.Connection, vial_id: int, entry: Entry, *, actor_id: int, second_id: int | None = None
) -> None:
    """Write the next ledger entry; a lost race shows as a stale conflict."""
    db.execute(
        ledger_entries.insert().values(
            vial_id=vial_id,
            sequence=entry.sequence,
            kind=str(entry.kind),
            occurred_at=entry.occurred_at,
            recorded_at=entry.recorded_at,
            actor_id=actor_id,
            second_id=second_id,
            reason=entry.reason,
            volume_ul=entry.change.volume_ul,
            reference_bq=entry.change.reference_bq,
            volume_after_ul=entry.after.volume_ul,
            reference_after_bq=entry.after.reference_bq,
            reverses_sequence=entry.reverses,
        )
    )


def entries(db: sa.Connection, vial_id: int) -> list[Entry]:
    """A vial's whole ledger, oldest first."""
    rows = db.execute(
        sa.select(ledger_entries)
        .where(ledger_entries.c.vial_id == vial_id)
        .order_by(ledger_entries.c.sequence)
    )
    return [entry(row) for row in rows]


def rows(db: sa.Connection, vial_id: int) -> list[sa.Row[Any]]:
    """The ledger for people: each entry with who did it, whether it was reversed since, and of a
    draw its dose with the device reading that this was measured by."""
    second = users.alias("second")
    reversal = ledger_entries.alias("reversal")
    return list(
        db.execute(
            sa.select(
                ledger_entries,
                users.c.display_name.label("by"),
                second.c.display_name.label("second"),
                reversal.c.sequence.is_not(None).label("voided"),
                draws.c.dispensing_id,
                dispensing_readings.c.reading_id,
            )
            .join(users, users.c.id == ledger_entries.c.actor_id)
            .outerjoin(second, second.c.id == ledger_entries.c.second_id)
            .outerjoin(
                reversal,
                sa.and_(
                    reversal.c.vial_id == ledger_entries.c.vial_id,
                    reversal.c.reverses_sequence == ledger_entries.c.sequence,
                ),
            )
            .outerjoin(
                draws,
                sa.and_(
                    draws.c.vial_id == ledger_entries.c.vial_id,
                    draws.c.sequence == ledger_entries.c.sequence,
                ),
            )
            .outerjoin(
                dispensing_readings, dispensing_readings.c.dispensing_id == draws.c.dispensing_id
            )
            .where(ledger_entries.c.vial_id == vial_id)
            .order_by(ledger_entries.c.sequence)
        )
    )


def balances_at(
    db: sa.Connection, ids: Ids, at: datetime, known_at: datetime | None = None
) -> dict[int, Amount]:
    """Each vial's balance at *at* as known at *known_at*; one that was not here yet is absent.

    What was entered late may have taken more than the book held then, by a reading that came after:
    of such an instant it held nothing.
    """
    columns = ledger_entries.c
    known = columns.recorded_at <= known_at if known_at is not None else sa.true()
    rows = db.execute(
        sa.select(
            columns.vial_id,
            sa.func.sum(columns.volume_ul).label("volume_ul"),
            sa.func.sum(columns.reference_bq).label("reference_bq"),
        )
        .where(
            columns.vial_id.in_(ids),
            columns.occurred_at <= at,
            known,
        )
        .group_by(columns.vial_id)
    )
    return {
        row.vial_id: Amount(
            volume_ul=max(0, int(row.volume_ul)), reference_bq=max(0, int(row.reference_bq))
        )
        for row in rows
    }


def ends(db: sa.Connection, ids: Ids) -> dict[int, Ledger]:
    """Where each vial's ledger stands; one without entries stands at the beginning."""
    columns = ledger_entries.c
    last = (
        sa.select(columns.vial_id, sa.func.max(columns.sequence).label("sequence"))
        .where(columns.vial_id.in_(ids))
        .group_by(columns.vial_id)
        .subquery()
    )
    rows = db.execute(
        sa.select(
            columns.vial_id, columns.sequence, columns.volume_after_ul, columns.reference_after_bq
        ).join(
            last,
            sa.and_(last.c.vial_id == columns.vial_id, last.c.sequence == columns.sequence),
        )
    )
    found: dict[int, Ledger] = defaultdict(Ledger)
    for row in rows:
        balance = Amount(volume_ul=row.volume_after_ul, reference_bq=row.reference_after_bq)
        found[row.vial_id] = Ledger(sequence=row.sequence, balance=balance)
    return found


def entry(row: sa.Row[Any]) -> Entry:
    """A ledger row as the core knows it."""
    return Entry(
        sequence=row.sequence,
        kind=Kind(row.kind),
        change=Amount(volume_ul=row.volume_ul, reference_bq=row.reference_bq),
        after=Amount(volume_ul=row.volume_after_ul, reference_bq=row.reference_after_bq),
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        reason=row.reason,
        reverses=row.reverses_sequence,
    )


def dose_of(db: sa.Connection, vial_id: int, sequence: int) -> int | None:
    """The dose that an entry was drawn for."""
    columns = draws.c
    query = sa.select(columns.dispensing_id)
    return db.scalar(query.where(columns.vial_id == vial_id, columns.sequence == sequence))


def containers_of(db: sa.Connection, vial_id: int, sequence: int) -> list[int]:
    """The waste containers that an entry's volume went into."""
    columns = waste_items.c
    query = sa.select(columns.id).where(columns.vial_id == vial_id, columns.sequence == sequence)
    lie = shares.places(db, list(db.scalars(query)))
    return [share.container_id for found in lie.values() for share in found]


def is_discharged(db: sa.Connection, vial_id: int, sequence: int) -> bool:
    """Whether an entry's volume went to the drain."""
    columns = discharges.c
    query = sa.select(columns.id).where(columns.vial_id == vial_id, columns.sequence == sequence)
    return db.scalar(query) is not None


def every(db: sa.Connection) -> Iterator[tuple[int, list[Entry]]]:
    """Each vial's id with its ledger, oldest entry first, read in batches; empty ledgers too."""
    query = (
        sa.select(vials.c.id.label("of_vial"), ledger_entries)
        .outerjoin(ledger_entries, ledger_entries.c.vial_id == vials.c.id)
        .order_by(vials.c.id, ledger_entries.c.sequence)
        .execution_options(yield_per=STREAMED)
    )
    for vial_id, rows in groupby(db.execute(query), key=lambda row: row.of_vial):
        yield vial_id, [entry(row) for row in rows if row.sequence is not None]
