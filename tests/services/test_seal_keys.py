"""A seal key is changed: what it sealed holds for ever, what is sealed with it later does not."""

import json
import runpy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from config.settings import from_environment
from radiopharm.jobs import sealer
from radiopharm.runtime import Runtime
from radiopharm.services import extracts, proof, sealing
from radiopharm.store import seals
from tests.services.test_audit_export import VERIFIER, export
from tests.services.test_audits import history
from tests.services.test_sealing import without_guard

NEXT_KEY = b"t" * 32
check = runpy.run_path(str(VERIFIER))["check"]


@dataclass(frozen=True)
class Rotated:
    """A hospital after its change of keys, what was exported before, and the key it had."""

    runtime: Runtime
    older_export: Sequence[str]
    old_key: bytes


@pytest.fixture
def rotated(app: Flask, runtime: Runtime, tmp_path: Path) -> Rotated:
    history(runtime, 3, 6)
    sealer.tick(runtime, at_once=True)
    export(app, tmp_path / "older.jsonl")
    said = app.test_cli_runner().invoke(args=["audit", "retire-seal-key"]).output
    retired = from_environment(
        dict([said.strip().split("=")]) | {"RADIOPHARM_DATABASE_URL": f"sqlite:///{tmp_path}/n.db"}
    ).retired_seal_keys
    settings = replace(runtime.settings, seal_key=NEXT_KEY, retired_seal_keys=retired)
    later = replace(runtime, settings=settings)
    runtime.clock.move(days=1)
    history(later, 4, 6)
    sealer.tick(later, at_once=True)
    lines = (tmp_path / "older.jsonl").read_text().splitlines()
    return Rotated(runtime=later, older_export=lines, old_key=runtime.settings.seal_key)


def proved(runtime: Runtime) -> str | None:
    """The first bad record of the whole proof, with every signature."""
    with runtime.reading() as db:
        fault = proof.prove(db, runtime.settings, (), None).first_bad
    return fault.message if fault else None


def chain(runtime: Runtime) -> list[str]:
    with runtime.reading() as db:
        return list(extracts.chain(db, runtime.settings))


@pytest.mark.requirement("RQ-49")
def test_seals_extracts_and_exports_hold_before_and_after_a_change_of_keys(
    rotated: Rotated,
) -> None:
    runtime = rotated.runtime
    with runtime.reading() as db:
        about = list(extracts.about(db, runtime.settings, "vial:1", runtime.clock()))
        stood = [
            *proof.prove_since_seal(db, runtime.settings, ()),
            *proof.prove_about(db, runtime.settings, (), "vial:1"),
        ]
        keys = {seal.key for seal in seals.every(db)}
    assert proved(runtime) is None
    assert all(each.first_bad is None and each.seal for each in stood)
    assert len(keys) == 2
    for lines in (rotated.older_export, chain(runtime), about):
        assert check(lines)[1] is None


@pytest.mark.parametrize("backdated", [timedelta(), timedelta(days=30)])
def test_a_seal_by_a_retired_key_after_its_end_is_refused_whatever_instant_it_names(
    rotated: Rotated, backdated: timedelta
) -> None:
    runtime = rotated.runtime
    for table in ("audit_anchors", "audit_seals"):
        without_guard(runtime, f"DELETE FROM {table}")
    forged = sealing.seal(
        runtime.engine, rotated.old_key, runtime.clock() - backdated, at_once=True
    )
    assert "no more, this system's" in str(proved(runtime))
    with runtime.reading() as db:
        assert {it.seal for it in proof.prove_since_seal(db, runtime.settings, ())} == {None}
    assert forged
    assert "was not in use then" in check(chain(runtime))[1]


def test_a_forged_end_of_a_key_is_refused(rotated: Rotated) -> None:
    lines = [json.loads(line) for line in chain(rotated.runtime)]
    later = "2030-01-01T00:00:00.000000Z"
    for change in ({"until": later}, {"retired": "ab" * 32}, {"signature": "00" * 64}):
        forged = [json.dumps({**it, **(change if "retired" in it else {})}) for it in lines]
        assert "is not signed by the key in use" in check(forged)[1]
    without = [json.dumps(it) for it in lines if "retired" not in it]
    assert "was not in use then" in check(without)[1]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_retired_key_that_still_seals_stops_the_start(app: Flask, runtime: Runtime) -> None:
    key = sealing.public_key(runtime.settings.seal_key)
    settings = replace(runtime.settings, retired_seal_keys={key: runtime.clock()})
    app.extensions["radiopharm"] = replace(runtime, settings=settings)
    said = app.test_cli_runner().invoke(args=["scheduler"])
    assert "RADIOPHARM_RETIRED_SEAL_KEYS names the key in use" in said.output
