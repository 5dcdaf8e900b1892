"""Signatures keep what was signed and the ticket that was spent, so that each signs once.

Earlier signatures have neither; their hash stays what it was.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NEW = {
    "ticket": sa.String(length=32),
    "record_kind": sa.String(length=16),
    "record_key": sa.String(length=64),
    "record_version": sa.Integer(),
    "shown": sa.Text(),
    "zone": sa.String(length=64),
}
GIVEN = sa.text("ticket IS NOT NULL")


def upgrade() -> None:
    for name, kind in NEW.items():
        op.add_column("signatures", sa.Column(name, kind, nullable=True))
    op.create_index(
        "uq_signatures_ticket",
        "signatures",
        ["ticket"],
        unique=True,
        sqlite_where=GIVEN,
        postgresql_where=GIVEN,
    )
    op.create_index("uq_signatures_id_user_id", "signatures", ["id", "user_id"], unique=True)
    _guard_sqlite("old.id = NEW.id OR old.ticket = NEW.ticket")


def downgrade() -> None:
    _guard_sqlite("old.id = NEW.id")
    op.drop_index("uq_signatures_id_user_id", table_name="signatures")
    op.drop_index("uq_signatures_ticket", table_name="signatures")
    for name in reversed(NEW):
        op.drop_column("signatures", name)


def _guard_sqlite(taken: str) -> None:
    """Refuse REPLACE by any unique key; PostgreSQL's triggers see it as the UPDATE it is."""
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute("DROP TRIGGER signatures_no_replace")
    op.execute(
        "CREATE TRIGGER signatures_no_replace BEFORE INSERT ON signatures "
        f"WHEN EXISTS (SELECT 1 FROM signatures AS old WHERE {taken}) "
        "BEGIN SELECT RAISE(ABORT, 'signatures is append-only'); END"
    )
