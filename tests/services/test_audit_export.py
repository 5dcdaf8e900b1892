"""The exported trail is checked by the stand-alone verifier, which knows nothing of us."""

import ast
import json
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from radiopharm.jobs import sealer
from radiopharm.runtime import Runtime
from radiopharm.services import sealing
from tests.services.test_audits import history

VERIFIER = Path(__file__).parents[2] / "docs" / "verify_audit.py"


def export(app: Flask, file: Path) -> Result:
    return app.test_cli_runner().invoke(args=["audit", "verify", "--export", str(file)])


def verifier(*arguments: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-I", str(VERIFIER), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def exported(app: Flask, runtime: Runtime, tmp_path: Path) -> Path:
    history(runtime, 5, 8)
    sealer.tick(runtime, at_once=True)
    history(runtime, 6, 4)
    sealer.tick(runtime, at_once=True)
    file = tmp_path / "trail.jsonl"
    said = export(app, file)
    assert said.exit_code == 0, said.output
    return file


def test_an_exported_trail_holds_for_the_verifier_with_and_without_the_key(
    exported: Path, runtime: Runtime, tmp_path: Path
) -> None:
    key = tmp_path / "key"
    key.write_bytes(runtime.settings.audit_key)
    assert verifier(exported).returncode == 0
    assert verifier(exported, key).returncode == 0
    key.write_bytes(b"another")
    assert "another key" in verifier(exported, key).stderr


def test_the_verifier_says_how_far_a_stream_is_sealed_and_by_which_key(
    exported: Path, runtime: Runtime
) -> None:
    said = verifier(exported).stdout
    public = sealing.public_key(runtime.settings.seal_key)
    assert said.count(f"by key {public}") == len(said.splitlines())


def test_a_seal_with_another_signature_is_refused(exported: Path) -> None:
    lines = [json.loads(line) for line in exported.read_text().splitlines()]
    newest = [line for line in lines if "seal" in line and line["stream"] == "site:1"][-1]
    newest["signature"] = "00" * 64
    exported.write_text("\n".join(map(json.dumps, lines)))
    assert "is not signed by the key it names" in verifier(exported).stderr


def test_the_verifier_knows_signatures_as_the_library_does() -> None:
    is_signed = runpy.run_path(str(VERIFIER))["is_signed"]
    for number in range(8):
        private = Ed25519PrivateKey.generate()
        message, public = b"m" * number, private.public_key().public_bytes_raw()
        signature = private.sign(message)
        assert is_signed(public, message, signature)
        for byte in (0, 31, 32, 63):
            spoilt = bytearray(signature)
            spoilt[byte] ^= 1
            assert not is_signed(public, message, bytes(spoilt))
        assert not is_signed(public, message + b"x", signature)
        assert not is_signed(public, message, signature[:-1])


def test_the_verifier_names_any_line_that_was_changed_removed_or_doubled(exported: Path) -> None:
    lines = exported.read_text().splitlines()
    check = runpy.run_path(str(VERIFIER))["check"]
    for number, line in enumerate(lines):
        changed = json.dumps({**json.loads(line), "hash": "f" * 64})
        for middle in ([], [line, line], [changed]):
            if len(middle) == 2 and "canonical" not in json.loads(line):
                continue  # the same head or seal said twice says nothing new
            if not middle and "seal" in json.loads(line):
                continue  # what a missing seal said its anchor still says
            _, wrong = check([*lines[:number], *middle, *lines[number + 1 :]])
            assert wrong, (number, middle)


def test_the_verifier_needs_the_standard_library_only() -> None:
    tree = ast.parse(VERIFIER.read_text())
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert names <= sys.stdlib_module_names


def test_the_command_names_the_first_bad_record(
    app: Flask, runtime: Runtime, tmp_path: Path
) -> None:
    history(runtime, 5, 3)
    with runtime.engine.connect() as db, db.begin():
        db.exec_driver_sql("UPDATE audit_heads SET mac = hash")
    said = export(app, tmp_path / "trail.jsonl")
    assert said.exit_code == 1
    assert "first bad record: site:1, event" in said.output
