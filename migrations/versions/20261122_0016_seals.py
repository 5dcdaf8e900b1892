"""Signed seals of the audit's streams, and where each was kept outside the database.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
KEYS = {"audit_seals": "stream, number", "audit_anchors": "stream, number, place"}


def upgrade() -> None:
    op.create_table(
        "audit_seals",
        sa.Column("stream", sa.String(length=32), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", INSTANT, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_audit_seals_numbers_start_at_one")),
        sa.CheckConstraint(
            "length(signature) = 128 AND length(key) = 64",
            name=op.f("ck_audit_seals_signature_has_its_length"),
        ),
        sa.PrimaryKeyConstraint("stream", "number", name=op.f("pk_audit_seals")),
    )
    op.create_table(
        "audit_anchors",
        sa.Column("stream", sa.String(length=32), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("kept_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["stream", "number"],
            ["audit_seals.stream", "audit_seals.number"],
            name=op.f("fk_audit_anchors_stream_number"),
        ),
        sa.PrimaryKeyConstraint("stream", "number", "place", name=op.f("pk_audit_anchors")),
    )
    for table, key in KEYS.items():
        _guard(table, key.split(", "))


def downgrade() -> None:
    op.drop_table("audit_anchors")
    op.drop_table("audit_seals")


def _guard(table: str, key: list[str]) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name, act, each in (
            ("no_change", "UPDATE OR DELETE", "ROW"),
            ("no_truncate", "TRUNCATE", "STATEMENT"),
        ):
            op.execute(
                f"CREATE TRIGGER {table}_{name} BEFORE {act} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION refuse_change()"
            )
            op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}")
        return
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    for act in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} {refuse}")
    same = " AND ".join(f"old.{name} = NEW.{name}" for name in key)
    taken = f"EXISTS (SELECT 1 FROM {table} AS old WHERE {same})"
    op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} {refuse}")
