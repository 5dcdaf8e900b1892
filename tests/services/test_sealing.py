"""Seals: made by the clock, kept outside, and found when anybody takes or rewrites one."""

import re
import socket
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from radiopharm.core import seals as core
from radiopharm.core.seals import NotASeal, Seal
from radiopharm.jobs import sealer
from radiopharm.runtime import Runtime
from radiopharm.services import proof, sealing
from radiopharm.services.anchors import FileAnchor, SyslogAnchor, named
from radiopharm.services.audits import Verification
from radiopharm.store import acts, seals
from tests.conftest import StandingClock
from tests.meddling import as_owner
from tests.services.test_audits import history


def sealed(runtime: Runtime) -> list[Seal]:
    with runtime.reading() as db:
        return list(seals.every(db))


def proved(runtime: Runtime) -> Verification:
    with runtime.reading() as db:
        return proof.prove(db, runtime.settings, runtime.anchors)


@pytest.fixture
def outside(runtime: Runtime, tmp_path: Path) -> Runtime:
    """The same hospital with a file that only grows."""
    return replace(runtime, anchors=(FileAnchor(tmp_path / "seals.txt"),))


def test_a_stream_is_sealed_when_it_has_moved_and_a_minute_has_passed(
    runtime: Runtime, clock: StandingClock
) -> None:
    history(runtime, 1, 2)
    first = sealer.tick(runtime)
    history(runtime, 2, 1)
    clock.now = max(seal.sealed_at for seal in sealed(runtime)) + timedelta(seconds=59)
    too_early = sealer.tick(runtime)
    clock.move(seconds=1)
    assert (first > 0, too_early, sealer.tick(runtime), sealer.tick(runtime)) == (True, 0, 1, 0)


def test_many_events_are_sealed_before_the_minute_is_over(runtime: Runtime) -> None:
    head = core.Head(stream="site:1", number=300, hash="a" * 64)
    last = Seal(stream="site:1", number=44, hash="b" * 64, sealed_at=runtime.clock(), key="k")
    assert core.due([head], {"site:1": last}, runtime.clock()) == [head]
    assert core.due([head], {"site:1": replace(last, number=45)}, runtime.clock()) == []


def test_an_honest_history_with_seals_and_anchors_raises_no_alarm(outside: Runtime) -> None:
    for seed in range(4):
        history(outside, seed, 5)
        sealer.tick(outside)
    assert proved(outside).first_bad is None
    assert len(list(outside.anchors[0].kept())) == len(sealed(outside)) > 4


def test_a_changed_seal_is_not_genuine(runtime: Runtime) -> None:
    history(runtime, 1, 3)
    sealer.tick(runtime)
    known = sealing.keys(runtime.settings)
    made = sealed(runtime)[0]
    assert sealing.is_genuine(made, known)
    for changed in (
        replace(made, number=made.number + 1),
        replace(made, hash="f" * 64),
        replace(made, stream="site:2"),
        replace(made, sealed_at=made.sealed_at + timedelta(microseconds=1)),
        replace(made, key="0" * 64),
        replace(made, signature="0" * 128),
        replace(made, signature="no hexadecimal"),
    ):
        assert not sealing.is_genuine(changed, known)


def test_a_seal_taken_from_the_database_shows_by_its_anchor(outside: Runtime) -> None:
    history(outside, 1, 3)
    sealer.tick(outside)
    for table in ("audit_anchors", "audit_seals"):
        without_guard(outside, f"DELETE FROM {table}")
    found = proved(outside).first_bad
    assert found is not None
    assert found.kind == "seal-missing"


def test_a_rewritten_history_shows_by_its_anchor_though_both_keys_were_stolen(
    outside: Runtime,
) -> None:
    history(outside, 1, 3)
    sealer.tick(outside)
    for table in ("audit_anchors", "audit_seals", "audit_subjects", "audit_events", "audit_heads"):
        without_guard(outside, f"DELETE FROM {table}")
    history(outside, 2, 12)
    sealer.tick(outside, at_once=True)
    found = proved(outside).first_bad
    assert found is not None
    assert found.kind in ("rewritten", "cut")


