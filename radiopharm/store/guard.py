"""What the program's own connection to SQLite may not do, whatever reaches it.

SQLite asks before it prepares a statement. So neither a fault of ours nor a statement smuggled in
can change the schema, a setting or a fact, or reach another file; the triggers refuse whoever
opens the file past us. Migrations lift the guard (`owning`), and `residues` to empty the log.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import sqlalchemy as sa

from radiopharm.store.base import metadata

CHANGES_SCHEMA = frozenset(
    code
    for name, code in vars(sqlite3).items()
    if name.startswith(("SQLITE_CREATE_", "SQLITE_DROP_", "SQLITE_ALTER_", "SQLITE_REINDEX"))
)
REACHES_OUT = frozenset({sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH})
WRITES = frozenset({sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE})
SCHEMA = frozenset({"sqlite_master", "sqlite_schema", "sqlite_temp_master", "sqlite_temp_schema"})
DESCRIBES = frozenset(
    {"table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo"}
    | {"foreign_key_list", "foreign_key_check", "integrity_check", "quick_check"}
)


def close(connection: sqlite3.Connection) -> None:
    """Put the guard on a connection that is prepared."""
    connection.set_authorizer(_judge)
    if hasattr(connection, "setconfig"):  # Python 3.12 and later
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)


@contextmanager
def owning(db: sa.Connection) -> Iterator[None]:
    """The connection as the owner of the schema has it: for migrations."""
    if db.dialect.name != "sqlite":
        yield
        return
    with lifted(db.connection.driver_connection):
        yield


@contextmanager
def lifted(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """The connection without its guard, for what no statement from outside can reach."""
    connection.set_authorizer(None)
    try:
        yield connection
    finally:
        connection.set_authorizer(_judge)


def _judge(act: int, first: str | None, second: str | None, *_: object) -> int:
    return sqlite3.SQLITE_DENY if _is_refused(act, first, second) else sqlite3.SQLITE_OK


def _is_refused(act: int, first: str | None, second: str | None) -> bool:
    if act == sqlite3.SQLITE_PRAGMA:
        return second is not None and first not in DESCRIBES
    if act in (sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE) and first in _facts():
        return True
    return act in CHANGES_SCHEMA or act in REACHES_OUT or (act in WRITES and first in SCHEMA)


@cache
def _facts() -> frozenset[str]:
    """Every table whose rows are facts."""
    tables = metadata.tables.values()
    return frozenset(table.name for table in tables if table.info.get("append_only"))
