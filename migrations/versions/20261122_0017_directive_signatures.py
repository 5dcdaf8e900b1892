"""Directives verified, given orally, and allowed to lie close together with a reason.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
KEYS = {
    "directive_verifications": ["id", "prescription_id", "signature_id"],
    "oral_orders": ["id", "directive_id, version", "signature_id"],
}


def upgrade() -> None:
    op.add_column(
        "directive_versions",
        sa.Column("interval_reason", sa.String(length=200), server_default="", nullable=False),
    )
    _create_verifications()
    _create_oral_orders()
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table, keys in KEYS.items():
        _guard_postgresql(table) if is_postgresql else _guard_sqlite(table, keys)


def downgrade() -> None:
    op.drop_table("oral_orders")
    op.drop_table("directive_verifications")
    op.drop_column("directive_versions", "interval_reason")


def _create_verifications() -> None:
    op.create_table(
        "directive_verifications",
        _identity(),
        sa.Column("prescription_id", sa.BigInteger(), nullable=False),
        sa.Column("signer_id", sa.BigInteger(), nullable=False),
        sa.Column("signature_id", sa.BigInteger(), nullable=False),
        sa.Column("verifier_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "verifier_id <> signer_id",
            name=op.f("ck_directive_verifications_two_people_are_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["prescription_id"],
            ["directive_events.signature_id"],
            name=op.f("fk_directive_verifications_prescription_id"),
            ondelete="RESTRICT",
        ),
        _references("directive_verifications", "signer_id", "users"),
        _references("directive_verifications", "signature_id", "signatures"),
        _references("directive_verifications", "verifier_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directive_verifications")),
        sa.UniqueConstraint(
            "prescription_id", name=op.f("uq_directive_verifications_prescription_id")
        ),
        sa.UniqueConstraint("signature_id", name=op.f("uq_directive_verifications_signature_id")),
    )


def _create_oral_orders() -> None:
    op.create_table(
        "oral_orders",
        _identity(),
        sa.Column("directive_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("given_by", sa.BigInteger(), nullable=False),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("signature_id", sa.BigInteger(), nullable=False),
        sa.Column("recorder_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "reason <> ''", name=op.f("ck_oral_orders_it_is_said_why_it_could_not_wait")
        ),
        sa.CheckConstraint(
            "given_by <> recorder_id", name=op.f("ck_oral_orders_two_people_are_two_people")
        ),
        _references("oral_orders", "directive_id", "directives"),
        sa.ForeignKeyConstraint(
            ["directive_id", "version"],
            ["directive_versions.directive_id", "directive_versions.version"],
            name=op.f("fk_oral_orders_directive_id_version"),
        ),
        _references("oral_orders", "given_by", "users"),
        _references("oral_orders", "signature_id", "signatures"),
        _references("oral_orders", "recorder_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oral_orders")),
        sa.UniqueConstraint(
            "directive_id", "version", name=op.f("uq_oral_orders_directive_id_version")
        ),
        sa.UniqueConstraint("signature_id", name=op.f("uq_oral_orders_signature_id")),
    )
    op.create_index(op.f("ix_oral_orders_given_at"), "oral_orders", ["given_at"], unique=False)


def _identity() -> sa.Column[int]:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("id", number, autoincrement=True, nullable=False)


def _references(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="RESTRICT")


def _guard_postgresql(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    for trigger in ("no_change", "no_truncate"):
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{trigger}")


def _guard_sqlite(table: str, keys: list[str]) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    for act in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} {refuse}")
    taken = " OR ".join(_taken(table, key) for key in keys)
    op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} {refuse}")


def _taken(table: str, key: str) -> str:
    """Whether a row with the new row's *key* is there already."""
    same = " AND ".join(f"old.{name} = NEW.{name}" for name in key.split(", "))
    return f"EXISTS (SELECT 1 FROM {table} AS old WHERE {same})"
