"""The exported trail is checked by the stand-alone verifier, which knows nothing of us."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from radiopharm.runtime import Runtime
from tests.services.test_audits import history

VERIFIER = Path(__file__).parents[2] / "docs" / "verify_audit.py"


def export(app: Flask, file: Path) -> Result:
    return app.test_cli_runner().invoke(args=["audit", "verify", "--export", str(file)])


def verifier(*arguments: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-I", str(VERIFIER), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def exported(app: Flask, runtime: Runtime, tmp_path: Path) -> Path:
    history(runtime, 5, 12)
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


def test_the_verifier_names_any_line_that_was_changed_removed_or_doubled(exported: Path) -> None:
    lines = exported.read_text().splitlines()
    for number, line in enumerate(lines):
        changed = json.dumps({**json.loads(line), "hash": "f" * 64})
        for middle in ([], [line, line], [changed]):
            exported.write_text("\n".join([*lines[:number], *middle, *lines[number + 1 :]]))
            if len(middle) == 2 and "head" in json.loads(line):
                continue  # the same head said twice says nothing new
            assert verifier(exported).returncode == 1, (number, middle)


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
