"""Checks of instruments: sources, plans, checks with their readings, voids and decisions.

Revision ID: 0039
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
KINDS = "'constancy', 'background', 'accuracy', 'linearity', 'geometry', 'contamination'"
KEYS = {
    "check_sources": ["id", "site_id, serial"],
    "check_source_removals": ["id", "source_id"],
    "check_plans": ["id"],
    "instrument_checks": ["id"],
    "check_points": ["id", "check_id, number", "reading_id"],
    "check_voids": ["id", "check_id"],
    "check_decisions": ["id", "check_id", "signature_id"],
}


def upgrade() -> None:
    _create_sources()
    _create_plans()
    _create_checks()
    _create_points()
    _create_afterwards("check_voids", "voided_at", "a_void_has_a_reason")
    _create_afterwards("check_decisions", "decided_at", "a_decision_has_a_reason", "signature_id")
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table, keys in KEYS.items():
        _guard_postgresql(table) if is_postgresql else _guard_sqlite(table, keys)


def downgrade() -> None:
    op.execute("DELETE FROM flags WHERE subject IN ('instrument', 'check')")
    for table in reversed(KEYS):  # the guards go with their tables
        op.drop_table(table)


def _create_sources() -> None:
    op.create_table(
        "check_sources",
        _identity(),
        _number("site_id"),
        _text("nuclide", 16),
        _text("serial", 64),
        _number("activity_bq"),
        _text("activity_text", 64),
        sa.Column("reference_at", INSTANT, nullable=False),
        _text("certificate"),
        _text("uncertainty"),
        sa.Column("recorded_at", INSTANT, nullable=False),
        _number("actor_id"),
        _check("check_sources", "a_source_is_active", "activity_bq BETWEEN 1 AND 1000000000000000"),
        _check("check_sources", "a_source_has_a_certificate", "certificate <> ''"),
        _whole("check_sources", "activity_bq"),
        _references("check_sources", "site_id", "sites"),
        _references("check_sources", "actor_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_sources")),
        sa.UniqueConstraint("site_id", "serial", name=op.f("uq_check_sources_site_id_serial")),
    )
    op.create_table(
        "check_source_removals",
        _identity(),
        _number("source_id"),
        _text("reason"),
        sa.Column("removed_at", INSTANT, nullable=False),
        _number("actor_id"),
        _check("check_source_removals", "a_removal_has_a_reason", "reason <> ''"),
        _references("check_source_removals", "source_id", "check_sources"),
        _references("check_source_removals", "actor_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_source_removals")),
        sa.UniqueConstraint("source_id", name=op.f("uq_check_source_removals_source_id")),
    )


def _create_plans() -> None:
    op.create_table(
        "check_plans",
        _identity(),
        _number("instrument_id"),
        _text("kind", 16),
        _text("tolerance", 40),
        _text("unit", 16),
        _text("operator", 2),
        sa.Column("interval_days", sa.Integer(), nullable=True),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        _text("source"),
        _text("reason"),
        sa.Column("recorded_at", INSTANT, nullable=False),
        _number("actor_id"),
        _check("check_plans", "kind_is_known", f"kind IN ({KINDS})"),
        _check("check_plans", "operator_is_known", "operator IN ('<', '<=')"),
        _check(
            "check_plans",
            "interval_is_positive",
            "interval_days IS NULL OR interval_days BETWEEN 1 AND 3660",
        ),
        _check(
            "check_plans",
            "what_is_required_falls_due",
            "interval_days IS NOT NULL OR NOT is_required",
        ),
        _check("check_plans", "a_tolerance_has_a_source", "source <> ''"),
        _check("check_plans", "it_is_said_why", "reason <> ''"),
        _references("check_plans", "instrument_id", "instruments"),
        _references("check_plans", "actor_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_plans")),
    )
    op.create_index(op.f("ix_check_plans_instrument_id"), "check_plans", ["instrument_id"])


def _create_checks() -> None:
    op.create_table(
        "instrument_checks",
        _identity(),
        _number("instrument_id"),
        _text("kind", 16),
        _number("source_id", null=True),
        _text("nuclide", 16, null=True),
        _number("plan_id", null=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        _text("note", 1000),
        sa.Column("checked_at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        _number("actor_id"),
        _check("instrument_checks", "kind_is_known", f"kind IN ({KINDS})"),
        _check(
            "instrument_checks",
            "without_a_plan_nothing_is_judged",
            "(plan_id IS NULL) = (passed IS NULL)",
        ),
        _references("instrument_checks", "instrument_id", "instruments"),
        _references("instrument_checks", "source_id", "check_sources"),
        _references("instrument_checks", "plan_id", "check_plans"),
        _references("instrument_checks", "actor_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument_checks")),
    )
    op.create_index(
        "ix_instrument_checks_instrument_id_checked_at",
        "instrument_checks",
        ["instrument_id", "checked_at"],
    )


def _create_points() -> None:
    op.create_table(
        "check_points",
        _identity(),
        _number("check_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("label"),
        _number("measured_bq"),
        _text("measured_text", 64),
        sa.Column("measured_at", INSTANT, nullable=False),
        _number("reading_id", null=True),
        sa.Column("expected_bq", sa.Double(), nullable=True),
        sa.Column("working", sa.Text(), nullable=True),
        _check(
            "check_points",
            "a_reading_is_not_negative",
            "measured_bq BETWEEN 0 AND 1000000000000000",
        ),
        _whole("check_points", "measured_bq"),
        _references("check_points", "check_id", "instrument_checks"),
        _references("check_points", "reading_id", "device_readings"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_points")),
        sa.UniqueConstraint("check_id", "number", name=op.f("uq_check_points_check_id_number")),
        sa.UniqueConstraint("reading_id", name=op.f("uq_check_points_reading_id")),
    )


def _create_afterwards(table: str, at: str, sentence: str, signature: str = "") -> None:
    """What is said of a check afterwards, once: that it is void, or that it is decided over."""
    signed = (_number(signature), _references(table, signature, "signatures")) if signature else ()
    once = [sa.UniqueConstraint("check_id", name=op.f(f"uq_{table}_check_id"))]
    if signature:
        once.append(sa.UniqueConstraint(signature, name=op.f(f"uq_{table}_{signature}")))
    op.create_table(
        table,
        _identity(),
        _number("check_id"),
        _text("reason"),
        sa.Column(at, INSTANT, nullable=False),
        *signed,
        _number("actor_id"),
        _check(table, sentence, "reason <> ''"),
        _references(table, "check_id", "instrument_checks"),
        _references(table, "actor_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *once,
    )


def _identity() -> sa.Column[int]:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("id", number, autoincrement=True, nullable=False)


def _number(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def _text(name: str, length: int = 200, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=null)


def _check(table: str, sentence: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{sentence}"))


def _whole(table: str, column: str) -> sa.CheckConstraint:
    """SQLite keeps whatever it is given: refuse what is no whole number."""
    rule = _check(table, "numbers_are_whole", f"typeof({column}) IN ('integer', 'null')")
    return rule.ddl_if(dialect="sqlite")


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
