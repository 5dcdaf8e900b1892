"""Who has a vial open just now, and how many pieces a dose is.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "presences",
        sa.Column("vial_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.CheckConstraint("until > since", name=op.f("ck_presences_ends_after_it_began")),
        sa.ForeignKeyConstraint(
            ["vial_id"], ["vials.id"], name=op.f("fk_presences_vial_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_presences_user_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("vial_id", "user_id", name=op.f("pk_presences")),
    )
    # in words of its own: SQLite adds a column with its CHECK only so, and keeps the table's guards
    op.execute(
        "ALTER TABLE dispensings ADD COLUMN pieces INTEGER "
        "CONSTRAINT ck_dispensings_pieces_are_counted CHECK "
        "(pieces IS NULL OR (pieces BETWEEN 1 AND 999 AND pieces = CAST(pieces AS INTEGER)))"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE dispensings DROP COLUMN pieces")
    op.drop_table("presences")
