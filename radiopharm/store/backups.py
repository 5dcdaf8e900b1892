"""The database copied out while it is written to, and put back all at once or not at all.

Each engine has its own means (`backups_sqlite`, `backups_postgresql`): `save` copies one consistent
state and says what it holds, `unpacked` opens a copy beside the database, `swap` makes that copy
the database.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import groupby
from pathlib import Path

import sqlalchemy as sa

from radiopharm.core.backups import Contents
from radiopharm.core.ledger import faults
from radiopharm.store import backups_postgresql, backups_sqlite, tables
from radiopharm.store.backups_contents import contents
from radiopharm.store.tables.vials import ledger_entries
from radiopharm.store.vials import entry

assert tables
CHUNK = 1000
MEANS = {"sqlite": backups_sqlite, "postgresql": backups_postgresql}


def save(engine: sa.Engine, file: Path) -> Contents:
    """Copy one consistent state of the database into *file*, and say what it holds."""
    return MEANS[engine.dialect.name].save(engine, file)


def unpacked(engine: sa.Engine, file: Path) -> AbstractContextManager[sa.Engine]:
    """A database of its own made from *file*, beside *engine*'s, gone at the end unless swapped."""
    return MEANS[engine.dialect.name].unpacked(engine, file)


def swap(engine: sa.Engine, unpacked: sa.Engine) -> None:
    """Make the unpacked database the one that *engine* speaks to."""
    MEANS[engine.dialect.name].swap(engine, unpacked)


def is_empty(engine: sa.Engine) -> bool:
    """Whether nothing would be lost: no tables, or no rows in them."""
    with engine.connect() as db:
        if not sa.inspect(db).get_table_names():
            return True
        return not any(contents(db).rows.values())


def ledger_faults(db: sa.Connection) -> Iterator[str]:
    """What does not add up in any vial's ledger, computed again from nothing."""
    query = sa.select(ledger_entries).order_by(ledger_entries.c.vial_id, ledger_entries.c.sequence)
    with db.execute(query, execution_options={"yield_per": CHUNK}) as rows:
        for vial_id, of_vial in groupby(rows, key=lambda row: row.vial_id):
            for fault in faults([entry(row) for row in of_vial]):
                yield f"vial {vial_id}: {fault}"
