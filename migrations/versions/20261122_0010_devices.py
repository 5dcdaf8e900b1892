"""Readings taken by device: the meters' lines, what they said, and the dose each reading is for.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
KEYS = {
    "meter_lines": ["id"],
    "device_readings": ["id"],
    "dispensing_readings": ["id", "dispensing_id", "reading_id"],
}


def upgrade() -> None:
    op.create_table(
        "meter_lines",
        _identity(),
        sa.Column("instrument_id", sa.BigInteger(), nullable=False),
        sa.Column("dialect", sa.String(length=32), nullable=True),
        sa.Column("port", sa.String(length=200), nullable=True),
        sa.Column("baud", sa.Integer(), nullable=True),
        sa.Column("decimal_sign", sa.String(length=1), nullable=True),
        sa.Column("set_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(dialect IS NULL) = (port IS NULL) AND (port IS NULL) = (baud IS NULL) "
            "AND (baud IS NULL) = (decimal_sign IS NULL)",
            name=op.f("ck_meter_lines_a_line_is_whole_or_taken_off"),
        ),
        _reference("meter_lines", "instrument_id", "instruments"),
        _reference("meter_lines", "actor_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meter_lines")),
    )
    op.create_index(op.f("ix_meter_lines_instrument_id"), "meter_lines", ["instrument_id"])
    op.create_table(
        "device_readings",
        _identity(),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("instrument_id", sa.BigInteger(), nullable=False),
        sa.Column("dialect", sa.String(length=32), nullable=False),
        sa.Column("raw", sa.String(length=400), nullable=False),
        sa.Column("activity_bq", sa.BigInteger(), nullable=False),
        sa.Column("activity_text", sa.String(length=64), nullable=False),
        sa.Column("setting", sa.String(length=16), nullable=False),
        sa.Column("nuclide", sa.String(length=16), nullable=True),
        sa.Column("read_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "activity_bq BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_device_readings_a_reading_is_not_negative"),
        ),
        sa.CheckConstraint("raw <> ''", name=op.f("ck_device_readings_the_raw_line_is_kept")),
        sa.CheckConstraint(
            "typeof(activity_bq) IN ('integer', 'null')",
            name=op.f("ck_device_readings_numbers_are_whole"),
        ).ddl_if(dialect="sqlite"),
        _reference("device_readings", "site_id", "sites"),
        _reference("device_readings", "instrument_id", "instruments"),
        _reference("device_readings", "actor_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_readings")),
    )
    op.create_table(
        "dispensing_readings",
        _identity(),
        sa.Column("dispensing_id", sa.BigInteger(), nullable=False),
        sa.Column("reading_id", sa.BigInteger(), nullable=False),
        _reference("dispensing_readings", "dispensing_id", "dispensings"),
        _reference("dispensing_readings", "reading_id", "device_readings"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispensing_readings")),
        sa.UniqueConstraint("dispensing_id", name=op.f("uq_dispensing_readings_dispensing_id")),
        sa.UniqueConstraint("reading_id", name=op.f("uq_dispensing_readings_reading_id")),
    )
    for table, keys in KEYS.items():
        if op.get_bind().dialect.name == "postgresql":
            _guard_postgresql(table)
        else:
            _guard_sqlite(table, keys)


def downgrade() -> None:
    for table in reversed(KEYS):  # the guards go with their tables
        op.drop_table(table)


def _identity() -> sa.Column[int]:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("id", number, autoincrement=True, nullable=False)


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="RESTRICT")


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
    taken = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} AS old WHERE old.{key} = NEW.{key})" for key in keys
    )
    op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} {refuse}")
