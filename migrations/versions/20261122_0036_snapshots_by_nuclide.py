"""A slot has a snapshot of each nuclide of a mixed container.

Snapshots are derived: going back, a mixed container keeps that of one nuclide.

Revision ID: 0036
Revises: 0039
"""

from alembic import op

revision = "0036"
down_revision = "0039"
branch_labels = None
depends_on = None

SAME = ("slot", "subject", "subject_id")


def upgrade() -> None:
    _key(*SAME, "nuclide")


def downgrade() -> None:
    other = " AND ".join(f"other.{name} = activity_snapshots.{name}" for name in SAME)
    op.execute(
        "DELETE FROM activity_snapshots WHERE EXISTS (SELECT 1 FROM activity_snapshots AS other "
        f"WHERE {other} AND other.nuclide < activity_snapshots.nuclide)"
    )
    _key(*SAME)


def _key(*columns: str) -> None:
    with op.batch_alter_table("activity_snapshots") as table:
        table.drop_constraint("pk_activity_snapshots", type_="primary")
        table.create_primary_key("pk_activity_snapshots", list(columns))
