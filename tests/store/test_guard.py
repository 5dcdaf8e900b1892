"""The program's own connection to SQLite may neither change the schema or a setting, nor a fact."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from radiopharm.store import make_engine, migrations
from tests.store.facts import TABLES, rows

ATTACKS = (
    "DROP TRIGGER ledger_entries_no_update",
    "DROP TABLE ledger_entries",
    "DROP INDEX ix_audit_events_marked",
    "ALTER TABLE ledger_entries RENAME TO entries",
    "CREATE TABLE entries (id INTEGER)",
    "CREATE TEMP TABLE ledger_entries (id INTEGER)",
    "CREATE TRIGGER quiet BEFORE UPDATE ON vials BEGIN SELECT 1; END",
    "CREATE TEMP TRIGGER quiet BEFORE INSERT ON vials BEGIN SELECT RAISE(IGNORE); END",
    "CREATE VIEW held AS SELECT 1",
    "CREATE INDEX other ON vials (lot)",
    "CREATE VIRTUAL TABLE words USING fts5(word)",
    "REINDEX",
    "ATTACH 'other.db' AS other",
    "PRAGMA writable_schema = ON",
    "PRAGMA ignore_check_constraints = ON",
    "PRAGMA recursive_triggers = OFF",
    "PRAGMA foreign_keys = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA journal_mode = OFF",
    "PRAGMA trusted_schema = ON",
    "UPDATE sqlite_master SET sql = ''",
    "DELETE FROM sqlite_master",
)


@pytest.fixture(scope="module")
def engine(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    copy = tmp_path_factory.mktemp("guard") / "radiopharm.db"
    copy.write_bytes(sqlite_template.read_bytes())
    made = make_engine(f"sqlite:///{copy}")
    yield made
    made.dispose()


@pytest.mark.parametrize("attack", ATTACKS)
def test_our_own_connection_is_refused(engine: sa.Engine, attack: str) -> None:
    with (
        engine.connect() as db,
        pytest.raises(sa.exc.DatabaseError, match=r"not authorized|may not be modified"),
    ):
        db.exec_driver_sql(attack)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_no_fact_is_changed_or_removed_even_without_its_triggers(
    engine: sa.Engine, table: sa.Table
) -> None:
    column = next(iter(table.columns)).name
    for attack in (f"UPDATE {table.name} SET {column} = {column}", f"DELETE FROM {table.name}"):
        with engine.connect() as db, pytest.raises(sa.exc.DatabaseError, match="not authorized"):
            db.exec_driver_sql(attack)


def test_replacing_is_left_to_the_triggers_which_refuse_it(engine: sa.Engine) -> None:
    table = next(table for table in TABLES if table.name == "sign_ins")
    with engine.connect().execution_options(writing=True) as db:
        db.execute(table.insert(), rows(table))
        with pytest.raises(sa.exc.IntegrityError, match="append-only"):
            db.execute(table.insert().prefix_with("OR REPLACE"), rows(table))
        db.rollback()


def test_the_recipe_is_in_force_and_stays_so_after_a_migration(engine: sa.Engine) -> None:
    migrations.upgrade(engine)  # nothing to do, but it lifts the guard
    with engine.connect() as db:
        asked = ("foreign_keys", "recursive_triggers", "trusted_schema", "cell_size_check")
        assert [db.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked] == [1, 1, 0, 1]
        with pytest.raises(sa.exc.DatabaseError, match="not authorized"):
            db.exec_driver_sql(ATTACKS[0])
