"""A row of fact that is not what an event says was written shows, though the chain is untouched.

The tables are first rebuilt without triggers, keys and checks, as an owner of the file could.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from radiopharm import demo
from radiopharm.cli.acting import operator
from radiopharm.core.audit_check import Fault
from radiopharm.runtime import Runtime
from radiopharm.services import attestation
from radiopharm.store import acts, attested
from radiopharm.store.base import Instant
from tests import hospital
from tests.meddling import as_owner

LATER = sa.literal(datetime(2026, 6, 1, 12, 0, 0, 1, tzinfo=UTC), Instant())


@pytest.fixture
def at_work(app: Flask, runtime: Runtime) -> Runtime:
    """A hospital that has lived for three months."""
    with acts.writing(runtime.engine) as db:
        db.exec_driver_sql("UPDATE users SET username = 'former-' || username")
    with app.app_context():
        demo.make(runtime, operator())
    return runtime


@pytest.fixture
def bare(at_work: Runtime) -> Iterator[sa.Connection]:
    """Its database with tables of fact that refuse nothing, in a transaction left open."""
    with at_work.engine.connect().execution_options(writing=True) as db:
        as_owner(db)
        is_sqlite = db.dialect.name == "sqlite"
        if is_sqlite:
            db.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
            db.connection.driver_connection.execute("PRAGMA legacy_alter_table=ON")
            db.rollback()
        with db.begin() as whole:
            for name in triggers(db) if is_sqlite else ():  # a table cannot be renamed under them
                db.exec_driver_sql(f"DROP TRIGGER {name}")
            for table in attested.tables():
                db.exec_driver_sql(f"CREATE TABLE bare AS SELECT * FROM {table.name}")
                db.exec_driver_sql(f"DROP TABLE {table.name} {'' if is_sqlite else 'CASCADE'}")
                db.exec_driver_sql(f"ALTER TABLE bare RENAME TO {table.name}")
            yield db
            whole.rollback()


def triggers(db: sa.Connection) -> list[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    return [name for (name,) in db.exec_driver_sql(query)]


def test_a_hospital_at_work_raises_no_alarm(at_work: Runtime) -> None:
    with at_work.reading() as db:
        assert attestation.first_fault(db) is None


@pytest.mark.requirement("RQ-49")
def test_every_changed_column_missing_row_and_added_row_shows(bare: sa.Connection) -> None:
    tables = [table for table in attested.tables() if first_id(bare, table)]
    assert len(tables) > 15
    escaped = [said for table in tables for said in unnoticed(bare, table)]
    assert escaped == []


def test_rows_from_before_events_vouched_are_adopted_with_a_reason(
    app: Flask, runtime: Runtime
) -> None:
    hospital.directive(runtime)  # written past the services
    before = found(runtime)
    adopt = ["audit", "adopt", "--reason", "upgraded"]

    said = app.test_cli_runner().invoke(args=adopt)
    again = app.test_cli_runner().invoke(args=adopt)

    assert before is not None
    assert before.kind == "unwritten"
    assert (said.exit_code, again.exit_code) == (0, 1)
    assert found(runtime) is None


def found(runtime: Runtime) -> Fault | None:
    with runtime.reading() as db:
        return attestation.first_fault(db)


def first_id(db: sa.Connection, table: sa.Table) -> int:
    return db.scalar(sa.select(sa.func.min(table.c.id))) or 0


def unnoticed(db: sa.Connection, table: sa.Table) -> Iterator[str]:
    """What may be done to a table's first row without an alarm.

    A changed column is looked for in that row's digest, which takes a moment; what the whole proof
    makes of it is asked once a table.
    """
    row = next(iter(attested.every(db, table)))
    this = table.c.id == row.id
    for column in table.columns:
        with undone(db, sa.update(table).where(this).values({column: another(column)})):
            if row in attested.standing(db, [row]):
                yield f"{column} changed"
    every = [column if column.name != "id" else column + 10**6 for column in table.columns]
    for said, statement in (
        ("changed", sa.update(table).where(this).values(id=row.id + 10**6)),
        ("removed", sa.delete(table).where(this)),
        ("added", table.insert().from_select(table.c.keys(), sa.select(*every).where(this))),
    ):
        with undone(db, statement):
            fault = attestation.first_fault(db)
            if fault is None or table.name not in fault.message:
                yield f"{table.name} row {said}"


@contextmanager
def undone(db: sa.Connection, statement: sa.Executable) -> Iterator[None]:
    """*statement* done, and taken back in the end."""
    with db.begin_nested() as mutation:
        db.execute(statement)
        yield
        mutation.rollback()


def another(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """Another value than the one there, as near to it as may be; something where nothing was."""
    if isinstance(column.type, Instant):
        return LATER
    if isinstance(column.type, sa.Date):
        return sa.literal(date(2026, 6, 2))
    if isinstance(column.type, sa.String):
        return "~" + sa.func.substr(sa.func.coalesce(column, ""), 2)
    if isinstance(column.type, sa.Boolean):
        return sa.not_(column)
    return sa.func.coalesce(column, 0) + 1
