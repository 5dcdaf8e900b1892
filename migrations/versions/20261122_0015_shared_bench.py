"""Sessions lock before they end; workstations are enrolled, badges issued, drafts kept.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _workstations()
    _badges()
    _drafts()
    with op.batch_alter_table("sessions") as table:
        table.add_column(sa.Column("locked_at", INSTANT, nullable=True))
        table.add_column(sa.Column("workstation_id", sa.BigInteger(), nullable=True))
        table.create_foreign_key(
            op.f("fk_sessions_workstation_id"),
            "workstations",
            ["workstation_id"],
            ["id"],
            ondelete="RESTRICT",
        )


def downgrade() -> None:
    with op.batch_alter_table("sessions") as table:
        table.drop_constraint(op.f("fk_sessions_workstation_id"), type_="foreignkey")
        table.drop_column("workstation_id")
        table.drop_column("locked_at")
    op.drop_table("drafts")
    op.drop_index(op.f("ix_badges_user_id"), table_name="badges")
    op.drop_table("badges")
    op.drop_table("workstations")


def _workstations() -> None:
    op.create_table(
        "workstations",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("room", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("enrolled_at", INSTANT, nullable=False),
        sa.Column("claimed_at", INSTANT, nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "kind IN ('hot_lab', 'office')", name=op.f("ck_workstations_kind_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_workstations_site_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workstations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_workstations_token_hash")),
    )


def _badges() -> None:
    op.create_table(
        "badges",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_badges_user_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badges")),
        sa.UniqueConstraint("code", name=op.f("uq_badges_code")),
    )
    op.create_index(op.f("ix_badges_user_id"), "badges", ["user_id"], unique=False)


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("page", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("kept_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_drafts_user_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("user_id", "page", "key", name=op.f("pk_drafts")),
    )
