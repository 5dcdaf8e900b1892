"""Snapshots are kept in the order in which they are written.

A run then appends to the end of the key's index instead of touching every leaf of it, and what one
slot held is one range.

Revision ID: 0009
Revises: 0008
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _key("slot", "subject", "subject_id")


def downgrade() -> None:
    _key("subject", "subject_id", "slot")


def _key(*columns: str) -> None:
    with op.batch_alter_table("activity_snapshots") as table:
        table.drop_constraint("pk_activity_snapshots", type_="primary")
        table.create_primary_key("pk_activity_snapshots", list(columns))
