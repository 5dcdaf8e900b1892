"""PostgreSQL copied by pg_dump at an exported snapshot, so that file and counts are one state.

The way back is a database of its own filled by pg_restore; once it is found good it takes the name
of the old one, both renamed in one transaction.
"""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from radiopharm.core.backups import BadBackup, Contents
from radiopharm.store.backups_contents import contents
from radiopharm.store.engine import make_engine

BARE = ("--no-owner", "--no-privileges")


def save(engine: sa.Engine, file: Path) -> Contents:
    """Dump the database into *file* and count it, both at one snapshot."""
    frozen = engine.connect().execution_options(isolation_level="REPEATABLE READ")
    with frozen as db, db.begin():
        snapshot = db.scalar(sa.select(sa.func.pg_export_snapshot()))
        counted = contents(db)
        how = ("--format=custom", *BARE, f"--snapshot={snapshot}", f"--file={file}")
        _run("pg_dump", engine.url, *how)
    return counted


@contextmanager
def unpacked(engine: sa.Engine, file: Path) -> Iterator[sa.Engine]:
    """A new database filled from *file*; dropped at the end unless it was swapped in."""
    url = engine.url.set(database=f"{engine.url.database}_restoring_{secrets.token_hex(4)}")
    _administer(engine.url, f'CREATE DATABASE "{url.database}" TEMPLATE template0')
    copy = make_engine(url.render_as_string(hide_password=False))
    try:
        _run("pg_restore", url, "--exit-on-error", "--single-transaction", *BARE, str(file))
        yield copy
    finally:
        copy.dispose()
        _administer(engine.url, f'DROP DATABASE IF EXISTS "{url.database}" WITH (FORCE)')


def swap(engine: sa.Engine, unpacked: sa.Engine) -> None:
    """Give the restored database the old one's name; sessions on the old one are ended."""
    live, new = engine.url.database, unpacked.url.database
    old = f"{live}_replaced_{secrets.token_hex(4)}"
    engine.dispose()
    unpacked.dispose()
    _administer(engine.url, f'ALTER DATABASE "{live}" ALLOW_CONNECTIONS false')
    try:
        _rename(engine.url, [(live, old), (new, live)])
    except sa.exc.DBAPIError:
        _administer(engine.url, f'ALTER DATABASE "{live}" ALLOW_CONNECTIONS true')
        raise
    _administer(engine.url, f'DROP DATABASE "{old}" WITH (FORCE)')


def _rename(url: sa.URL, names: list[tuple[str | None, str | None]]) -> None:
    ended = sa.text(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = :name"
    )
    with _maintenance(url).connect() as db, db.begin():
        db.execute(ended, {"name": url.database})
        for before, after in names:
            db.exec_driver_sql(f'ALTER DATABASE "{before}" RENAME TO "{after}"')


def _administer(url: sa.URL, statement: str) -> None:
    autocommit = _maintenance(url).execution_options(isolation_level="AUTOCOMMIT")
    with autocommit.connect() as db:
        db.exec_driver_sql(statement)


def _maintenance(url: sa.URL) -> sa.Engine:
    """The cluster's own database: no database can be renamed from within."""
    return sa.create_engine(url.set(database="postgres"), poolclass=sa.NullPool)


def _run(tool: str, url: sa.URL, *arguments: str) -> None:
    address = url.set(drivername="postgresql", password=None).render_as_string()
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    done = subprocess.run(
        [_binary(tool), f"--dbname={address}", *arguments],
        env={**os.environ, **secret, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BadBackup(f"{tool} failed: {done.stderr.strip().splitlines()[-1:]}")


def _binary(tool: str) -> str:
    """`$PG_BIN`, else Debian's newest, else whatever the path has."""
    places = [os.environ.get("PG_BIN", "")]
    places += map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))
    for place in places:
        if place and (found := shutil.which(tool, path=place)):
            return found
    if found := shutil.which(tool):
        return found
    raise BadBackup(
        f"{tool} is not on this machine: apt-get install postgresql-client, or set PG_BIN."
    )
