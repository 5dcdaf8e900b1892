"""On PostgreSQL the program lives under a role that can do its work and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from radiopharm import demo
from radiopharm.application import create_app
from radiopharm.cli.acting import operator
from radiopharm.jobs import sealer
from radiopharm.jobs.registry import find
from radiopharm.jobs.running import run
from radiopharm.runtime import make_runtime
from radiopharm.services import proof
from radiopharm.store import make_engine, residues, roles
from tests import hospital
from tests.conftest import StandingClock, _fresh
from tests.store.facts import TABLES

OURS = (
    "CREATE TABLE notes (id bigint)",
    "CREATE TEMP TABLE vials (id bigint)",
    "CREATE SCHEMA mine",
    "DROP TABLE vials",
    "ALTER TABLE ledger_entries DISABLE TRIGGER ALL",
    "DROP TRIGGER ledger_entries_no_change ON ledger_entries",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql "
    "AS $$ BEGIN RETURN NULL; END $$",
    "SET session_replication_role = replica",
    "SET ROLE radiopharm",
    "CREATE ROLE friend",
    "UPDATE audit_heads SET stream = 'other'",
    "DELETE FROM audit_heads",
    "DELETE FROM users",
    "TRUNCATE flags",
    "UPDATE alembic_version SET version_num = '9'",
    "COPY users TO '/tmp/users'",
)
"""What the program never does and must not be made to do."""


@pytest.fixture(scope="module")
def owner(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[sa.Engine]:
    """A database with its roles, as its owner has it."""
    request.param = "postgresql"
    with _fresh(request, tmp_path_factory.mktemp("roles")) as url:
        engine = make_engine(url)
        roles.apply(engine)
        roles.apply(engine)  # once more changes nothing
        yield engine
        engine.dispose()


def connected(owner: sa.Engine, role: str) -> sa.Engine:
    return make_engine(owner.url.set(username=role).render_as_string(hide_password=False))


@pytest.fixture(scope="module")
def app_role(owner: sa.Engine) -> Iterator[sa.Engine]:
    engine = connected(owner, roles.APP)
    yield engine
    engine.dispose()


def refused(engine: sa.Engine, statement: str) -> bool:
    """Whether it is refused for want of a right, and not for another reason."""
    try:
        with engine.begin() as db:
            db.exec_driver_sql(statement)
    except sa.exc.ProgrammingError as error:
        return error.orig is not None and getattr(error.orig, "sqlstate", "") == "42501"
    return False


def test_a_hospital_works_for_three_months_under_the_role(owner: sa.Engine, tmp_path: Path) -> None:
    url = owner.url.set(username=roles.APP).render_as_string(hide_password=False)
    clock = StandingClock()
    with owner.begin() as db:
        db.exec_driver_sql("UPDATE users SET username = 'former-' || username")
    runtime = make_runtime(hospital.settings(url, tmp_path), clock)
    app = create_app(runtime.settings)
    app.extensions["radiopharm"] = runtime
    with app.app_context():
        demo.make(runtime, operator())
    sealer.tick(runtime, at_once=True)
    run(runtime, find(runtime.settings, "forget-sessions"), clock())
    with runtime.reading() as db:
        found = proof.prove(db, runtime.settings, ())
    runtime.engine.dispose()
    assert (found.first_bad, found.events > 40) == (None, True)


@pytest.mark.parametrize("statement", OURS)
def test_the_program_is_refused(app_role: sa.Engine, statement: str) -> None:
    assert refused(app_role, statement)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_program_changes_no_fact(app_role: sa.Engine, table: sa.Table) -> None:
    column = next(iter(table.columns)).name
    for statement in (
        f"UPDATE {table.name} SET {column} = {column}",
        f"DELETE FROM {table.name}",
        f"TRUNCATE {table.name}",
        f"TRUNCATE {table.name} CASCADE",
    ):
        assert refused(app_role, statement), statement


def test_the_program_writes_over_what_a_destroyed_key_left(app_role: sa.Engine) -> None:
    assert residues.wipe(app_role)
    assert refused(app_role, "CLUSTER patient_keys")


def test_the_reader_reads_everything_and_writes_nothing(owner: sa.Engine) -> None:
    engine = connected(owner, roles.READER)
    with engine.connect() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM vials").scalar() is not None
    statements = ("INSERT INTO vials DEFAULT VALUES", "UPDATE users SET username = ''")
    assert all(refused(engine, it) for it in statements)
    engine.dispose()
