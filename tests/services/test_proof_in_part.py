"""A part of the trail is proved alone, and one vial's events are taken out so that anyone can."""

import json
import random
import runpy
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from radiopharm.jobs import sealer
from radiopharm.runtime import Runtime
from radiopharm.services import proof
from radiopharm.services.proof import Stood
from tests import hospital
from tests.meddling import as_owner
from tests.services.test_audit_export import VERIFIER, verifier
from tests.services.test_audits import history
from tests.services.test_sealing import without_guard


@pytest.fixture
def lived(runtime: Runtime) -> Runtime:
    """A vial between other events, then a seal, then what is younger than it."""
    history(runtime, 3, 5)
    hospital.accepted(runtime)
    history(runtime, 4, 5)
    sealer.tick(runtime, at_once=True)
    history(runtime, 5, 6)
    return runtime


def since_seal(runtime: Runtime) -> list[Stood]:
    with runtime.reading() as db:
        return proof.prove_since_seal(db, runtime.settings, runtime.anchors)


def about(runtime: Runtime, subject: str = "vial:1") -> Stood:
    with runtime.reading() as db:
        (stood,) = proof.prove_about(db, runtime.settings, (), subject, "site:1")
    return stood


def spoil(runtime: Runtime, number: int) -> None:
    without_guard(
        runtime,
        f"UPDATE audit_events SET canonical = canonical || ' ' "
        f"WHERE stream = 'site:1' AND number = {number}",
    )


def numbers(runtime: Runtime, subject: str) -> list[int]:
    with runtime.reading() as db:
        found = db.scalars(
            sa.text("SELECT number FROM audit_subjects WHERE subject = :s AND stream = 'site:1'"),
            {"s": subject},
        )
        return sorted(found)


def test_what_is_younger_than_the_seal_is_walked_with_the_sealed_event(lived: Runtime) -> None:
    stood = since_seal(lived)
    assert [each.first_bad for each in stood] == [None, None]
    assert all(each.seal and each.first == each.seal.number for each in stood)
    (site,) = (each for each in stood if each.end.stream == "site:1")
    spoil(lived, random.Random(1).randint(site.first, site.end.number))
    assert [bool(each.first_bad) for each in since_seal(lived)] == [True, False]


def test_what_is_older_than_the_seal_is_left_to_the_whole_proof(lived: Runtime) -> None:
    spoil(lived, 1)
    assert not any(each.first_bad for each in since_seal(lived))
    with lived.reading() as db:
        found = proof.prove(db, lived.settings, lived.anchors).first_bad
    assert found is not None
    assert found.number == 1


def test_a_seal_of_another_key_is_no_beginning(lived: Runtime) -> None:
    without_guard(lived, f"UPDATE audit_seals SET signature = '{'0' * 128}'")
    assert {each.first for each in since_seal(lived)} == {1}


def test_the_events_of_one_vial_are_proved_up_to_the_seal_after_them(lived: Runtime) -> None:
    stood = about(lived)
    assert stood.first_bad is None
    assert (stood.events, stood.seal is not None) == (len(numbers(lived, "vial:1")), True)


def test_every_meddling_with_the_stretch_of_a_vial_shows(lived: Runtime) -> None:
    first, last = numbers(lived, "vial:1")[0], about(lived).end.number
    with lived.engine.connect().execution_options(writing=True) as db, db.begin() as whole:
        as_owner(db)
        for table in ("audit_subjects", "audit_events"):
            db.exec_driver_sql(f"CREATE TABLE bare AS SELECT * FROM {table}")
            db.exec_driver_sql(f"DROP TABLE {table}")
            db.exec_driver_sql(f"ALTER TABLE bare RENAME TO {table}")
        for number in range(first, last + 1):
            for text in (
                "UPDATE audit_events SET canonical = canonical || ' '",
                "UPDATE audit_events SET actor = 'nobody'",
                "DELETE FROM audit_events",
                "INSERT INTO audit_subjects SELECT 'vial:1', stream, number FROM audit_events",
            ):
                with db.begin_nested() as mutation:
                    db.execute(
                        sa.text(f"{text} WHERE stream = 'site:1' AND number = :n"), {"n": number}
                    )
                    (found,) = proof.prove_about(db, lived.settings, (), "vial:1", "site:1")
                    assert found.first_bad is not None, (number, text)
                    mutation.rollback()
        whole.rollback()


def test_an_extract_is_checked_where_we_are_not_installed(
    app: Flask, lived: Runtime, tmp_path: Path
) -> None:
    file = tmp_path / "vial.jsonl"
    said = app.test_cli_runner().invoke(args=["audit", "export", str(file), "--vial", "V-000001"])
    assert said.exit_code == 0, said.output
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    events = [line for line in lines if "canonical" in line]
    assert all("vial:1" in json.loads(line["canonical"])["subjects"] for line in events)
    assert f"{len(numbers(lived, 'vial:1'))} events about vial:1" in verifier(file).stdout


def test_an_extract_that_was_changed_shortened_or_lengthened_is_refused(
    app: Flask, lived: Runtime, tmp_path: Path
) -> None:
    file = tmp_path / "vial.jsonl"
    app.test_cli_runner().invoke(args=["audit", "export", str(file), "--vial", "V-1"])
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    site = [line for line in lines if line["stream"] == "site:1"]
    forged = [site[1:], site[:-1], [site[0], *site]]
    forged += [[{**line, **spoilt(line)} if line is it else line for line in site] for it in site]
    check = runpy.run_path(str(VERIFIER))["check"]
    assert check(map(json.dumps, site))[1] is None
    for mutant in forged:
        assert check(map(json.dumps, mutant))[1], mutant


def spoilt(line: dict[str, Any]) -> dict[str, str]:
    name = "canonical" if "canonical" in line else "signature"
    return {name: line[name].replace("0", "1", 1)}


def test_the_commands_prove_and_refuse_a_part(app: Flask, lived: Runtime) -> None:
    run = app.test_cli_runner().invoke
    assert "events hold" in run(args=["audit", "verify", "--since-seal"]).output
    assert "sealed at event" in run(args=["audit", "verify", "--vial", "V-000001"]).output
    unknown = run(args=["audit", "verify", "--vial", "V-000099"])
    assert (unknown.exit_code, "no event names vial:99" in unknown.output) == (1, True)
    assert run(args=["audit", "verify", "--vial", "seventeen"]).exit_code == 2
