"""What a vial's assay or a residue was measured as, where a meter said it.

Revision ID: 0020
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLES = {"assay_readings": ("assay_id", "assays"), "residue_readings": ("residue_id", "residues")}


def upgrade() -> None:
    for table, (column, subject) in TABLES.items():
        op.create_table(
            table,
            _identity(),
            sa.Column(column, sa.BigInteger(), nullable=False),
            sa.Column("reading_id", sa.BigInteger(), nullable=False),
            _references(table, column, subject),
            _references(table, "reading_id", "device_readings"),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
            sa.UniqueConstraint(column, name=op.f(f"uq_{table}_{column}")),
            sa.UniqueConstraint("reading_id", name=op.f(f"uq_{table}_reading_id")),
        )
        is_postgresql = op.get_bind().dialect.name == "postgresql"
        keys = ["id", column, "reading_id"]
        _guard_postgresql(table) if is_postgresql else _guard_sqlite(table, keys)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


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
