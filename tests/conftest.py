"""Real databases, a clock that stands still, and the people of a small hospital.

Every data test runs on SQLite and on PostgreSQL, each time on a fresh copy of a database made by
the migrations.
"""

import contextlib
import functools
import itertools
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis
import pytest
import sqlalchemy as sa
from flask import Flask

from config.settings import Settings
from radiopharm.application import create_app
from radiopharm.core.people import Person
from radiopharm.runtime import Runtime, make_runtime
from radiopharm.store import make_engine, migrations
from tests import hospital, postgres, trail
from tests.doors import Api, Pages

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
ENGINES = ("sqlite", "postgresql")
hypothesis.settings.register_profile("test", deadline=None)
hypothesis.settings.register_profile("soak", deadline=None, max_examples=5000)
hypothesis.settings.load_profile("test")


class StandingClock:
    """A clock that moves only when told."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A server with one migrated database named `template`."""
    with postgres.server() as url:
        _create(url, "template")
        engine = make_engine(_named(url, "template"))
        migrations.upgrade(engine)
        hospital.found(engine)
        engine.dispose()
        yield url
        _administrator(url).dispose()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file without a site, to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    engine = make_engine(f"sqlite:///{path}")
    migrations.upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def sqlite_template(migrated_sqlite: Path) -> Path:
    """The same with the people of the hospital."""
    path = Path(shutil.copy(migrated_sqlite, migrated_sqlite.with_name("template.db")))
    engine = make_engine(f"sqlite:///{path}")
    hospital.found(engine)
    engine.dispose()
    return path


_numbers = itertools.count()


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database with one site and one person per role."""
    with _fresh(request, tmp_path) as address:
        yield address


@pytest.fixture(scope="module", params=ENGINES)
def shared_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The same for all tests of a module, which leave it as they found it."""
    with _fresh(request, tmp_path_factory.mktemp("shared")) as address:
        yield address


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def settings(url: str, tmp_path: Path) -> Settings:
    return hospital.settings(url, tmp_path)


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One application for all tests of a process: routes and templates are made once."""
    folder = tmp_path_factory.mktemp("application")
    made = create_app(hospital.settings(f"sqlite:///{folder}/unused.db", folder))
    made.testing = True
    return made


@pytest.fixture
def app(application: Flask, settings: Settings, clock: StandingClock) -> Iterator[Flask]:
    """The application on this test's own database and clock."""
    runtime = make_runtime(settings, clock)
    trail.watch(runtime.engine)
    application.extensions["radiopharm"] = runtime
    application.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=None)
    yield application
    runtime.engine.dispose()


@pytest.fixture
def runtime(app: Flask) -> Runtime:
    found: Runtime = app.extensions["radiopharm"]
    return found


@pytest.fixture
def person(runtime: Runtime) -> Callable[[str], Person]:
    """`person("radiopharmacist")`: who acts in a service test."""
    return lambda role: hospital.person(runtime, role)


@pytest.fixture
def api(app: Flask) -> Callable[[str], Api]:
    """`api("radiopharmacist").post("/vials", …)`: JSON with that person's token."""
    return lambda role: Api(app, hospital.TOKENS[role])


@pytest.fixture
def pages(app: Flask) -> Callable[[str], Pages]:
    """`pages("radiopharmacist").post("/receive", …)`: a browser with that person signed in."""
    return lambda role: Pages(app, role)


@contextlib.contextmanager
def _fresh(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    if request.param == "sqlite":
        copy = folder / "radiopharm.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), copy)
        yield f"sqlite:///{copy}"
        return
    server = request.getfixturevalue("postgres_url")
    name = f"t{next(_numbers)}"
    _create(server, name, "template")
    yield _named(server, name)
    _admin(server, f"DROP DATABASE {name} WITH (FORCE)")


def _named(server: str, database: str) -> str:
    return server.replace("/postgres?", f"/{database}?")


def _create(server: str, name: str, template: str = "template0") -> None:
    """By copying files, twice as fast as by log; PostgreSQL before 15 knows no other way."""
    with contextlib.suppress(sa.exc.ProgrammingError):
        _admin(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return
    _admin(server, f"CREATE DATABASE {name} TEMPLATE {template}")


def _admin(server: str, statement: str) -> None:
    with _administrator(server).connect() as connection:
        connection.exec_driver_sql(statement)


@functools.cache
def _administrator(server: str) -> sa.Engine:
    """One connection for a server's life: opening one costs as much as making a database."""
    return sa.create_engine(server, isolation_level="AUTOCOMMIT", pool_size=1)
