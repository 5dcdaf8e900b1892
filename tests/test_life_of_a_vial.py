"""The documented script: the whole life of a vial by curl, against a real server."""

import os
import subprocess
from pathlib import Path

import pytest

from config.settings import ROOT
from tests import hospital
from tests.serving import Server, serving


@pytest.mark.requirement("RQ-37")
def test_a_vial_lives_its_whole_life_by_curl(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        said = _life(server).splitlines()
    assert "net 7406.0 MBq, 100.08 % of prescribed" in said
    assert "released" in said
    assert said[-1].endswith("0.0 mL, 0.0 Bq")


def _life(server: Server) -> str:
    environ = {
        **os.environ,
        "ADDRESS": f"http://127.0.0.1:{server.port}",
        "TOKEN": hospital.TOKENS["radiopharmacist"],
        "OFFICER_TOKEN": hospital.TOKENS["safety_officer"],
        "PASSPHRASE": hospital.PASSWORD,
    }
    lived = subprocess.run(
        ["sh", ROOT / "docs" / "life_of_a_vial.sh"],
        env=environ,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert lived.returncode == 0, lived.stderr
    return lived.stdout
