"""A backup counts when it has been restored: made while writing, proved, then put back whole."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from radiopharm.core.audit import Head, head_mac
from radiopharm.core.backups import BadBackup
from radiopharm.runtime import Runtime
from radiopharm.services import audits, backups
from radiopharm.store import Engine, acts, make_engine
from radiopharm.store.backups_contents import contents
from tests import hospital
from tests.conftest import StandingClock
from tests.meddling import as_owner


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "today.backup"


@pytest.fixture
def empty(runtime: Runtime, tmp_path: Path) -> Iterator[Engine]:
    """A database of the same kind with nothing in it."""
    if runtime.engine.dialect.name == "sqlite":
        url = f"sqlite:///{tmp_path}/elsewhere.db"
    else:
        name = f"{runtime.engine.url.database}_empty"
        administer(runtime, f"CREATE DATABASE {name} TEMPLATE template0")
        url = runtime.engine.url.set(database=name).render_as_string(hide_password=False)
    engine = make_engine(url)
    yield engine
    engine.dispose()
    if engine.dialect.name == "postgresql":
        administer(runtime, f"DROP DATABASE {name} WITH (FORCE)")


def administer(runtime: Runtime, statement: str) -> None:
    own = sa.create_engine(runtime.engine.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with own.connect() as db:
        db.exec_driver_sql(statement)


def save(runtime: Runtime, file: Path) -> None:
    backups.save(runtime.engine, runtime.settings.audit_key, file, runtime.clock())


def restore(runtime: Runtime, file: Path, into: Engine, **how: Path) -> None:
    key = runtime.settings.audit_key
    backups.restore(into, key, file, runtime.clock(), runtime.reference, **how)


def held(engine: Engine) -> dict[str, int]:
    with acts.reading(engine) as db:
        return dict(contents(db).rows)


@pytest.mark.requirement("RQ-52")
def test_a_backup_made_while_writing_restores_whole_into_an_empty_database(
    runtime: Runtime, file: Path, empty: Engine
) -> None:
    hospital.accepted(runtime)
    stop = threading.Event()

    def keep_writing() -> None:
        while not stop.is_set():
            hospital.receive(runtime)

    writer = threading.Thread(target=keep_writing)
    writer.start()
    save(runtime, file)
    stop.set()
    writer.join()

    restore(runtime, file, empty)

    rows = held(empty)
    assert rows["vials"] == rows["ledger_entries"] >= 1
    assert rows["audit_events"] == rows["vials"] + 1 + 1  # each received, one accepted; restored
    with acts.reading(empty) as db:
        assert audits.verify(db, runtime.settings.audit_key).first_bad is None


REFUSED = "append-only|not authorized"


def test_a_restored_database_still_refuses_change(
    runtime: Runtime, file: Path, empty: Engine
) -> None:
    hospital.receive(runtime)
    save(runtime, file)
    restore(runtime, file, empty)
    with pytest.raises(sa.exc.DBAPIError, match=REFUSED), acts.writing(empty) as db:
        db.exec_driver_sql("UPDATE vials SET lot = 'other'")


def test_a_database_that_holds_something_is_replaced_only_when_told(
    runtime: Runtime, file: Path
) -> None:
    save(runtime, file)
    hospital.receive(runtime)
    with pytest.raises(BadBackup, match="not empty"):
        restore(runtime, file, runtime.engine)
    assert held(runtime.engine)["vials"] == 1


def test_what_was_replaced_is_kept_and_can_come_back(
    runtime: Runtime, file: Path, clock: StandingClock
) -> None:
    hospital.receive(runtime)
    save(runtime, file)
    hospital.receive(runtime)
    safety = file.with_name("before.backup")
    clock.move(hours=1)

    restore(runtime, file, runtime.engine, safety=safety)
    assert held(runtime.engine)["vials"] == 1
    restore(runtime, safety, runtime.engine, safety=file.with_name("again.backup"))
    assert held(runtime.engine)["vials"] == 2


def test_a_restore_is_recorded_and_ends_every_session(
    runtime: Runtime, file: Path, pages: Callable[[str], object]
) -> None:
    browser = pages("auditor")
    save(runtime, file)
    restore(runtime, file, runtime.engine, safety=file.with_name("before.backup"))

    assert browser.get("/audit").status_code == 302
    shown = pages("auditor").get("/audit", stream="system").text
    assert '<td data-label="What" class="code">database:restored</td>' in shown


def test_every_corrupted_byte_is_refused(runtime: Runtime, file: Path, empty: Engine) -> None:
    hospital.accepted(runtime)
    save(runtime, file)
    good = file.read_bytes()
    for place in range(0, len(good), len(good) // 25):
        file.write_bytes(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
        with pytest.raises(BadBackup, match="SHA-256"):
            restore(runtime, file, empty)
    assert held(empty) == {}


def test_a_missing_or_changed_manifest_and_another_key_are_refused(
    runtime: Runtime, file: Path, empty: Engine
) -> None:
    save(runtime, file)
    manifest = backups.manifest_of(file)
    text = manifest.read_text()
    other = replace(runtime.settings, audit_key=b"another key")

    with pytest.raises(BadBackup, match="another audit key"):
        restore(replace(runtime, settings=other), file, empty)
    manifest.write_text(text.replace('"made_at": "2026', '"made_at": "2025'))
    with pytest.raises(BadBackup, match="changed"):
        restore(runtime, file, empty)
    manifest.unlink()
    with pytest.raises(BadBackup, match="missing"):
        restore(runtime, file, empty)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("UPDATE audit_heads SET mac = hash", "audit key"),
        ("UPDATE ledger_entries SET volume_after_ul = 7", "another balance"),
        ("UPDATE audit_events SET canonical = '{}'", "do not belong together"),
    ],
)
def test_a_backup_of_a_damaged_database_is_refused_with_the_reason(
    runtime: Runtime, file: Path, empty: Engine, damage: str, reason: str
) -> None:
    hospital.receive(runtime)
    unguard(runtime, damage.split()[1])
    with runtime.engine.connect() as db, db.begin():
        db.exec_driver_sql(damage)
    save(runtime, file)

    with pytest.raises(BadBackup, match=reason):
        restore(runtime, file, empty)

    assert held(empty) == {}


def unguard(runtime: Runtime, table: str) -> None:
    with runtime.engine.connect() as db, db.begin():
        as_owner(db)
        if db.dialect.name == "sqlite":
            db.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_update")
        else:
            db.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def test_the_nightly_backup_keeps_the_newest(
    runtime: Runtime, clock: StandingClock, tmp_path: Path
) -> None:
    for _ in range(4):
        clock.move(days=1)
        backups.nightly(
            runtime.engine, runtime.settings.audit_key, tmp_path / "kept", clock(), keep=2
        )
    names = sorted(path.name for path in (tmp_path / "kept").iterdir())
    assert names == [
        "radiopharm-20260604T120000Z.backup",
        "radiopharm-20260604T120000Z.backup.manifest.json",
        "radiopharm-20260605T120000Z.backup",
        "radiopharm-20260605T120000Z.backup.manifest.json",
    ]


def test_a_backup_never_writes_over_another(runtime: Runtime, file: Path) -> None:
    save(runtime, file)
    with pytest.raises(BadBackup, match="already"):
        save(runtime, file)


def test_an_older_state_put_back_by_hand_shows_against_the_backups(
    app: Flask, runtime: Runtime, clock: StandingClock
) -> None:
    def verified() -> str:
        return str(app.test_cli_runner().invoke(args=["audit", "verify"]).output)

    directory, key = runtime.settings.backup_directory, runtime.settings.audit_key
    hospital.receive(runtime)
    old = backups.nightly(runtime.engine, key, directory, clock())
    clock.move(days=1)
    hospital.receive(runtime)
    backups.nightly(runtime.engine, key, directory, clock())
    assert "first bad" not in verified()

    roll_back(runtime, old.contents.heads["site:1"].number)

    assert "(cut)" in verified()


def roll_back(runtime: Runtime, number: int) -> None:
    """What somebody with an old copy of the database can do, its honest old head included."""
    unguard(runtime, "audit_events")
    unguard(runtime, "audit_subjects")
    with runtime.engine.connect() as db, db.begin():
        as_owner(db)
        if db.dialect.name == "sqlite":
            db.exec_driver_sql("DROP TRIGGER audit_events_no_delete")
            db.exec_driver_sql("DROP TRIGGER audit_subjects_no_delete")
        db.exec_driver_sql(f"DELETE FROM audit_subjects WHERE number > {number}")
        db.exec_driver_sql(f"DELETE FROM audit_events WHERE number > {number}")
        digest = db.exec_driver_sql(
            f"SELECT hash FROM audit_events WHERE number = {number}"
        ).scalar()
        head = Head(stream="site:1", number=number, hash=str(digest))
        mac = head_mac(runtime.settings.audit_key, head)
        db.exec_driver_sql(
            f"UPDATE audit_heads SET number = {number}, hash = '{digest}', mac = '{mac}'"
        )


def test_backup_and_restore_by_command(app: Flask, runtime: Runtime, file: Path) -> None:
    run = app.test_cli_runner().invoke
    hospital.receive(runtime)

    assert run(args=["backup", str(file)]).exit_code == 0
    refused = run(args=["restore", str(file)])
    replaced = run(args=["restore", str(file), "--replace"])

    assert "Nothing was changed." in refused.output
    assert replaced.exit_code == 0, replaced.output
    assert held(runtime.engine)["vials"] == 1
