"""A connection as whoever owns the database has it, for tests that meddle behind our back."""

import sqlalchemy as sa


def as_owner(db: sa.Connection) -> None:
    """Lift the guard that the program's own connection to SQLite wears (store.guard)."""
    if db.dialect.name == "sqlite":
        db.connection.driver_connection.set_authorizer(None)
