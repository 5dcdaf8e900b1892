"""The demo: whatever the hour, a small site made by the services, once."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from radiopharm.application import create_app
from radiopharm.store import waste, waste_facts
from tests import hospital

INSTANTS = [
    datetime(2026, 6, 1, 12, 0, tzinfo=UTC),
    datetime(2026, 6, 1, 21, 59, 59, tzinfo=UTC),
    datetime(2026, 6, 1, 22, 0, tzinfo=UTC),
    datetime(2026, 3, 29, 6, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
]


@pytest.fixture(params=INSTANTS, ids=str)
def empty(request: pytest.FixtureRequest, migrated_sqlite: Path, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database without a site, at an awkward hour."""
    copy = shutil.copy(migrated_sqlite, tmp_path / "radiopharm.db")
    settings = hospital.settings(f"sqlite:///{copy}", tmp_path)
    app = create_app(settings, clock=lambda: request.param)
    yield app
    app.extensions["radiopharm"].engine.dispose()


def test_a_demo_says_how_to_sign_in_and_its_audit_holds(empty: Flask, tmp_path: Path) -> None:
    made = empty.test_cli_runner().invoke(args=["demo"])
    assert made.exit_code == 0, made.exception
    assert (tmp_path / "demo.txt").read_text() in made.output
    assert (tmp_path / "demo.txt").stat().st_mode & 0o777 == 0o600
    assert empty.test_cli_runner().invoke(args=["audit", "verify"]).exit_code == 0
    with empty.extensions["radiopharm"].reading() as db:
        one_by_one = {it.id: it.facts() for it in waste.by_ids(db, 1, range(1, 100))}
        assert waste_facts.of(db, list(one_by_one), ()) == one_by_one
        assert len(one_by_one) > 5


def test_a_database_in_use_is_left_as_it_is(app: Flask) -> None:
    assert app.test_cli_runner().invoke(args=["demo"]).exit_code == 1
    again = app.test_cli_runner().invoke(args=["demo", "--once"])
    assert (again.exit_code, again.output) == (0, "")


def test_the_accounts_of_an_earlier_demo_are_said_again(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "demo.txt").write_text("Demo accounts")
    again = app.test_cli_runner().invoke(args=["demo", "--once"])
    assert again.output == "Demo accounts\n"
