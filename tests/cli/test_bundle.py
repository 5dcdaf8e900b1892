"""The inspector's bundle proves itself where radiopharm is not installed."""

import hashlib
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask

from radiopharm.jobs import sealer
from radiopharm.runtime import make_runtime
from radiopharm.services import registers, sealing
from tests import hospital
from tests.conftest import NOON, StandingClock

pytestmark = pytest.mark.parametrize("shared_url", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def folder(application: Flask, shared_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One bundle for all, since it takes seconds: whoever forges does so in a copy.

    The site has changed its seal key before.
    """
    made, clock = tmp_path_factory.mktemp("bundle"), StandingClock()
    before = hospital.settings(shared_url, made)
    older = make_runtime(before, clock)
    hospital.accepted(older)
    sealer.tick(older, at_once=True)
    older.engine.dispose()
    clock.move(days=1)
    retired = {sealing.public_key(before.seal_key): NOON}
    runtime = make_runtime(replace(before, seal_key=b"t" * 32, retired_seal_keys=retired), clock)
    application.extensions["radiopharm"] = runtime
    file = made / "bundle.zip"
    said = application.test_cli_runner().invoke(args=["audit", "bundle", str(file)])
    runtime.engine.dispose()
    assert said.exit_code == 0, said.output
    ZipFile(file).extractall(made)
    return made / "inspection-2026-06-01-2026-06-30"


def verified(folder: Path, bare: Path) -> "subprocess.CompletedProcess[str]":
    """The verifier's word, from an isolated Python that finds neither us nor our packages."""
    command = [sys.executable, "-I", "-S", str(folder / "verify_bundle.py"), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=bare, env={})


def remade(folder: Path) -> None:
    """What a forger would do after changing a file: write the manifest anew."""
    manifest = folder / "SHA256SUMS"
    names = [line.split("  ")[1] for line in manifest.read_text().splitlines()]
    digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    manifest.write_text("".join(f"{digest}  {name}\n" for name, digest in digests.items()))


@pytest.mark.requirement("RQ-44")
def test_the_bundle_holds_every_register_and_is_verified_without_us(
    folder: Path, tmp_path: Path
) -> None:
    papers = {path.name for path in (folder / "registers").iterdir()}
    assert papers == {
        f"{it}.{form}" for it in registers.REGISTERS for form in ("pdf", "csv", "json")
    }
    said = verified(folder, tmp_path)
    assert (said.returncode, said.stderr) == (0, "")
    assert "every register holds the figures that the sealed trail names" in said.stdout


def _other_file(folder: Path) -> None:
    (folder / "registers" / "receipts.csv").write_text("nothing came")


def _missing_file(folder: Path) -> None:
    (folder / "registers" / "receipts.pdf").unlink()


def _other_figure(folder: Path) -> None:
    paper = folder / "registers" / "receipts.json"
    paper.write_text(paper.read_text().replace("7585000000", "7585000001"))
    remade(folder)


def _other_figure_rehashed(folder: Path) -> None:
    paper = folder / "registers" / "receipts.json"
    body = json.loads(paper.read_text().replace("7585000000", "7585000001"))
    del body["sha256"]
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    paper.write_text(json.dumps({**body, "sha256": digest}))
    remade(folder)


def _other_paper(folder: Path) -> None:
    (folder / "registers" / "receipts.csv").write_text("nothing came")
    remade(folder)


def _other_event(folder: Path) -> None:
    trail = folder / "events.jsonl"
    trail.write_text(trail.read_text().replace("LT-26-0311", "LT-26-0312", 1))
    remade(folder)


def _other_end_of_a_key(folder: Path) -> None:
    trail = folder / "events.jsonl"
    trail.write_text(trail.read_text().replace('"until": "2026-06-01T', '"until": "2026-07-01T'))
    remade(folder)


FORGERIES = (
    (_other_file, "receipts.csv is not the file that was packed"),
    (_missing_file, "receipts.pdf is missing"),
    (_other_figure, "receipts.json does not have the hash it names"),
    (_other_figure_rehashed, "no sealed event says"),
    (_other_paper, "SHA256SUMS is not the one that KEY signed"),
    (_other_event, "is not the one that was written"),
    (_other_end_of_a_key, "is not signed by the key in use"),
)


def test_what_was_changed_is_found(folder: Path, tmp_path: Path) -> None:
    for forge, found in FORGERIES:
        copy = tmp_path / forge.__name__
        shutil.copytree(folder, copy)
        forge(copy)
        said = verified(copy, tmp_path)
        assert said.returncode == 1
        assert found in said.stderr
