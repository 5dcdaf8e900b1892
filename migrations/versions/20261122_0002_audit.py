"""The audit chain.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "audit_events",
        sa.Column("stream", sa.String(length=32), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "length(hash) = 64 AND length(previous) = 64",
            name=op.f("ck_audit_events_hash_has_its_length"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_audit_events_numbers_start_at_one")),
        sa.PrimaryKeyConstraint("stream", "number", name=op.f("pk_audit_events")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_events_hash")),
        sa.UniqueConstraint("stream", "previous", name=op.f("uq_audit_events_stream_previous")),
    )
    op.create_index(
        "ix_audit_events_stream_action_number",
        "audit_events",
        ["stream", "action", "number"],
        unique=False,
    )
    op.create_index(
        "ix_audit_events_stream_at_number",
        "audit_events",
        ["stream", "at", "number"],
        unique=False,
    )
    op.create_index(
        "ix_audit_events_stream_actor_number",
        "audit_events",
        ["stream", "actor", "number"],
        unique=False,
    )
    op.create_table(
        "audit_subjects",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("stream", sa.String(length=32), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["stream", "number"],
            ["audit_events.stream", "audit_events.number"],
            name=op.f("fk_audit_subjects_stream_number"),
        ),
        sa.PrimaryKeyConstraint("subject", "stream", "number", name=op.f("pk_audit_subjects")),
    )
    op.create_table(
        "audit_heads",
        sa.Column("stream", sa.String(length=32), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_audit_heads_numbers_start_at_zero")),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_audit_heads")),
    )


def downgrade() -> None:
    op.drop_table("audit_heads")
    op.drop_table("audit_subjects")
    op.drop_table("audit_events")
