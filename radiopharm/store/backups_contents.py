"""What a database holds, counted in one consistent look: the measure of a backup."""

import sqlalchemy as sa
from alembic.migration import MigrationContext

from radiopharm.core.backups import Contents
from radiopharm.store import audit_trail
from radiopharm.store.base import metadata


def contents(db: sa.Connection) -> Contents:
    """Schema revision, rows of each table that is there, and where each audit stream ends."""
    there = set(sa.inspect(db).get_table_names())
    counted = {
        table.name: db.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in metadata.sorted_tables
        if table.name in there
    }
    return Contents(
        revision=MigrationContext.configure(db).get_current_revision(),
        rows=counted,
        heads=audit_trail.all_heads(db) if "audit_heads" in there else {},
    )
