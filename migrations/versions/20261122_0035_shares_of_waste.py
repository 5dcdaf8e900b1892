"""A dose, a residue or what left a vial lies in several containers, by shares of a million.

Revision ID: 0035
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0037"
branch_labels = None
depends_on = None

SOURCES = "'vial', 'dose', 'residue', 'other', 'surface'"
PART_OF = "uq_waste_items_id_upto_millionths"
KEYS = ["id"], ["item_id"], ["first_id", "after_millionths"], ["first_id", "upto_millionths"]


def upgrade() -> None:
    _say(SOURCES, f"{SOURCES}, 'part'")
    op.execute(
        "ALTER TABLE waste_items ADD COLUMN upto_millionths INTEGER "
        "CONSTRAINT ck_waste_items_a_part_ends_within_the_whole "
        "CHECK (upto_millionths BETWEEN 1 AND 1000000)"
    )
    op.create_index(PART_OF, "waste_items", ["id", "upto_millionths"], unique=True)
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "waste_shares",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("after_millionths", sa.Integer(), nullable=True),
        sa.Column("upto_millionths", sa.Integer(), nullable=False),
        _check("the_first_begins_at_nothing", "(item_id = first_id) = (after_millionths IS NULL)"),
        _check("a_share_is_more_than_nothing", "upto_millionths > COALESCE(after_millionths, 0)"),
        _check(
            "numbers_are_whole",
            " AND ".join(
                f"typeof({name}) IN ('integer', 'null')"
                for name in ("after_millionths", "upto_millionths")
            ),
        ).ddl_if(dialect="sqlite"),
        _references(["item_id"], "waste_items", ["id"], ondelete="RESTRICT"),
        _references(["first_id"], "waste_items", ["id"], ondelete="RESTRICT"),
        _references(
            ["first_id", "after_millionths"], "waste_shares", ["first_id", "upto_millionths"]
        ),
        _references(["item_id", "upto_millionths"], "waste_items", ["id", "upto_millionths"]),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waste_shares")),
        *(
            sa.UniqueConstraint(*key, name=op.f(f"uq_waste_shares_{'_'.join(key)}"))
            for key in KEYS[1:]
        ),
    )
    guard = _guard_postgresql if op.get_bind().dialect.name == "postgresql" else _guard_sqlite
    guard()


def downgrade() -> None:
    op.drop_table("waste_shares")
    op.drop_index(PART_OF, table_name="waste_items")
    op.drop_column("waste_items", "upto_millionths")
    _say(f"{SOURCES}, 'part'", SOURCES)


def _check(sentence: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_waste_shares_{sentence}"))


def _references(
    columns: list[str], table: str, others: list[str], ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_waste_shares_{'_'.join(columns)}")
    targets = [f"{table}.{other}" for other in others]
    return sa.ForeignKeyConstraint(columns, targets, name=name, ondelete=ondelete)


def _say(before: str, after: str) -> None:
    """Let the source of an item say other words.

    SQLite cannot change a CHECK; what it documents for one that touches no row on the disk is to
    write the schema's own text, which leaves facts, guards and keys where they are.
    """
    db = op.get_bind()
    if db.dialect.name == "postgresql":
        name = "ck_waste_items_source_is_known"
        op.drop_constraint(op.f(name), "waste_items", type_="check")
        op.create_check_constraint(op.f(name), "waste_items", f"source IN ({after})")
        return
    version = db.execute(sa.text("PRAGMA schema_version")).scalar_one()
    db.execute(sa.text("PRAGMA writable_schema = ON"))
    db.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :before, :after) "
            "WHERE type = 'table' AND name = 'waste_items'"
        ),
        {"before": f"source IN ({before})", "after": f"source IN ({after})"},
    )
    db.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))
    db.execute(sa.text("PRAGMA writable_schema = OFF"))


def _guard_postgresql() -> None:
    for trigger, event, each in (
        ("no_change", "UPDATE OR DELETE", "ROW"),
        ("no_truncate", "TRUNCATE", "STATEMENT"),
    ):
        op.execute(
            f"CREATE TRIGGER waste_shares_{trigger} BEFORE {event} ON waste_shares "
            f"FOR EACH {each} EXECUTE FUNCTION refuse_change()"
        )
        op.execute(f"ALTER TABLE waste_shares ENABLE ALWAYS TRIGGER waste_shares_{trigger}")


def _guard_sqlite() -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'waste_shares is append-only'); END"
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER waste_shares_no_{act.lower()} BEFORE {act} ON waste_shares {refuse}"
        )
    taken = " OR ".join(
        "(" + " AND ".join(f"old.{name} = NEW.{name}" for name in key) + ")" for key in KEYS
    )
    op.execute(
        "CREATE TRIGGER waste_shares_no_replace BEFORE INSERT ON waste_shares "
        f"WHEN EXISTS (SELECT 1 FROM waste_shares AS old WHERE {taken}) {refuse}"
    )
