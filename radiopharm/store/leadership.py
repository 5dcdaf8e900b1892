"""Which of several schedulers leads: who holds the database's one lock for it.

PostgreSQL: an advisory lock on a connection of its own, gone with the session. SQLite: a locked
file beside the database, gone with the process. Two leaders at once would do no harm (a slot takes
effect once); one leader spares the others the work.
"""

import fcntl
from io import TextIOWrapper
from pathlib import Path

import sqlalchemy as sa

KEY = 0x7261646970  # "radip"


class Leadership:
    """Leadership among the processes of one database."""

    def __init__(self, engine: sa.Engine) -> None:
        postgresql = engine.dialect.name == "postgresql"
        self._lock = _SessionLock(engine) if postgresql else _FileLock(engine)

    def take(self) -> bool:
        """Lead, if nobody else does and the database answers."""
        return self._lock.take()

    def holds(self) -> bool:
        """Whether this process still leads."""
        return self._lock.holds()

    def leave(self) -> None:
        """Let another lead."""
        self._lock.leave()


class _SessionLock:
    def __init__(self, engine: sa.Engine) -> None:
        self._engine = sa.create_engine(
            engine.url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT"
        )
        self._session: sa.Connection | None = None

    def take(self) -> bool:
        try:
            session = self._engine.connect()
            leads = bool(session.scalar(sa.select(sa.func.pg_try_advisory_lock(KEY))))
        except sa.exc.DBAPIError:  # gone for now: nobody leads, and waiting goes on
            return False
        if leads:
            self._session = session
        else:
            session.close()
        return leads

    def holds(self) -> bool:
        if self._session is None:
            return False
        try:
            self._session.execute(sa.select(1))
        except sa.exc.DBAPIError:
            return False
        return True

    def leave(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.close()


class _FileLock:
    def __init__(self, engine: sa.Engine) -> None:
        database = Path(str(engine.url.database))
        self._path = database.with_name(database.name + ".scheduler")
        self._held: TextIOWrapper | None = None

    def take(self) -> bool:
        file = self._path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._held = file
        return True

    def holds(self) -> bool:
        return self._held is not None

    def leave(self) -> None:
        file, self._held = self._held, None
        if file is not None:
            file.close()
