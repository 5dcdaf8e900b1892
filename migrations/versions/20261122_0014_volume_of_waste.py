"""A container's volume, where somebody measured it at the seal.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("waste_events", sa.Column("volume_ml", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("waste_events", "volume_ml")
