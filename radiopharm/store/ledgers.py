"""What hangs on ledger entries, and every ledger there is, one vial after another."""

from collections.abc import Iterator
from itertools import groupby

import sqlalchemy as sa

from radiopharm.core.ledger import Entry
from radiopharm.store.tables.doses import draws
from radiopharm.store.tables.vials import ledger_entries, vials
from radiopharm.store.tables.waste import waste_items
from radiopharm.store.vials import entry

STREAMED = 1000


def dose_of(db: sa.Connection, vial_id: int, sequence: int) -> int | None:
    """The dose that an entry was drawn for."""
    columns = draws.c
    query = sa.select(columns.dispensing_id)
    return db.scalar(query.where(columns.vial_id == vial_id, columns.sequence == sequence))


def container_of(db: sa.Connection, vial_id: int, sequence: int) -> int | None:
    """The waste container that an entry's volume went into."""
    columns = waste_items.c
    query = sa.select(columns.container_id)
    return db.scalar(query.where(columns.vial_id == vial_id, columns.sequence == sequence))


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
