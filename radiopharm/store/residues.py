"""What a destroyed or changed key leaves in the database's files is written over.

SQLite puts zeros where it frees (store.engine), and what it wrote ahead into a log is emptied here.
PostgreSQL keeps a removed row until its table is written anew, which is done here, outside of the
act and after it: a row that somebody's older look at the database may still need stays till then.
"""

from contextlib import suppress

import sqlalchemy as sa

from radiopharm.store import acts, guard
from radiopharm.store.errors import StorageUnavailable


def wipe(engine: sa.Engine) -> bool:
    """Write the patients' keys anew; False where others were in the way: the nightly job comes."""
    with suppress(StorageUnavailable, sa.exc.DBAPIError):
        if engine.dialect.name == "sqlite":
            return _empty_log(engine)
        with acts.writing(engine) as db:
            db.execute(sa.select(sa.func.wipe_patient_keys()))
        return True
    return False


def _empty_log(engine: sa.Engine) -> bool:
    """Whether the log is empty; without one there is nothing to do."""
    connection = engine.raw_connection()
    try:
        with guard.lifted(connection.driver_connection) as plain:
            (is_busy, *_) = plain.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not is_busy
    finally:
        connection.close()
