"""Doses, what was given, what came back.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "dispensings",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("directive_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("nuclide", sa.String(length=16), nullable=False),
        sa.Column("prescribed_bq", sa.BigInteger(), nullable=False),
        sa.Column("administer_at", INSTANT, nullable=False),
        sa.Column("calculated_bq", sa.BigInteger(), nullable=False),
        sa.Column("measured_bq", sa.BigInteger(), nullable=False),
        sa.Column("measured_text", sa.String(length=64), nullable=False),
        sa.Column("measured_at", INSTANT, nullable=False),
        sa.Column("instrument_id", sa.BigInteger(), nullable=False),
        sa.Column("measured_then_bq", sa.Double(), nullable=False),
        sa.Column("volume_ul", sa.BigInteger(), nullable=False),
        sa.Column("drawn_at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("second_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column(
            "late", sa.Boolean(create_constraint=True, name="late_is_boolean"), nullable=False
        ),
        sa.Column("replaces_id", sa.BigInteger(), nullable=True),
        sa.Column("signature_id", sa.BigInteger(), nullable=False),
        sa.Column("working", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "NOT late OR (reason <> '' AND second_id IS NOT NULL)",
            name=op.f("ck_dispensings_a_late_entry_has_a_reason"),
        ),
        sa.CheckConstraint(
            "typeof(prescribed_bq) IN ('integer', 'null') AND typeof(calculated_bq) IN ('integer', 'null') AND typeof(measured_bq) IN ('integer', 'null') AND typeof(volume_ul) IN ('integer', 'null')",
            name=op.f("ck_dispensings_numbers_are_whole"),
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "measured_bq BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_dispensings_a_reading_is_not_negative"),
        ),
        sa.CheckConstraint(
            "prescribed_bq > 0 AND calculated_bq >= 0 AND volume_ul > 0",
            name=op.f("ck_dispensings_amounts_are_positive"),
        ),
        sa.CheckConstraint(
            "replaces_id IS NULL OR replaces_id < id",
            name=op.f("ck_dispensings_a_dose_replaces_an_earlier_one"),
        ),
        sa.CheckConstraint(
            "second_id IS NULL OR second_id <> actor_id",
            name=op.f("ck_dispensings_two_people_are_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_dispensings_actor_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["directive_id", "version"],
            ["directive_versions.directive_id", "directive_versions.version"],
            name=op.f("fk_dispensings_directive_id_version"),
        ),
        sa.ForeignKeyConstraint(
            ["directive_id"],
            ["directives.id"],
            name=op.f("fk_dispensings_directive_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instruments.id"],
            name=op.f("fk_dispensings_instrument_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"],
            ["dispensings.id"],
            name=op.f("fk_dispensings_replaces_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["users.id"], name=op.f("fk_dispensings_second_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"],
            ["signatures.id"],
            name=op.f("fk_dispensings_signature_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_dispensings_site_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispensings")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_dispensings_replaces_id")),
        sa.UniqueConstraint("signature_id", name=op.f("uq_dispensings_signature_id")),
    )
    op.create_index(
        op.f("ix_dispensings_administer_at"), "dispensings", ["administer_at"], unique=False
    )
    op.create_index(
        "uq_dispensings_one_first_dose",
        "dispensings",
        ["directive_id"],
        unique=True,
        sqlite_where=sa.text("replaces_id IS NULL"),
        postgresql_where=sa.text("replaces_id IS NULL"),
    )
    op.create_table(
        "draws",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("dispensing_id", sa.BigInteger(), nullable=False),
        sa.Column("vial_id", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dispensing_id"],
            ["dispensings.id"],
            name=op.f("fk_draws_dispensing_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["vial_id", "sequence"],
            ["ledger_entries.vial_id", "ledger_entries.sequence"],
            name=op.f("fk_draws_vial_id_sequence"),
        ),
        sa.ForeignKeyConstraint(
            ["vial_id"], ["vials.id"], name=op.f("fk_draws_vial_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draws")),
        sa.UniqueConstraint("vial_id", "sequence", name=op.f("uq_draws_vial_id_sequence")),
    )
    op.create_index(op.f("ix_draws_dispensing_id"), "draws", ["dispensing_id"], unique=False)
    op.create_table(
        "dispensing_voids",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("dispensing_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "was_drawn",
            sa.Boolean(create_constraint=True, name="was_drawn_is_boolean"),
            nullable=False,
        ),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_dispensing_voids_a_void_has_a_reason")),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["users.id"],
            name=op.f("fk_dispensing_voids_actor_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dispensing_id"],
            ["dispensings.id"],
            name=op.f("fk_dispensing_voids_dispensing_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispensing_voids")),
        sa.UniqueConstraint("dispensing_id", name=op.f("uq_dispensing_voids_dispensing_id")),
    )
    op.create_table(
        "dose_returns",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("dispensing_id", sa.BigInteger(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_dose_returns_a_return_has_a_reason")),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["users.id"],
            name=op.f("fk_dose_returns_actor_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dispensing_id"],
            ["dispensings.id"],
            name=op.f("fk_dose_returns_dispensing_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dose_returns")),
        sa.UniqueConstraint("dispensing_id", name=op.f("uq_dose_returns_dispensing_id")),
    )
    op.create_table(
        "administrations",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("dispensing_id", sa.BigInteger(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=False),
        sa.Column("route", sa.String(length=64), nullable=False),
        sa.Column("notes", sa.String(length=1000), nullable=False),
        sa.Column("dose_bq", sa.Double(), nullable=False),
        sa.Column("net_bq", sa.Double(), nullable=False),
        sa.Column("percent_of_prescribed", sa.String(length=40), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column(
            "late", sa.Boolean(create_constraint=True, name="late_is_boolean"), nullable=False
        ),
        sa.Column("working", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "ended_at >= started_at", name=op.f("ck_administrations_ends_after_it_starts")
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["users.id"],
            name=op.f("fk_administrations_actor_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dispensing_id"],
            ["dispensings.id"],
            name=op.f("fk_administrations_dispensing_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_administrations")),
        sa.UniqueConstraint("dispensing_id", name=op.f("uq_administrations_dispensing_id")),
    )
    op.create_table(
        "residues",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("administration_id", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("measured_bq", sa.BigInteger(), nullable=False),
        sa.Column("measured_text", sa.String(length=64), nullable=False),
        sa.Column("measured_at", INSTANT, nullable=False),
        sa.Column("instrument_id", sa.BigInteger(), nullable=True),
        sa.Column("at_start_bq", sa.Double(), nullable=False),
        sa.CheckConstraint(
            "typeof(measured_bq) IN ('integer', 'null')", name=op.f("ck_residues_numbers_are_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "measured_bq BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_residues_a_reading_is_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["administration_id"],
            ["administrations.id"],
            name=op.f("fk_residues_administration_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instruments.id"],
            name=op.f("fk_residues_instrument_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residues")),
    )
    op.create_index(
        op.f("ix_residues_administration_id"), "residues", ["administration_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("residues")
    op.drop_table("administrations")
    op.drop_table("dose_returns")
    op.drop_table("dispensing_voids")
    op.drop_table("draws")
    op.drop_table("dispensings")
