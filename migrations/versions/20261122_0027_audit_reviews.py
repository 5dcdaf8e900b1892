"""Reviews of the audit, signed; and an index for where a place's newest seal lies.

Revision ID: 0027
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0030"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
TABLE = "audit_reviews"
PLACES = "ix_audit_anchors_place_stream_number"


def upgrade() -> None:
    op.create_table(
        TABLE,
        _identity(),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("counts", sa.String(length=1000), nullable=False),
        sa.Column("findings", sa.String(length=2000), nullable=False),
        sa.Column("next_due_at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("signature_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "ends_at > starts_at", name=op.f("ck_audit_reviews_a_period_ends_after_it_begins")
        ),
        sa.CheckConstraint(
            "next_due_at > ends_at", name=op.f("ck_audit_reviews_the_next_one_comes_later")
        ),
        _reference("site_id", "sites"),
        _reference("actor_id", "users"),
        _reference("signature_id", "signatures"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_reviews")),
        sa.UniqueConstraint("signature_id", name=op.f("uq_audit_reviews_signature_id")),
    )
    op.create_index(op.f("ix_audit_reviews_site_id"), TABLE, ["site_id"])
    op.create_index(PLACES, "audit_anchors", ["place", "stream", "number"])
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql(TABLE)
    else:
        _guard_sqlite(TABLE, ["id", "signature_id"])


def downgrade() -> None:
    op.drop_index(PLACES, "audit_anchors")
    op.drop_table(TABLE)  # its guards go with it


def _identity() -> sa.Column[int]:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("id", number, autoincrement=True, nullable=False)


def _reference(column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{TABLE}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete="RESTRICT")


def _guard_postgresql(table: str) -> None:
    for name, act, each in (
        ("no_change", "UPDATE OR DELETE", "ROW"),
        ("no_truncate", "TRUNCATE", "STATEMENT"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {act} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION refuse_change()"
        )
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}")


def _guard_sqlite(table: str, keys: list[str]) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    for act in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} {refuse}")
    taken = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} AS old WHERE old.{key} = NEW.{key})" for key in keys
    )
    op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} {refuse}")
