"""Containers are numbered, opened again with a reason, take wiped surfaces, and count articles.

Revision ID: 0024
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0031"
branch_labels = None
depends_on = None

ONCE = "uq_waste_events_once"
STEPS = "'sealed', 'moved', 'transferred', 'returned_to_supplier'"
SOURCES = "'vial', 'dose', 'residue', 'other'"
WORDS = {
    "waste_events": ("kind", STEPS, f"{STEPS}, 'reopened'"),
    "waste_items": ("source", SOURCES, f"{SOURCES}, 'surface'"),
}
NUMBERED = "uq_waste_containers_site_id_number"


def upgrade() -> None:
    for table, (column, before, after) in WORDS.items():
        _say(table, column, before, after)
    _once("kind IN ('transferred', 'returned_to_supplier')")
    op.execute(
        "ALTER TABLE waste_items ADD COLUMN articles INTEGER "
        "CONSTRAINT ck_waste_items_articles_are_counted_from_one CHECK (articles >= 1)"
    )
    op.add_column("waste_containers", sa.Column("number", sa.String(length=64), nullable=True))
    op.create_index(NUMBERED, "waste_containers", ["site_id", "number"], unique=True)
    _guard("waste_containers", ["id", "site_id, number"])


def downgrade() -> None:
    _guard("waste_containers", ["id"])
    op.drop_index(NUMBERED, table_name="waste_containers")
    op.drop_column("waste_containers", "number")
    op.drop_column("waste_items", "articles")
    _once("kind != 'moved'")
    for table, (column, before, after) in WORDS.items():
        _say(table, column, after, before)


def _say(table: str, column: str, before: str, after: str) -> None:
    """Let *column* say other words.

    SQLite cannot change a CHECK; what it documents for one that touches no row on the disk is to
    write the schema's own text, which leaves facts, guards and keys where they are.
    """
    name = f"ck_{table}_{column}_is_known"
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, f"{column} IN ({after})")
        return
    db = op.get_bind()
    version = db.execute(sa.text("PRAGMA schema_version")).scalar_one()
    db.execute(sa.text("PRAGMA writable_schema = ON"))
    db.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :before, :after) "
            "WHERE type = 'table' AND name = :table"
        ),
        {"before": f"{column} IN ({before})", "after": f"{column} IN ({after})", "table": table},
    )
    db.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))
    db.execute(sa.text("PRAGMA writable_schema = OFF"))


def _once(kinds: str) -> None:
    """Of these kinds a container has one event at most."""
    op.drop_index(ONCE, table_name="waste_events")
    op.create_index(
        ONCE,
        "waste_events",
        ["container_id", "kind"],
        unique=True,
        sqlite_where=sa.text(kinds),
        postgresql_where=sa.text(kinds),
    )
    old = kinds.replace("kind", "old.kind")
    new = kinds.replace("kind", "NEW.kind")
    once = (
        f"({new} AND EXISTS (SELECT 1 FROM waste_events AS old "
        f"WHERE old.container_id = NEW.container_id AND old.kind = NEW.kind AND {old}))"
    )
    _guard("waste_events", ["id"], once)


def _guard(table: str, keys: list[str], besides: str = "") -> None:
    """On SQLite, refuse what would replace a row; PostgreSQL replaces none."""
    if op.get_bind().dialect.name == "postgresql":
        return
    op.execute(f"DROP TRIGGER {table}_no_replace")
    taken = " OR ".join([*(_taken(table, key) for key in keys), *([besides] if besides else [])])
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _taken(table: str, key: str) -> str:
    """Whether a row with the new row's *key* is there already."""
    same = " AND ".join(f"old.{name} = NEW.{name}" for name in key.split(", "))
    return f"EXISTS (SELECT 1 FROM {table} AS old WHERE {same})"
