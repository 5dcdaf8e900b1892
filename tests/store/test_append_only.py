"""Facts are added, never changed: every append-only table attacked by raw SQL, both engines."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from radiopharm.store.errors import constraint_name
from radiopharm.store.tables.vials import ledger_entries
from tests.store.facts import AT, TABLES, keys, plain_engine, rival, rows

Attack = sa.Executable | str
each_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)


@pytest.fixture(scope="module")
def engine(shared_url: str) -> Iterator[sa.Engine]:
    """What somebody with a password holds in hand, and rows in every table."""
    made = plain_engine(shared_url)
    with made.begin() as db:
        for table in TABLES:
            db.execute(table.insert(), rows(table))
    yield made
    made.dispose()


def attacks(table: sa.Table, dialect: str) -> Iterator[Attack]:
    """Every statement that changes, removes or replaces rows of *table*."""
    name, column = table.name, next(iter(table.columns)).name
    yield f"UPDATE {name} SET {column} = {column}"
    yield f"DELETE FROM {name}"
    if dialect == "postgresql":
        yield f"TRUNCATE {name} CASCADE"
        yield f"DELETE FROM ONLY {name}"
    else:
        yield f"UPDATE OR REPLACE {name} SET {column} = {column}"
        yield f"UPDATE OR IGNORE {name} SET {column} = {column}"
        yield f"REPLACE INTO {name} SELECT * FROM {name}"
    for key in keys(table):
        yield from _replacing(table, key, dialect)


def _replacing(table: sa.Table, key: tuple[str, ...], dialect: str) -> Iterator[Attack]:
    other = rival(table, key)
    where = _predicate(table, key, dialect)
    upsert: Any = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    yield upsert.values(other).on_conflict_do_update(
        index_elements=list(key), index_where=where, set_={key[0]: other[key[0]]}
    )
    if dialect == "sqlite":
        yield table.insert().prefix_with("OR REPLACE").values(other)


def _predicate(table: sa.Table, key: tuple[str, ...], dialect: str) -> Any:
    for index in table.indexes:
        if index.unique and tuple(column.name for column in index.columns) == key:
            found = index.dialect_options[dialect]["where"]
            if found is None:
                break
            compiled = found.compile(compile_kwargs={"literal_binds": True})
            return sa.text(str(compiled).replace(f"{table.name}.", ""))
    return None


def stand(engine: sa.Engine, table: sa.Table) -> list[Any]:
    with engine.begin() as db:
        return sorted(db.execute(sa.select(table)).all(), key=str)


def refused(engine: sa.Engine, attack: Attack) -> str:
    """What the database says to it; an attack that works fails the test."""
    with pytest.raises(sa.exc.DBAPIError) as error, engine.begin() as db:
        db.execute(sa.text(attack) if isinstance(attack, str) else attack)
    return str(error.value.orig)


@each_table
def test_no_statement_changes_a_fact(engine: sa.Engine, table: sa.Table) -> None:
    before = stand(engine, table)
    assert before
    for attack in attacks(table, engine.dialect.name):
        assert f"{table.name} is append-only" in refused(engine, attack), str(attack)
    assert stand(engine, table) == before


def test_a_table_without_its_guard_is_noticed(url: str) -> None:
    engine, table = plain_engine(url), ledger_entries
    with engine.begin() as db:
        db.execute(table.insert(), rows(table))
        is_postgresql = db.dialect.name == "postgresql"
        guard = (
            f"{table.name}_no_change ON {table.name}"
            if is_postgresql
            else f"{table.name}_no_update"
        )
        db.exec_driver_sql(f"DROP TRIGGER {guard}")
    with pytest.raises(pytest.fail.Exception):
        refused(engine, f"UPDATE {table.name} SET reason = 'tidied'")


DRAWN: dict[str, Any] = {
    "id": 70,
    "vial_id": 7,
    "sequence": 2,
    "kind": "drawn",
    "occurred_at": AT,
    "recorded_at": AT,
    "actor_id": 1,
    "second_id": None,
    "reason": "",
    "volume_ul": -1,
    "reference_bq": -1,
    "volume_after_ul": 10,
    "reference_after_bq": 10,
    "reverses_sequence": None,
}
BROKEN = {
    "kind_is_known": {"kind": "lost"},
    "sequence_starts_at_one": {"sequence": 0},
    "received_comes_first_and_once": {"kind": "received", "volume_ul": 1, "reference_bq": 1},
    "volume_never_negative": {"volume_after_ul": -1, "reference_after_bq": 0},
    "activity_never_negative": {"reference_after_bq": -1},
    "an_empty_vial_holds_no_activity": {"volume_after_ul": 0},
    "received_adds": {"kind": "received", "sequence": 1, "volume_ul": 0, "reference_bq": 1},
    "taking_removes": {"volume_ul": 1},
    "dilution_adds_volume_only": {"kind": "diluted", "volume_ul": 1, "reference_bq": 1},
    "returning_adds": {"kind": "returned", "volume_ul": 0, "reference_bq": 1, "reason": "x"},
    "exceptions_have_reasons": {"kind": "assayed"},
    "a_reversal_names_its_entry": {"reverses_sequence": 1},
    "two_people_are_two_people": {"second_id": 1},
}


@pytest.mark.parametrize("sentence", BROKEN)
def test_each_sentence_about_entries_holds_alone(engine: sa.Engine, sentence: str) -> None:
    broken = {**DRAWN, "id": 71, "vial_id": 8, **BROKEN[sentence]}
    with pytest.raises(sa.exc.IntegrityError) as error, engine.begin() as db:
        db.execute(ledger_entries.insert(), [DRAWN, broken])
    assert constraint_name(error.value) == f"ck_ledger_entries_{sentence}"


def test_every_sentence_about_entries_is_attacked() -> None:
    sentences = {
        str(constraint.name).removeprefix("ck_ledger_entries_")
        for constraint in ledger_entries.constraints
        if isinstance(constraint, sa.CheckConstraint)
    }
    assert sentences - {"numbers_are_whole"} == set(BROKEN)


@pytest.mark.parametrize("amount", ["volume_ul", "reference_bq", "volume_after_ul"])
def test_sqlite_keeps_no_fraction_of_an_amount(engine: sa.Engine, amount: str) -> None:
    if engine.dialect.name == "postgresql":
        return  # bigint has none
    with pytest.raises(sa.exc.IntegrityError) as error, engine.begin() as db:
        db.execute(ledger_entries.insert().values({**DRAWN, amount: -1.5}))
    assert "numbers_are_whole" in constraint_name(error.value)
