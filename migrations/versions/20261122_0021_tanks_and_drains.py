"""Delay tanks, the drain's account, and the figures a site enters to judge it.

Revision ID: 0021
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0024"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
KEYS: dict[str, list[str | list[str]]] = {
    "discharge_figures": ["id"],
    "tanks": ["id", ["site_id", "number"]],
    "tank_fillings": ["id"],
    "tank_levels": ["id"],
    "tank_closings": ["id", ["filling_id"]],
    "tank_stays": ["id", ["filling_id", "dispensing_id"]],
    "tank_samples": ["id"],
    "discharges": ["id", ["filling_id"], ["vial_id", "sequence"], ["signature_id"]],
    "discharge_contents": ["id", ["discharge_id", "nuclide"]],
}
"""Every unique key of each table: on SQLite none of them is replaced."""


def upgrade() -> None:
    op.create_table(
        "discharge_figures",
        _identity(),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("from_at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "value <> '' AND source <> ''",
            name=op.f("ck_discharge_figures_a_figure_has_its_source"),
        ),
        sa.CheckConstraint(
            "(kind = 'sewage') = (subject = '')",
            name=op.f("ck_discharge_figures_the_sewage_is_the_whole_sites"),
        ),
        sa.CheckConstraint(
            "kind IN ('sewage', 'excretion')", name=op.f("ck_discharge_figures_kind_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["users.id"],
            name=op.f("fk_discharge_figures_actor_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["sites.id"],
            name=op.f("fk_discharge_figures_site_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discharge_figures")),
    )
    op.create_table(
        "tanks",
        _identity(),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("capacity_l", sa.BigInteger(), nullable=False),
        sa.Column("rooms", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "typeof(capacity_l) IN ('integer', 'null')", name=op.f("ck_tanks_numbers_are_whole")
        ).ddl_if(dialect="sqlite"),
        sa.UniqueConstraint("site_id", "number", name=op.f("uq_tanks_site_id_number")),
        sa.CheckConstraint(
            "capacity_l > 0 AND number <> ''", name=op.f("ck_tanks_a_tank_holds_something")
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_tanks_actor_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_tanks_site_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tanks")),
    )
    op.create_table(
        "tank_fillings",
        _identity(),
        sa.Column("tank_id", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tank_id"], ["tanks.id"], name=op.f("fk_tank_fillings_tank_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_tank_fillings_actor_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tank_fillings")),
    )
    op.create_index(op.f("ix_tank_fillings_tank_id"), "tank_fillings", ["tank_id"])
    op.create_table(
        "tank_levels",
        _identity(),
        sa.Column("filling_id", sa.BigInteger(), nullable=False),
        sa.Column("volume_l", sa.BigInteger(), nullable=False),
        sa.Column("instrument", sa.String(length=200), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_tank_levels_actor_id"), ondelete="RESTRICT"
        ),
        sa.CheckConstraint(
            "typeof(volume_l) IN ('integer', 'null')", name=op.f("ck_tank_levels_numbers_are_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "instrument <> ''", name=op.f("ck_tank_levels_a_reading_names_its_instrument")
        ),
        sa.CheckConstraint("volume_l >= 0", name=op.f("ck_tank_levels_a_volume_is_not_negative")),
        sa.ForeignKeyConstraint(
            ["filling_id"],
            ["tank_fillings.id"],
            name=op.f("fk_tank_levels_filling_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tank_levels")),
    )
    op.create_index(op.f("ix_tank_levels_filling_id"), "tank_levels", ["filling_id"])
    op.create_table(
        "tank_closings",
        _identity(),
        sa.Column("filling_id", sa.BigInteger(), nullable=False),
        sa.Column("volume_l", sa.BigInteger(), nullable=False),
        sa.Column("instrument", sa.String(length=200), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_tank_closings_actor_id"), ondelete="RESTRICT"
        ),
        sa.CheckConstraint("volume_l >= 0", name=op.f("ck_tank_closings_a_volume_is_not_negative")),
        sa.CheckConstraint(
            "typeof(volume_l) IN ('integer', 'null')",
            name=op.f("ck_tank_closings_numbers_are_whole"),
        ).ddl_if(dialect="sqlite"),
        sa.UniqueConstraint("filling_id", name=op.f("uq_tank_closings_filling_id")),
        sa.ForeignKeyConstraint(
            ["filling_id"],
            ["tank_fillings.id"],
            name=op.f("fk_tank_closings_filling_id"),
            ondelete="RESTRICT",
        ),
        sa.CheckConstraint(
            "instrument <> ''", name=op.f("ck_tank_closings_a_reading_names_its_instrument")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tank_closings")),
    )
    op.create_table(
        "tank_stays",
        _identity(),
        sa.Column("filling_id", sa.BigInteger(), nullable=False),
        sa.Column("dispensing_id", sa.BigInteger(), nullable=False),
        sa.Column("room", sa.String(length=64), nullable=False),
        sa.Column("from_at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["filling_id"],
            ["tank_fillings.id"],
            name=op.f("fk_tank_stays_filling_id"),
            ondelete="RESTRICT",
        ),
        sa.CheckConstraint("room <> ''", name=op.f("ck_tank_stays_a_stay_names_its_room")),
        sa.UniqueConstraint(
            "filling_id", "dispensing_id", name=op.f("uq_tank_stays_filling_id_dispensing_id")
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_tank_stays_actor_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["dispensing_id"],
            ["dispensings.id"],
            name=op.f("fk_tank_stays_dispensing_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tank_stays")),
    )
    op.create_table(
        "tank_samples",
        _identity(),
        sa.Column("filling_id", sa.BigInteger(), nullable=False),
        sa.Column("nuclide", sa.String(length=16), nullable=False),
        sa.Column("bq_per_l", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.String(length=64), nullable=False),
        sa.Column("instrument", sa.String(length=200), nullable=False),
        sa.Column("sampled_at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "instrument <> ''", name=op.f("ck_tank_samples_a_reading_names_its_instrument")
        ),
        sa.CheckConstraint(
            "typeof(bq_per_l) IN ('integer', 'null')",
            name=op.f("ck_tank_samples_numbers_are_whole"),
        ).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(
            ["filling_id"],
            ["tank_fillings.id"],
            name=op.f("fk_tank_samples_filling_id"),
            ondelete="RESTRICT",
        ),
        sa.CheckConstraint(
            "bq_per_l >= 0", name=op.f("ck_tank_samples_a_concentration_is_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_tank_samples_actor_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tank_samples")),
    )
    op.create_index(op.f("ix_tank_samples_filling_id"), "tank_samples", ["filling_id"])
    op.create_table(
        "discharges",
        _identity(),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("filling_id", sa.BigInteger(), nullable=True),
        sa.Column("vial_id", sa.BigInteger(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("route", sa.String(length=200), nullable=False),
        sa.Column("permission", sa.String(length=200), nullable=False),
        sa.Column("volume_ml", sa.BigInteger(), nullable=True),
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("pack_edition", sa.String(length=64), nullable=False),
        sa.Column("legs", sa.Text(), nullable=False),
        sa.Column("signature_id", sa.BigInteger(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["vial_id", "sequence"],
            ["ledger_entries.vial_id", "ledger_entries.sequence"],
            name=op.f("fk_discharges_vial_id_sequence"),
        ),
        sa.CheckConstraint(
            "route <> '' AND permission <> ''",
            name=op.f("ck_discharges_a_discharge_says_how_and_by_what_right"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_discharges_actor_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"],
            ["signatures.id"],
            name=op.f("fk_discharges_signature_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["vial_id"], ["vials.id"], name=op.f("fk_discharges_vial_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_discharges_site_id"), ondelete="RESTRICT"
        ),
        sa.UniqueConstraint("filling_id", name=op.f("uq_discharges_filling_id")),
        sa.CheckConstraint(
            "(vial_id IS NULL) = (sequence IS NULL)", name=op.f("ck_discharges_an_entry_is_whole")
        ),
        sa.CheckConstraint(
            "filling_id IS NULL OR vial_id IS NULL",
            name=op.f("ck_discharges_it_came_from_one_place"),
        ),
        sa.ForeignKeyConstraint(
            ["filling_id"],
            ["tank_fillings.id"],
            name=op.f("fk_discharges_filling_id"),
            ondelete="RESTRICT",
        ),
        sa.UniqueConstraint("vial_id", "sequence", name=op.f("uq_discharges_vial_id_sequence")),
        sa.CheckConstraint(
            "typeof(volume_ml) IN ('integer', 'null')", name=op.f("ck_discharges_numbers_are_whole")
        ).ddl_if(dialect="sqlite"),
        sa.UniqueConstraint("signature_id", name=op.f("uq_discharges_signature_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discharges")),
    )
    op.create_index(op.f("ix_discharges_site_id"), "discharges", ["site_id"])
    op.create_table(
        "discharge_contents",
        _identity(),
        sa.Column("discharge_id", sa.BigInteger(), nullable=False),
        sa.Column("nuclide", sa.String(length=16), nullable=False),
        sa.Column("activity_bq", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint(
            "discharge_id", "nuclide", name=op.f("uq_discharge_contents_discharge_id_nuclide")
        ),
        sa.CheckConstraint(
            "activity_bq >= 0", name=op.f("ck_discharge_contents_activity_is_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["discharge_id"],
            ["discharges.id"],
            name=op.f("fk_discharge_contents_discharge_id"),
            ondelete="RESTRICT",
        ),
        sa.CheckConstraint(
            "typeof(activity_bq) IN ('integer', 'null')",
            name=op.f("ck_discharge_contents_numbers_are_whole"),
        ).ddl_if(dialect="sqlite"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discharge_contents")),
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


def _guard_sqlite(table: str, keys: list[str | list[str]]) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    for act in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} {refuse}")
    taken = " OR ".join(f"EXISTS (SELECT 1 FROM {table} AS old WHERE {_same(key)})" for key in keys)
    op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} {refuse}")


def _same(key: str | list[str]) -> str:
    columns = [key] if isinstance(key, str) else key
    return " AND ".join(f"old.{column} = NEW.{column}" for column in columns)
