"""Migrations go up, down and up again with rows in the tables, on both engines."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy.schema import CreateTable

from radiopharm.runtime import Runtime
from radiopharm.services import audits
from radiopharm.store import Engine, acts, durability, make_engine, migrations
from radiopharm.store.backups_contents import contents
from radiopharm.store.base import metadata
from radiopharm.store.vault import Vault
from tests import hospital

SCRIPTS = ScriptDirectory(str(migrations.FOLDER))
REVISIONS = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]
LOST = {"0023": {"roles"}}  # who may derogate: an older version has no such role
GUARDED = sorted(table.name for table in metadata.sorted_tables if table.info.get("append_only"))


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    made = make_engine(url, Vault(hospital.IDENTITY_KEY))
    yield made
    made.dispose()


def rows(engine: Engine) -> dict[str, int]:
    with acts.reading(engine) as db:
        return dict(contents(db).rows)


def agrees(before: dict[str, int], after: dict[str, int], revision: str = "") -> bool:
    """Whether every table that both know kept its rows, but for what the older cannot say."""
    both = before.keys() & after.keys() - LOST.get(revision, set())
    return all(after[table] == before[table] for table in both)


def test_every_migration_goes_up_down_and_up_on_an_empty_database(engine: Engine) -> None:
    migrations.downgrade(engine, "base")
    assert rows(engine) == {}
    for revision in REVISIONS:
        migrations.upgrade(engine, revision)
        migrations.downgrade(engine, "-1")
        migrations.upgrade(engine, revision)
    assert migrations.differences(engine) == []


@pytest.mark.requirement("RQ-52")
def test_rows_survive_every_migration_that_does_not_drop_their_table(
    runtime: Runtime, engine: Engine
) -> None:
    hospital.accepted(runtime)
    hospital.directive(runtime)
    for revision in reversed(REVISIONS):
        before = rows(engine)
        migrations.downgrade(engine, "-1")
        down = rows(engine)
        assert agrees(before, down, revision), revision
        migrations.upgrade(engine, revision)
        assert agrees(down, rows(engine)), revision
        migrations.downgrade(engine, "-1")


def test_the_audit_chain_holds_after_the_guards_went_and_came_back(
    runtime: Runtime, engine: Engine
) -> None:
    hospital.accepted(runtime)
    migrations.downgrade(engine, "0007")
    migrations.upgrade(engine)
    with acts.reading(engine) as db:
        assert audits.verify(db, runtime.settings.audit_key).first_bad is None


def test_every_append_only_table_has_its_guards(engine: Engine) -> None:
    with acts.reading(engine) as db:
        if engine.dialect.name == "sqlite":
            query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            kinds = ("no_update", "no_delete", "no_replace")
        else:
            query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'"
            kinds = ("no_change", "no_truncate")
        found = set(db.scalars(sa.text(query)))
    assert found >= {f"{table}_{kind}" for table in GUARDED for kind in kinds}


def test_every_check_of_the_tables_is_in_the_catalogue_by_name(engine: Engine) -> None:
    for table in metadata.sorted_tables:
        ours = str(CreateTable(table).compile(dialect=engine.dialect))
        wanted = set(re.findall(r"CONSTRAINT (ck_\w+) CHECK", ours))
        found = {rule["name"] for rule in sa.inspect(engine).get_check_constraints(table.name)}
        assert found == wanted, table.name


@pytest.mark.parametrize(
    "script", sorted(Path(SCRIPTS.versions).glob("*.py")), ids=lambda p: p.stem
)
def test_a_migration_imports_nothing_of_ours(script: Path) -> None:
    found = set()
    for node in ast.walk(ast.parse(script.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    assert found <= {"alembic", "sqlalchemy", *sys.stdlib_module_names}


def test_a_database_with_an_older_or_newer_schema_is_not_ready(app: Flask, engine: Engine) -> None:
    client = app.test_client()
    migrations.downgrade(engine, "-1")
    assert client.get("/readyz").status_code == 503
    assert any("schema" in fault for fault in durability.faults(engine))

    migrations.upgrade(engine)
    assert not any("schema" in fault for fault in durability.faults(engine))
    with acts.writing(engine) as db:
        db.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    assert client.get("/readyz").status_code == 503
    assert any("schema" in fault for fault in durability.faults(engine))
