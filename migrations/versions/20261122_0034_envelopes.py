"""Accounts sealed in envelopes for an emergency, each with one opening.

Revision ID: 0034
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0022"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
ONCE = {"envelopes": "user_id", "envelope_openings": "envelope_id"}


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "envelopes",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("sealed_by", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", INSTANT, nullable=False),
        _references("envelopes", "site_id", "sites"),
        _references("envelopes", "user_id", "users"),
        *_keys("envelopes"),
    )
    op.create_table(
        "envelope_openings",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("envelope_id", sa.BigInteger(), nullable=False),
        sa.Column("opener", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        _check("an_opening_has_a_name", "opener <> ''"),
        _check("an_opening_has_a_reason", "reason <> ''"),
        _references("envelope_openings", "envelope_id", "envelopes"),
        *_keys("envelope_openings"),
    )
    guard = _guard_postgresql if op.get_bind().dialect.name == "postgresql" else _guard_sqlite
    for table, once in ONCE.items():
        guard(table, once)


def downgrade() -> None:
    op.drop_table("envelope_openings")
    op.drop_table("envelopes")


def _check(sentence: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_envelope_openings_{sentence}"))


def _references(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="RESTRICT")


def _keys(table: str) -> tuple[sa.Constraint, ...]:
    unique = sa.UniqueConstraint(ONCE[table], name=op.f(f"uq_{table}_{ONCE[table]}"))
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")), unique


def _guard_postgresql(table: str, once: str) -> None:
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


def _guard_sqlite(table: str, once: str) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    for act in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} {refuse}")
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM "
        f"{table} AS old WHERE old.id = NEW.id OR old.{once} = NEW.{once}) {refuse}"
    )
