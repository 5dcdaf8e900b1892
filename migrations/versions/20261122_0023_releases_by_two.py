"""Releases by two people, derogations, old registers, and figures that a site looked up itself.

Revision ID: 0023
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0019"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
BEFORE = (
    "technologist",
    "radiopharmacist",
    "physician",
    "physicist",
    "safety_officer",
    "auditor",
    "admin",
)
COLUMNS = {
    "waste_releases": {
        "route": "VARCHAR(200)",
        "consignment": "VARCHAR(200)",
        "biohazard": "VARCHAR(16) CONSTRAINT ck_waste_releases_biohazard_is_known "
        "CHECK (biohazard IN ('none', 'treated'))",
    },
    "waste_measurements": {"place": "VARCHAR(200)"},
    "rule_pack_choices": {
        "signers": "INTEGER CONSTRAINT ck_rule_pack_choices_one_or_two_sign "
        "CHECK (signers IN (1, 2))"
    },
    "limits": {
        "per": "VARCHAR(8) CONSTRAINT ck_limits_per_is_known CHECK (per = 'day')",
    },
}
KEYS = {
    "releasers": ["id", "release_id", "signature_id"],
    "derogations": ["id", "release_id", "signature_id"],
    "site_figures": ["id", "signature_id"],
    "historic_releases": ["id", "site_id, book, page, number"],
}


def upgrade() -> None:
    _roles((*BEFORE, "derogator"))
    for table, columns in COLUMNS.items():
        for name, kind in columns.items():
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")
    op.create_index(
        "uq_waste_releases_id_signature_id", "waste_releases", ["id", "signature_id"], unique=True
    )
    _create("releasers", *_beside_the_officer("releasers", "releaser_id"))
    _create(
        "derogations",
        *_beside_the_officer("derogations", "derogator_id"),
        _text("reason"),
        sa.Column("failed", sa.Text(), nullable=False),
        _check("derogations", "a_derogation_has_a_reason", "reason <> ''"),
    )
    _create("site_figures", *_site_figures())
    _create("historic_releases", *_historic_releases())
    for table, keys in KEYS.items():
        is_postgresql = op.get_bind().dialect.name == "postgresql"
        _guard_postgresql(table) if is_postgresql else _guard_sqlite(table, keys)


def downgrade() -> None:
    for table in reversed(KEYS):
        op.drop_table(table)
    op.drop_index("uq_waste_releases_id_signature_id", table_name="waste_releases")
    for table, columns in COLUMNS.items():
        for name in columns:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
    op.execute("DELETE FROM roles WHERE role = 'derogator'")  # nobody knows it before this
    _roles(BEFORE)


def _roles(names: tuple[str, ...]) -> None:
    with op.batch_alter_table("roles") as table:
        table.drop_constraint(op.f("ck_roles_role_is_known"), type_="check")
        table.create_check_constraint(op.f("ck_roles_role_is_known"), f"role IN {names!r}")


def _beside_the_officer(table: str, person: str) -> list[sa.schema.SchemaItem]:
    """Who signed a release beside the safety officer, and that it was somebody else."""
    names = ("release_id", "officer_signature_id", "officer_id", "signature_id", person)
    return [
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in names),
        _two(table, ["release_id", "officer_signature_id"], "waste_releases", "signature_id"),
        _two(table, ["officer_signature_id", "officer_id"], "signatures", "user_id"),
        _two(table, ["signature_id", person], "signatures", "user_id"),
        _check(table, "two_people_are_two_people", f"{person} <> officer_id"),
    ]


def _site_figures() -> list[sa.schema.SchemaItem]:
    complete = " AND ".join(f"{name} <> ''" for name in ("value", "unit", "clause", "source"))
    return [
        _text("pack", 64),
        _text("table_name", 64),
        _text("nuclide", 16),
        _text("value", 40),
        _text("unit", 16),
        _text("clause"),
        _text("source"),
        _text("reason"),
        *_instants("from_at", "recorded_at"),
        *_refers("site_figures", site_id="sites", actor_id="users", signature_id="signatures"),
        _check("site_figures", "a_figure_is_complete", complete),
    ]


def _historic_releases() -> list[sa.schema.SchemaItem]:
    optional = ("kind", "contents", "background", "reading", "instrument", "released_by")
    return [
        _text("book"),
        _text("page", 40),
        _text("number", 64),
        _text("reason"),
        *(sa.Column(name, sa.String(length=200), nullable=True) for name in optional),
        sa.Column("destination", sa.String(length=200), nullable=True),
        sa.Column("stored_on", sa.Date(), nullable=True),
        sa.Column("released_on", sa.Date(), nullable=True),
        *_instants("recorded_at"),
        *_refers("historic_releases", site_id="sites", actor_id="users"),
        _check(
            "historic_releases",
            "an_old_entry_says_where_it_stands",
            "book <> '' AND page <> '' AND number <> '' AND reason <> ''",
        ),
    ]


def _create(table: str, *parts: sa.schema.SchemaItem) -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    unique = [key.split(", ") for key in KEYS[table] if key != "id"]
    op.create_table(
        table,
        sa.Column("id", number, autoincrement=True, nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *(sa.UniqueConstraint(*key, name=op.f(f"uq_{table}_{'_'.join(key)}")) for key in unique),
    )


def _text(name: str, length: int = 200) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _instants(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, INSTANT, nullable=False) for name in names]


def _check(table: str, sentence: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{sentence}"))


def _two(table: str, columns: list[str], target: str, key: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{'_'.join(columns)}")
    return sa.ForeignKeyConstraint(columns, [f"{target}.id", f"{target}.{key}"], name=name)


def _refers(table: str, **targets: str) -> list[sa.schema.SchemaItem]:
    """A foreign key column for each name, to the `id` of its target."""
    columns = [sa.Column(name, sa.BigInteger(), nullable=False) for name in targets]
    keys = [
        sa.ForeignKeyConstraint(
            [name], [f"{target}.id"], name=op.f(f"fk_{table}_{name}"), ondelete="RESTRICT"
        )
        for name, target in targets.items()
    ]
    return [*columns, *keys]


def _guard_postgresql(table: str) -> None:
    for trigger, what in (
        ("no_change", "BEFORE UPDATE OR DELETE ON {0} FOR EACH ROW"),
        ("no_truncate", "BEFORE TRUNCATE ON {0} FOR EACH STATEMENT"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_{trigger} {what.format(table)} "
            "EXECUTE FUNCTION refuse_change()"
        )
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
