"""The database connection: the same code on SQLite and PostgreSQL, made equally strict at connect.

SQLite: `journal_mode=DELETE, synchronous=EXTRA` (the default was measured to lose acknowledged
writes on power loss), foreign keys, recursive triggers (without them REPLACE walks past the
append-only guards), a schema that may call no function of ours, and an authorizer (store.guard). A
library with the WAL-reset bug mended may use WAL with FULL.
"""

import math
import os
import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from radiopharm.store import guard
from radiopharm.store.turnstile import Turnstile
from radiopharm.store.vault import Vault

BUSY_MS = 5000
STATEMENTS = 512  # all of ours: each is judged once a connection (store.guard)
SESSION = "-c timezone=UTC -c datestyle=ISO -c lock_timeout=5000 -c statement_timeout=60000"


def make_engine(url: str, vault: Vault | None = None) -> sa.Engine:
    """An engine for *url*; in-memory SQLite is refused, for it cannot be shared or kept.

    Without *vault* no identity of a patient can be read or written.
    """
    address, options = sa.make_url(url), {"vault": vault}
    if address.get_backend_name() == "sqlite":
        return _sqlite(address, options)
    return sa.create_engine(
        address,
        execution_options=options,
        hide_parameters=True,  # an error must not print a patient
        pool_pre_ping=True,
        pool_size=20,
        connect_args={"options": SESSION},
    )


def turnstile(engine: sa.Engine) -> Turnstile | None:
    """The fair queue of writers; PostgreSQL needs none."""
    return _TURNSTILES.get(engine)


_TURNSTILES: dict[sa.Engine, Turnstile] = {}


def _sqlite(address: sa.URL, options: dict[str, Any]) -> sa.Engine:
    if not address.database or address.database == ":memory:":
        raise ValueError("SQLite needs a file: sqlite:///var/radiopharm.db")
    path = Path(address.database)
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        address,
        execution_options=options,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "cached_statements": STATEMENTS},
    )
    event.listen(engine, "do_connect", _keep_private)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    _TURNSTILES[engine] = Turnstile(path)
    return engine


def _keep_private(_dialect: Any, _record: Any, arguments: list[Any], _options: Any) -> None:
    try:
        os.close(os.open(arguments[0], os.O_RDONLY | os.O_CREAT, 0o600))  # its own would be 0644
    except OSError as error:
        raise sqlite3.OperationalError("unable to open database file") from error


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite has the WAL-reset bug (3.7.0 to 3.51.2) mended."""
    return (
        version >= (3, 51, 3)
        or (3, 50, 7) <= version < (3, 51, 0)
        or (3, 44, 6) <= version < (3, 45, 0)
    )


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    safe = wal_is_safe(sqlite3.sqlite_version_info)
    mode, synchronous = ("WAL", "FULL") if safe else ("DELETE", "EXTRA")
    for pragma in (
        f"busy_timeout={BUSY_MS}",
        f"journal_mode={mode}",
        f"synchronous={synchronous}",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "cell_size_check=ON",
        "secure_delete=ON",  # a key that is destroyed must not lie about in a free page
        "trusted_schema=OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")
    (kept,) = connection.execute("PRAGMA synchronous").fetchone()
    if kept != (2 if safe else 3):
        raise RuntimeError("SQLite did not accept the durable synchronous mode")
    (has_exp,) = connection.execute(
        "SELECT count(*) FROM pragma_function_list WHERE name = 'exp'"
    ).fetchone()
    if not has_exp:
        connection.create_function("exp", 1, math.exp, deterministic=True)
    guard.close(connection)  # last: from here on no pragma is set


def _begin(connection: sa.Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN DEFERRED")
