"""What the database means when it refuses: try again, the world has moved, it is ill, or a bug."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

RACES = (
    "ledger_entries.vial_id, ledger_entries.sequence",
    "uq_ledger_entries_vial_id_sequence",
    "ledger_entries is append-only",
    "draws is append-only",
)
AUDIT_RACES = (
    "uq_audit_events",
    "pk_audit_events",
    "audit_events.stream",
    "pk_audit_heads",
    "audit_heads.stream",
)
RETRY_STATES = ("40001", "40P01", "55P03")
ILL_STATES = ("08", "25006", "53", "57", "58")
"""How PostgreSQL's codes begin for: no connection, read-only, no room, told to stop, I/O error."""
ILL_CODES = frozenset({5, 6, 7, 8, 10, 11, 13, 14, 15, 26})
"""SQLite's primary codes for: busy, locked, no memory, read-only, I/O error, corrupt, full, cannot
open, lock protocol, no database."""
SQLITE_IOERR = 10


class StorageUnavailable(Exception):
    """The database cannot be used now (busy, full, read-only or gone); nothing was saved."""


class OutcomeUnknown(StorageUnavailable):
    """The database was lost while it was told to keep the work: it may have, or not."""


@contextmanager
def ill_is_unavailable() -> Iterator[None]:
    """Raise `StorageUnavailable` for what the driver says of an ill database; the rest is a bug."""
    try:
        yield
    except sa.exc.TimeoutError as error:  # every connection is in use
        raise StorageUnavailable from error
    except sa.exc.DBAPIError as error:
        if is_ill(error):
            raise StorageUnavailable from error
        raise


def is_ill(error: sa.exc.DBAPIError) -> bool:
    """Whether the database, not the statement, is at fault."""
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return state.startswith(ILL_STATES)
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in ILL_CODES
    return error.connection_invalidated or isinstance(error, sa.exc.OperationalError)


def is_cut_off(error: sa.exc.DBAPIError) -> bool:
    """Whether nobody can say what became of what was asked: no answer came, or no disk wrote it."""
    code = getattr(error.orig, "sqlite_errorcode", 0)
    return error.connection_invalidated or code & 0xFF == SQLITE_IOERR


def is_transient(error: sa.exc.DBAPIError) -> bool:
    """Whether the same unit of work may simply be tried again: lock, deadlock, lost race."""
    state = getattr(error.orig, "sqlstate", None)
    if state in RETRY_STATES:
        return True
    said = str(error.orig)
    return "database is locked" in said or any(race in said for race in AUDIT_RACES)


def is_stale(error: sa.exc.DBAPIError) -> bool:
    """Whether somebody else's entry took the place that this one wanted."""
    said = str(error.orig)
    return any(race in said for race in RACES)


def constraint_name(error: sa.exc.DBAPIError) -> str:
    """The constraint that refused, without any of the row's values."""
    diag = getattr(error.orig, "diag", None)
    if diag is not None and diag.constraint_name:
        return str(diag.constraint_name)
    found = re.search(r"(?:constraint failed: )([\w., ]+)", str(error.orig))
    return found[1] if found else type(error.orig).__name__
