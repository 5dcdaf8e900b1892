"""SQLite copied by its own online backup, which sees one consistent state and blocks no reader.

The way back is the same call in the other direction: one transaction on the live file, so that a
crash in the middle leaves the old database, and every open connection sees the new one.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa

from radiopharm.core.backups import BadBackup, Contents
from radiopharm.store.backups_contents import contents
from radiopharm.store.engine import make_engine, turnstile

WAIT_S = 30


def save(engine: sa.Engine, file: Path) -> Contents:
    """Copy the database into *file* and count the copy."""
    _copy(_path(engine), file)
    copy = make_engine(f"sqlite:///{file}")
    try:
        with copy.connect() as db:
            return contents(db)
    finally:
        copy.dispose()


@contextmanager
def unpacked(engine: sa.Engine, file: Path) -> Iterator[sa.Engine]:
    """A copy of *file* beside the database, opened; removed at the end."""
    beside = _path(engine).with_suffix(".restoring")
    shutil.copyfile(file, beside)
    beside.chmod(0o600)
    copy = make_engine(f"sqlite:///{beside}")
    try:
        _require_whole(copy)
        yield copy
    finally:
        copy.dispose()
        for left in beside.parent.glob(beside.name + "*"):
            left.unlink()


def swap(engine: sa.Engine, unpacked: sa.Engine) -> None:
    """Write the copy over the live database in one transaction, in turn with other writers."""
    queue = turnstile(engine)
    assert queue is not None
    unpacked.dispose()
    queue.enter()
    try:
        _copy(_path(unpacked), _path(engine))
    finally:
        queue.leave()


def _copy(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(source, timeout=WAIT_S)) as old,
        closing(sqlite3.connect(target, timeout=WAIT_S)) as new,
    ):
        new.execute("PRAGMA synchronous=EXTRA")
        old.backup(new)


def _require_whole(copy: sa.Engine) -> None:
    try:
        with copy.connect() as db:
            said = db.exec_driver_sql("PRAGMA integrity_check").scalar()
    except sa.exc.DatabaseError as error:
        raise BadBackup("The file is not a SQLite database, or a damaged one.") from error
    if said != "ok":
        raise BadBackup("SQLite finds the file damaged.")


def _path(engine: sa.Engine) -> Path:
    return Path(engine.url.database or "")
