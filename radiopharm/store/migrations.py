"""Bring the database's schema up or down, and say whether it is the one this program expects."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from radiopharm.store import tables
from radiopharm.store.acts import writing
from radiopharm.store.base import metadata
from radiopharm.store.guard import owning

assert tables
FOLDER = Path(__file__).resolve().parent.parent.parent / "migrations"


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """Apply every migration up to *revision*, all in one transaction."""
    with writing(engine) as db, owning(db):
        command.upgrade(_config(db), revision)


def downgrade(engine: sa.Engine, revision: str) -> None:
    """Take migrations back down to *revision*."""
    with writing(engine) as db, owning(db):
        command.downgrade(_config(db), revision)


def current(engine: sa.Engine) -> str | None:
    """The revision the database is at; None when it is empty."""
    with engine.connect() as db:
        return MigrationContext.configure(db).get_current_revision()


def newest() -> str | None:
    """The revision this program expects."""
    return ScriptDirectory(str(FOLDER)).get_current_head()


def differences(engine: sa.Engine) -> list[object]:
    """What the tables here have and the migrated database has not, or the other way round."""
    with engine.connect() as db:
        return list(compare_metadata(MigrationContext.configure(db), metadata))


def _config(db: sa.Connection) -> Config:
    config = Config(attributes={"connection": db})
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    return config
