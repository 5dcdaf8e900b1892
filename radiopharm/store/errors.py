"""What the database means when it refuses: try again, the world has moved, or a bug."""

import re

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


class StorageUnavailable(Exception):
    """The database cannot write now (busy, full, read-only or gone); nothing was saved."""


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