def test_a_place_that_does_not_answer_is_tried_again_and_holds_up_nothing(
    runtime: Runtime, tmp_path: Path
) -> None:
    place = FileAnchor(tmp_path / "not yet" / "seals.txt")
    away = replace(runtime, anchors=(place,))
    history(away, 1, 3)
    assert sealer.tick(away) > 0
    assert not place.path.exists()
    place.path.parent.mkdir()
    sealer.tick(away)
    assert len(list(place.kept())) == len(sealed(away))


def test_the_log_host_gets_each_seal_as_one_framed_line(runtime: Runtime) -> None:
    history(runtime, 1, 1)
    with socket.create_server(("127.0.0.1", 0)) as host:
        got: list[bytes] = []
        listener = threading.Thread(target=lambda: got.append(received(host)))
        listener.start()
        place = SyslogAnchor("127.0.0.1", host.getsockname()[1])
        sealer.tick(replace(runtime, anchors=(place,)))
        listener.join(10)
    length, _, said = got[0].partition(b" ")
    assert len(said) == int(length)
    assert core.read(said.decode().split(" - ", 2)[2].removeprefix("seal - ")) in sealed(runtime)


def test_a_line_that_is_no_seal_is_refused() -> None:
    for line in ("", "radiopharm.seal.v1 site:1", "other.v1 a 1 b 2026-06-01T00:00:00Z c d"):
        with pytest.raises(NotASeal):
            core.read(line)


def test_only_places_that_are_known_can_be_named() -> None:
    assert named("file:///var/log/seals.txt").place == "file"
    assert named("syslog://log.hospital.example:601").place == "syslog"
    letter = named("mail://smtp.hospital.example/officer@hospital.example?from=rp@hospital.example")
    assert (letter.place, letter.every) == ("mail", timedelta(days=1))
    for wrong in ("seals.txt", "file://host/x", "http://log", "mail://smtp/officer"):
        with pytest.raises(ValueError, match=r".+"):
            named(wrong)


def received(host: socket.socket) -> bytes:
    with host.accept()[0] as line, line.makefile("rb") as said:
        return said.read()


def without_guard(runtime: Runtime, statement: str) -> None:
    """As the owner of the database could."""
    with acts.writing(runtime.engine) as db:
        as_owner(db)
        table = re.sub("UPDATE |DELETE FROM ", "", statement).split()[0]
        if db.dialect.name == "sqlite":
            for name in db.scalars(
                sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :t"),
                {"t": table},
            ).all():
                db.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            db.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        db.exec_driver_sql(statement)


def test_every_column_of_a_seal_that_is_changed_shows(runtime: Runtime) -> None:
    history(runtime, 1, 6)
    sealer.tick(runtime)
    history(runtime, 2, 6)
    sealer.tick(runtime, at_once=True)
    escaped = []
    with runtime.engine.connect().execution_options(writing=True) as db, db.begin() as whole:
        as_owner(db)
        cascade = "" if db.dialect.name == "sqlite" else "CASCADE"
        db.exec_driver_sql("CREATE TABLE bare AS SELECT * FROM audit_seals")
        if not cascade:
            db.exec_driver_sql("DROP TABLE audit_anchors")
        db.exec_driver_sql(f"DROP TABLE audit_seals {cascade}")
        db.exec_driver_sql("ALTER TABLE bare RENAME TO audit_seals")
        first = (
            "WHERE stream = 'site:1' AND number = (SELECT min(number) FROM audit_seals s "
            "WHERE s.stream = 'site:1')"
        )
        later = "sealed_at + 1" if not cascade else "sealed_at + interval '1 microsecond'"
        for column, value in {
            "stream": "'site:1x'",
            "number": "number + 1",
            "hash": f"'{'a' * 64}'",
            "sealed_at": later,
            "key": f"'{'a' * 64}'",
            "signature": f"'{'a' * 128}'",
        }.items():
            with db.begin_nested() as mutation:
                db.exec_driver_sql(f"UPDATE audit_seals SET {column} = {value} {first}")
                if proof.prove(db, runtime.settings, ()).first_bad is None:
                    escaped.append(column)
                mutation.rollback()
        whole.rollback()
    assert escaped == []
