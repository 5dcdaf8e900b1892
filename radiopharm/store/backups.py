"""The database copied out while it is written to, and put back all at once or not at all.

Each engine has its own means (`backups_sqlite`, `backups_postgresql`): `save` copies one consistent
state and says what it holds, `unpacked` opens a copy beside the database, `swap` makes that copy
the database.
"""

from contextlib import AbstractContextManager
from pathlib import Path

import sqlalchemy as sa

from radiopharm.core.backups import Contents
from radiopharm.store import backups_postgresql, backups_sqlite, tables
from radiopharm.store.backups_contents import contents

assert tables
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
