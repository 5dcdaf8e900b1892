"""A reading of a delay tank that does not count, and the closings after one that was voided.

Revision ID: 0060
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0036"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
KEYS = {
    "tank_reclosings": [["id"], ["filling_id", "number"]],
    "tank_level_voids": [["id"], ["level_id"], ["closing_id"], ["reclosing_id"]],
}
OF = {"level_id": "tank_levels", "closing_id": "tank_closings", "reclosing_id": "tank_reclosings"}


def upgrade() -> None:
    _reclosings("tank_reclosings")
    _voids("tank_level_voids")
    guard = _guard_postgresql if op.get_bind().dialect.name == "postgresql" else _guard_sqlite
    for table in KEYS:
        guard(table)


def downgrade() -> None:
    op.drop_table("tank_level_voids")
    op.drop_table("tank_reclosings")


def _reclosings(table: str) -> None:
    whole = "typeof(volume_l) IN ('integer', 'null')"
    op.create_table(
        table,
        _identity(),
        _reference("filling_id"),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("volume_l", sa.BigInteger(), nullable=False),
        sa.Column("instrument", sa.String(length=200), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        _reference("actor_id"),
        _check(table, "a_volume_is_not_negative", "volume_l >= 0"),
        _check(table, "a_reading_names_its_instrument", "instrument <> ''"),
        _check(table, "numbers_begin_at_two", "number >= 2"),
        _check(table, "numbers_are_whole", whole).ddl_if(dialect="sqlite"),
        _to(table, "filling_id", "tank_fillings"),
        _to(table, "actor_id", "users"),
        *_keys(table),
    )
    op.create_index(op.f(f"ix_{table}_filling_id"), table, ["filling_id"])


def _voids(table: str) -> None:
    one = " + ".join(f"(CASE WHEN {name} IS NULL THEN 0 ELSE 1 END)" for name in OF)
    op.create_table(
        table,
        _identity(),
        *(_reference(name, null=True) for name in OF),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        _reference("actor_id"),
        _check(table, "a_void_has_a_reason", "reason <> ''"),
        _check(table, "a_void_is_of_one_reading", f"{one} = 1"),
        *(_to(table, name, other) for name, other in OF.items()),
        _to(table, "actor_id", "users"),
        *_keys(table),
    )


def _identity() -> sa.Column[int]:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("id", number, autoincrement=True, nullable=False)


def _reference(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def _check(table: str, sentence: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{sentence}"))


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="RESTRICT")


def _keys(table: str) -> list[sa.Constraint]:
    unique = (
        sa.UniqueConstraint(*key, name=op.f(f"uq_{table}_{'_'.join(key)}"))
        for key in KEYS[table][1:]
    )
    return [sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")), *unique]


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


def _guard_sqlite(table: str) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    for act in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} {refuse}")
    taken = " OR ".join(
        "(" + " AND ".join(f"old.{name} = NEW.{name}" for name in key) + ")" for key in KEYS[table]
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS "
        f"(SELECT 1 FROM {table} AS old WHERE {taken}) {refuse}"
    )
