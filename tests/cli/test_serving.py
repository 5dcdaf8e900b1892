"""The real server, as a process: it starts, answers, is observed and leaves nothing behind."""

import os
import re
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import ROOT
from radiopharm.services.accounts import ROLES
from tests import hospital
from tests.serving import FLASK, Server, serving

AUDITOR = ROLES.index("auditor") + 1


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("serving")) as started:
        yield started


def test_it_says_where_it_is_and_that_it_is_ready(server: Server) -> None:
    assert server.get("/readyz").read() == b"ready\n"
    assert f"radiopharm is at http://127.0.0.1:{server.port}\n" in server.output.read_text()


def test_a_request_is_logged_by_route_and_person_never_by_what_was_asked(server: Server) -> None:
    bearer = f"Bearer {hospital.TOKENS['auditor']}"
    given = {"Authorization": bearer, "X-Request-Id": "trace-0123456789"}
    answer = server.get("/api/v1/vials?nuclide=Lu-177", **given)
    assert answer.headers["X-Request-Id"] == "trace-0123456789"
    (line,) = [line for line in server.log() if line.get("request_id") == "trace-0123456789"]
    assert (line["route"], line["status"], line["user"]) == ("/api/v1/vials", 200, AUDITOR)
    assert "Lu-177" not in server.output.read_text()


def test_a_request_id_that_could_carry_more_is_replaced(server: Server) -> None:
    answer = server.get("/healthz", **{"X-Request-Id": "Jane Doe 1960-01-01"})
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["X-Request-Id"])


def test_the_counts_of_all_workers_are_summed(server: Server) -> None:
    for _ in range(12):
        server.get("/sign-in").read()
    text = server.get("/metrics").read().decode()
    (count,) = re.findall(r'total\{method="GET",route="/sign-in",status="200"\} (\S+)', text)
    assert float(count) == 12


def test_metrics_are_not_for_callers_behind_a_proxy(server: Server) -> None:
    with pytest.raises(urllib.request.HTTPError, match="403"):
        server.get("/metrics", **{"X-Forwarded-For": "192.0.2.7"})


def test_a_short_key_ends_the_start_with_one_line(tmp_path: Path) -> None:
    environ = {**os.environ, "RADIOPHARM_SECRET_KEY": "short"}
    ended = subprocess.run(
        [*FLASK, "serve"], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        "radiopharm does not start: RADIOPHARM_SECRET_KEY must have at least 32 characters"
    ]
