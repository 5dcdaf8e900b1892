"""Area surveys: rooms, how each is surveyed, what was read there, and what does not count.

Revision ID: 0030
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0023"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
KEYS = {
    "rooms": ["id", "site_id, name"],
    "survey_plans": ["id"],
    "survey_points": ["id", "plan_id, name"],
    "surveys": ["id"],
    "survey_readings": ["id", "survey_id, point_id"],
    "survey_voids": ["id", "survey_id"],
}


def upgrade() -> None:
    _create_rooms()
    _create_plans()
    _create_surveys()
    _create_voids()
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table, keys in KEYS.items():
        _guard_postgresql(table) if is_postgresql else _guard_sqlite(table, keys)


def downgrade() -> None:
    op.execute("DELETE FROM flags WHERE subject = 'room'")
    for table in reversed(KEYS):
        op.drop_table(table)


def _create_rooms() -> None:
    op.create_table(
        "rooms",
        _identity(),
        _number("site_id"),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        _number("actor_id"),
        _references("rooms", "site_id", "sites"),
        _references("rooms", "actor_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rooms")),
        sa.UniqueConstraint("site_id", "name", name=op.f("uq_rooms_site_id_name")),
    )


def _create_plans() -> None:
    op.create_table(
        "survey_plans",
        _identity(),
        _number("room_id"),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("interval_days", sa.Integer(), nullable=True),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("operator", sa.String(length=2), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("less_background", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        _number("actor_id"),
        _check("survey_plans", "kind_is_known", "kind IN ('dose_rate', 'wipe')"),
        _check("survey_plans", "operator_is_known", "operator IN ('>', '>=')"),
        _check(
            "survey_plans",
            "interval_is_positive",
            "interval_days IS NULL OR interval_days BETWEEN 1 AND 3660",
        ),
        _check("survey_plans", "a_level_has_a_source", "source <> ''"),
        _check("survey_plans", "it_is_said_why", "reason <> ''"),
        _references("survey_plans", "room_id", "rooms"),
        _references("survey_plans", "actor_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_plans")),
    )
    op.create_index(op.f("ix_survey_plans_room_id"), "survey_plans", ["room_id"])
    op.create_table(
        "survey_points",
        _identity(),
        _number("plan_id"),
        sa.Column("name", sa.String(length=200), nullable=False),
        _references("survey_points", "plan_id", "survey_plans"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_points")),
        sa.UniqueConstraint("plan_id", "name", name=op.f("uq_survey_points_plan_id_name")),
    )


def _create_surveys() -> None:
    op.create_table(
        "surveys",
        _identity(),
        _number("plan_id"),
        _number("instrument_id"),
        sa.Column("background", sa.String(length=40), nullable=False),
        sa.Column("is_over", sa.Boolean(), nullable=False),
        sa.Column("decontamination", sa.String(length=1000), nullable=False),
        sa.Column("surveyed_at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        _number("actor_id"),
        _references("surveys", "plan_id", "survey_plans"),
        _references("surveys", "instrument_id", "instruments"),
        _references("surveys", "actor_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys")),
    )
    op.create_index(op.f("ix_surveys_plan_id"), "surveys", ["plan_id"])
    op.create_table(
        "survey_readings",
        _identity(),
        _number("survey_id"),
        _number("point_id"),
        sa.Column("reading", sa.String(length=40), nullable=False),
        sa.Column("is_over", sa.Boolean(), nullable=False),
        _references("survey_readings", "survey_id", "surveys"),
        _references("survey_readings", "point_id", "survey_points"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_readings")),
        sa.UniqueConstraint(
            "survey_id", "point_id", name=op.f("uq_survey_readings_survey_id_point_id")
        ),
    )


def _create_voids() -> None:
    op.create_table(
        "survey_voids",
        _identity(),
        _number("survey_id"),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("voided_at", INSTANT, nullable=False),
        _number("actor_id"),
        _check("survey_voids", "a_void_has_a_reason", "reason <> ''"),
        _references("survey_voids", "survey_id", "surveys"),
        _references("survey_voids", "actor_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_voids")),
        sa.UniqueConstraint("survey_id", name=op.f("uq_survey_voids_survey_id")),
    )


def _identity() -> sa.Column[int]:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("id", number, autoincrement=True, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _check(table: str, sentence: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{sentence}"))


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
