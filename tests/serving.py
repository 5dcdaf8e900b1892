"""The real server as a process of its own, on a port of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPResponse
from pathlib import Path

from config.settings import ROOT
from radiopharm.store import make_engine, migrations
from tests import hospital

STARTS_WITHIN_S = 60
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]


class Server:
    """A `flask serve` on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.port, self.output = _free_port(), folder / "output"
        environ = {
            **os.environ,
            "RADIOPHARM_DATABASE_URL": f"sqlite:///{folder}/radiopharm.db",
            "PORT": str(self.port),
            "TMPDIR": str(folder),
        }
        with self.output.open("w") as output:
            self._process = subprocess.Popen(
                [*FLASK, "serve"], cwd=ROOT, env=environ, stdout=output, stderr=subprocess.STDOUT
            )
        self._wait()

    def get(self, path: str, **headers: str) -> HTTPResponse:
        address = f"http://127.0.0.1:{self.port}{path}"
        answer: HTTPResponse = urllib.request.urlopen(
            urllib.request.Request(address, headers=headers), timeout=20
        )
        return answer

    def stop(self) -> int:
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(30)

    def log(self) -> list[dict[str, object]]:
        lines = self.output.read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def _wait(self) -> None:
        until = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < until and self._process.poll() is None:
            try:
                self.get("/healthz")
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError(self.output.read_text())


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """A server before a new SQLite database with the tests' hospital; it must end as it should."""
    engine = make_engine(f"sqlite:///{folder}/radiopharm.db")
    migrations.upgrade(engine)
    hospital.found(engine)
    engine.dispose()
    started = Server(folder)
    try:
        yield started
    finally:
        assert started.stop() == 0
    assert not list(folder.glob("radiopharm-metrics-*"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
