"""Waste, its rules and its release.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "waste_containers",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("nuclide", sa.String(length=16), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('bag', 'sharps', 'article')", name=op.f("ck_waste_containers_kind_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["users.id"],
            name=op.f("fk_waste_containers_actor_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_waste_containers_site_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waste_containers")),
    )
    op.create_table(
        "waste_events",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("container_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("mass_g", sa.Integer(), nullable=True),
        sa.Column("recipient", sa.String(length=200), nullable=True),
        sa.Column("licence", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "kind <> 'returned_to_supplier' OR recipient <> ''",
            name=op.f("ck_waste_events_a_return_names_the_supplier"),
        ),
        sa.CheckConstraint(
            "kind <> 'transferred' OR (recipient <> '' AND licence <> '')",
            name=op.f("ck_waste_events_a_transfer_names_a_licensed_recipient"),
        ),
        sa.CheckConstraint(
            "kind IN ('sealed', 'moved', 'transferred', 'returned_to_supplier')",
            name=op.f("ck_waste_events_kind_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_waste_events_actor_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["container_id"],
            ["waste_containers.id"],
            name=op.f("fk_waste_events_container_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waste_events")),
    )
    op.create_index(
        op.f("ix_waste_events_container_id"), "waste_events", ["container_id"], unique=False
    )
    op.create_index(
        "uq_waste_events_once",
        "waste_events",
        ["container_id", "kind"],
        unique=True,
        sqlite_where=sa.text("kind != 'moved'"),
        postgresql_where=sa.text("kind != 'moved'"),
    )
    op.create_table(
        "waste_items",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("container_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("vial_id", sa.BigInteger(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("dispensing_id", sa.BigInteger(), nullable=True),
        sa.Column("residue_id", sa.BigInteger(), nullable=True),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("put_in_at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(source = 'vial') = (vial_id IS NOT NULL AND sequence IS NOT NULL) AND (source = 'dose') = (dispensing_id IS NOT NULL) AND (source = 'residue') = (residue_id IS NOT NULL)",
            name=op.f("ck_waste_items_an_item_names_its_source"),
        ),
        sa.CheckConstraint(
            "source IN ('vial', 'dose', 'residue', 'other')",
            name=op.f("ck_waste_items_source_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_waste_items_actor_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["container_id"],
            ["waste_containers.id"],
            name=op.f("fk_waste_items_container_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dispensing_id"],
            ["dispensings.id"],
            name=op.f("fk_waste_items_dispensing_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["residue_id"],
            ["residues.id"],
            name=op.f("fk_waste_items_residue_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["vial_id", "sequence"],
            ["ledger_entries.vial_id", "ledger_entries.sequence"],
            name=op.f("fk_waste_items_vial_id_sequence"),
        ),
        sa.ForeignKeyConstraint(
            ["vial_id"], ["vials.id"], name=op.f("fk_waste_items_vial_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waste_items")),
        sa.UniqueConstraint("dispensing_id", name=op.f("uq_waste_items_dispensing_id")),
        sa.UniqueConstraint("residue_id", name=op.f("uq_waste_items_residue_id")),
        sa.UniqueConstraint("vial_id", "sequence", name=op.f("uq_waste_items_vial_id_sequence")),
    )
    op.create_index(
        op.f("ix_waste_items_container_id"), "waste_items", ["container_id"], unique=False
    )
    op.create_table(
        "waste_item_contents",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("nuclide", sa.String(length=16), nullable=False),
        sa.Column("activity_bq", sa.BigInteger(), nullable=False),
        sa.Column("half_life_s", sa.Double(), nullable=False),
        sa.Column("half_life_text", sa.String(length=64), nullable=False),
        sa.Column("half_life_source", sa.String(length=200), nullable=False),
        sa.Column("data_set", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "typeof(activity_bq) IN ('integer', 'null')",
            name=op.f("ck_waste_item_contents_numbers_are_whole"),
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "activity_bq BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_waste_item_contents_activity_is_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["waste_items.id"],
            name=op.f("fk_waste_item_contents_item_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waste_item_contents")),
        sa.UniqueConstraint(
            "item_id", "nuclide", name=op.f("uq_waste_item_contents_item_id_nuclide")
        ),
    )
    op.create_table(
        "waste_measurements",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("container_id", sa.BigInteger(), nullable=False),
        sa.Column("background", sa.String(length=40), nullable=False),
        sa.Column("reading", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column(
            "unshielded",
            sa.Boolean(create_constraint=True, name="unshielded_is_boolean"),
            nullable=False,
        ),
        sa.Column(
            "most_sensitive_scale",
            sa.Boolean(create_constraint=True, name="most_sensitive_scale_is_boolean"),
            nullable=False,
        ),
        sa.Column("instrument_id", sa.BigInteger(), nullable=False),
        sa.Column("measured_at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["users.id"],
            name=op.f("fk_waste_measurements_actor_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["container_id"],
            ["waste_containers.id"],
            name=op.f("fk_waste_measurements_container_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instruments.id"],
            name=op.f("fk_waste_measurements_instrument_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waste_measurements")),
    )
    op.create_index(
        op.f("ix_waste_measurements_container_id"),
        "waste_measurements",
        ["container_id"],
        unique=False,
    )
    op.create_table(
        "waste_releases",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("container_id", sa.BigInteger(), nullable=False),
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("pack_edition", sa.String(length=64), nullable=False),
        sa.Column("legs", sa.Text(), nullable=False),
        sa.Column("destination", sa.String(length=200), nullable=False),
        sa.Column("measurement_id", sa.BigInteger(), nullable=True),
        sa.Column("signature_id", sa.BigInteger(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_waste_releases_actor_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["container_id"],
            ["waste_containers.id"],
            name=op.f("fk_waste_releases_container_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["measurement_id"],
            ["waste_measurements.id"],
            name=op.f("fk_waste_releases_measurement_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"],
            ["signatures.id"],
            name=op.f("fk_waste_releases_signature_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waste_releases")),
        sa.UniqueConstraint("container_id", name=op.f("uq_waste_releases_container_id")),
        sa.UniqueConstraint("signature_id", name=op.f("uq_waste_releases_signature_id")),
    )
    op.create_table(
        "rule_pack_choices",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("from_at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("signature_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["users.id"],
            name=op.f("fk_rule_pack_choices_actor_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"],
            ["signatures.id"],
            name=op.f("fk_rule_pack_choices_signature_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["sites.id"],
            name=op.f("fk_rule_pack_choices_site_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_pack_choices")),
        sa.UniqueConstraint("signature_id", name=op.f("uq_rule_pack_choices_signature_id")),
    )
    op.create_table(
        "licence_conditions",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("nuclides", sa.String(length=200), nullable=False),
        sa.Column("wording", sa.String(length=1000), nullable=False),
        sa.Column("hold", sa.String(length=40), nullable=False),
        sa.Column("hold_unit", sa.String(length=16), nullable=False),
        sa.Column("from_at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "number <> '' AND nuclides <> '' AND wording <> ''",
            name=op.f("ck_licence_conditions_a_condition_is_complete"),
        ),
        sa.CheckConstraint(
            "hold_unit IN ('half-lives', 'd')",
            name=op.f("ck_licence_conditions_hold_unit_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["users.id"],
            name=op.f("fk_licence_conditions_actor_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["sites.id"],
            name=op.f("fk_licence_conditions_site_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_conditions")),
    )
    op.create_table(
        "limits",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("nuclide", sa.String(length=16), nullable=False),
        sa.Column("limit_bq", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("from_at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("limit_bq > 0", name=op.f("ck_limits_a_limit_is_positive")),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_limits_actor_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_limits_site_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limits")),
    )


def downgrade() -> None:
    op.drop_table("limits")
    op.drop_table("licence_conditions")
    op.drop_table("rule_pack_choices")
    op.drop_table("waste_releases")
    op.drop_table("waste_measurements")
    op.drop_table("waste_item_contents")
    op.drop_table("waste_items")
    op.drop_table("waste_events")
    op.drop_table("waste_containers")
