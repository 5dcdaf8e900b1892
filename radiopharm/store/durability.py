"""Whether the database keeps what it says it has kept: asked before anything starts to serve."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa

from radiopharm.store import migrations
from radiopharm.store.engine import wal_is_safe

MUST_BE_ON = ("fsync", "full_page_writes", "synchronous_commit")
NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "glusterfs", "ceph"})
MOUNTS = Path("/proc/self/mounts")


def files(engine: sa.Engine) -> list[Path]:
    """The files that hold the database, where this machine holds them itself."""
    return [Path(engine.url.database or "")] if engine.dialect.name == "sqlite" else []


def faults(engine: sa.Engine) -> list[str]:
    """What could lose or mislay acknowledged writes, a sentence each."""
    look = _sqlite if engine.dialect.name == "sqlite" else _postgresql
    try:
        with engine.connect() as db:
            found = list(look(db))
        is_current = migrations.current(engine) == migrations.newest()
    except sa.exc.DBAPIError:
        return ["The database does not answer, or another program holds it."]
    if not is_current:
        found.append("The schema is not current: run flask --app wsgi db upgrade.")
    return found


def filesystem(path: Path, mounts: str) -> str:
    """The type of the file system that holds *path*, from the text of /proc/self/mounts."""
    folders = {str(folder) for folder in (path, *path.parents)}
    held = [fields for line in mounts.splitlines() if (fields := line.split())[1] in folders]
    return max(held, key=lambda fields: len(fields[1]))[2] if held else ""


def _sqlite(db: sa.Connection) -> Iterable[str]:
    mode = db.exec_driver_sql("PRAGMA journal_mode").scalar()
    if mode == "wal" and not wal_is_safe(sqlite3.sqlite_version_info):
        yield (
            f"SQLite {sqlite3.sqlite_version} can lose writes in WAL mode, and another program "
            "keeps the file in it: stop that program."
        )
    path = Path(db.engine.url.database or "").resolve()
    if MOUNTS.exists() and filesystem(path, MOUNTS.read_text()) in NETWORK:
        yield f"{path} lies on a network file system, where SQLite's locks do not hold."


def _postgresql(db: sa.Connection) -> Iterable[str]:
    for name in MUST_BE_ON:
        if db.exec_driver_sql(f"SHOW {name}").scalar() == "off":
            yield f"PostgreSQL has {name} off and can lose acknowledged writes: set it on."
