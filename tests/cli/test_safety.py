"""What is unsafe does not start: each fault a line, exit code 1, nothing served."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from radiopharm.runtime import make_runtime
from radiopharm.store import migrations
from radiopharm.store.durability import filesystem
from tests import hospital

sqlite_only = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
postgresql_only = pytest.mark.parametrize("url", ["postgresql"], indirect=True)


@pytest.fixture(autouse=True)
def _nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A start that is not refused would replace this very process."""

    def started(*_command: object) -> None:
        raise AssertionError("it was not refused")

    monkeypatch.setattr("os.execv", started)


def serve(app: Flask, *options: str) -> Result:
    """Try to serve."""
    return app.test_cli_runner().invoke(args=["serve", *options])


def refused(result: Result) -> list[str]:
    """The faults of a start that was refused."""
    assert result.exit_code == 1
    first, *faults = result.output.strip().splitlines()
    assert first == "Error: radiopharm does not start:"
    return faults


@sqlite_only
@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "ward.example"])
def test_plain_http_is_not_served_to_other_machines(app: Flask, host: str) -> None:
    (fault,) = refused(serve(app, "--host", host))
    assert fault.startswith(host)
    assert "RADIOPHARM_HTTPS=1" in fault


@sqlite_only
def test_nothing_is_served_while_debugging(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    (fault,) = refused(serve(app))
    assert "FLASK_DEBUG" in fault


@sqlite_only
@pytest.mark.parametrize("mode", [0o604, 0o602, 0o644])
def test_a_database_file_that_others_can_open_stops_the_start(
    app: Flask, tmp_path: Path, mode: int
) -> None:
    (tmp_path / "radiopharm.db").chmod(mode)
    (fault,) = refused(serve(app))
    assert fault.endswith(f"chmod 600 {tmp_path}/radiopharm.db")


@sqlite_only
def test_a_file_in_wal_mode_stops_the_start_where_sqlite_can_lose_it(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 40, 1))
    other = sqlite3.connect(tmp_path / "radiopharm.db")
    other.execute("PRAGMA journal_mode=WAL")
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM vials").fetchone()
    (fault,) = refused(serve(app))
    other.close()
    assert "WAL" in fault or "another program holds it" in fault


def test_a_schema_that_is_not_current_stops_the_start(app: Flask, url: str) -> None:
    migrations.downgrade(app.extensions["radiopharm"].engine, "0007")
    assert any("db upgrade" in fault for fault in refused(serve(app)))


@postgresql_only
def test_a_postgresql_that_forgets_stops_the_start(app: Flask) -> None:
    faults = refused(serve(app))
    names = [fault.split()[2] for fault in faults]
    assert names == ["fsync", "full_page_writes", "synchronous_commit"]


def test_the_type_of_a_file_system_is_that_of_the_nearest_mount() -> None:
    mounts = "/dev/sda / ext4 rw 0 0\nward:/x /srv/data nfs4 rw 0 0\n"
    assert filesystem(Path("/srv/data/radiopharm.db"), mounts) == "nfs4"
    assert filesystem(Path("/srv/database/radiopharm.db"), mounts) == "ext4"


@sqlite_only
def test_patients_locked_with_another_key_stop_the_start(app: Flask) -> None:
    runtime = app.extensions["radiopharm"]
    hospital.directive(runtime)
    settings = replace(runtime.settings, identity_key=b"another" * 8)
    app.extensions["radiopharm"] = make_runtime(settings, runtime.clock)
    (fault,) = refused(serve(app))
    assert fault.startswith("RADIOPHARM_IDENTITY_KEY")
