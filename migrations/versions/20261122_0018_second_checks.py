"""The second person of a dose: their signature, and their own reading where they took one.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
TABLE = "second_checks"


def upgrade() -> None:
    op.create_index(
        "uq_dispensings_id_signature_id", "dispensings", ["id", "signature_id"], unique=True
    )
    op.create_table(
        TABLE,
        _identity(),
        sa.Column("dispensing_id", sa.BigInteger(), nullable=False),
        sa.Column("first_signature_id", sa.BigInteger(), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("signature_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("measured_bq", sa.BigInteger(), nullable=True),
        sa.Column("measured_text", sa.String(length=64), nullable=True),
        sa.Column("measured_at", INSTANT, nullable=True),
        sa.Column("instrument_id", sa.BigInteger(), nullable=True),
        sa.Column("difference", sa.String(length=40), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "person_id <> first_id", name=op.f("ck_second_checks_two_people_are_two_people")
        ),
        sa.CheckConstraint(
            "(measured_bq IS NULL) = (measured_at IS NULL) "
            "AND (measured_bq IS NULL) = (instrument_id IS NULL)",
            name=op.f("ck_second_checks_a_reading_is_whole"),
        ),
        sa.CheckConstraint(
            "measured_bq IS NULL OR measured_bq >= 0",
            name=op.f("ck_second_checks_a_reading_is_not_negative"),
        ),
        sa.CheckConstraint(
            "typeof(measured_bq) IN ('integer', 'null')",
            name=op.f("ck_second_checks_numbers_are_whole"),
        ).ddl_if(dialect="sqlite"),
        _reference(["instrument_id"], ["instruments.id"], ondelete="RESTRICT"),
        _reference(
            ["dispensing_id", "first_signature_id"], ["dispensings.id", "dispensings.signature_id"]
        ),
        _reference(["first_signature_id", "first_id"], ["signatures.id", "signatures.user_id"]),
        _reference(["signature_id", "person_id"], ["signatures.id", "signatures.user_id"]),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_checks")),
        sa.UniqueConstraint("dispensing_id", name=op.f("uq_second_checks_dispensing_id")),
        sa.UniqueConstraint("signature_id", name=op.f("uq_second_checks_signature_id")),
    )
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql(TABLE)
    else:
        _guard_sqlite(TABLE, ["id", "dispensing_id", "signature_id"])


def downgrade() -> None:
    op.drop_table(TABLE)  # its guards go with it
    op.drop_index("uq_dispensings_id_signature_id", table_name="dispensings")


def _identity() -> sa.Column[int]:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("id", number, autoincrement=True, nullable=False)


def _reference(
    columns: list[str], targets: list[str], ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{TABLE}_{'_'.join(columns)}")
    return sa.ForeignKeyConstraint(columns, targets, name=name, ondelete=ondelete)


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
