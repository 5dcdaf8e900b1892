"""Patients and their directives.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "patients",
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("hospital_number", sa.String(length=64), nullable=False),
        sa.Column("family_name", sa.String(length=200), nullable=False),
        sa.Column("given_name", sa.String(length=200), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_patients_site_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_patients")),
        sa.UniqueConstraint(
            "site_id", "hospital_number", name=op.f("uq_patients_site_id_hospital_number")
        ),
    )
    op.create_table(
        "directives",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("patient", sa.String(length=16), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_directives_actor_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["patient"], ["patients.reference"], name=op.f("fk_directives_patient")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_directives_site_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directives")),
    )
    op.create_table(
        "directive_versions",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("directive_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("product", sa.String(length=64), nullable=False),
        sa.Column("prescribed_bq", sa.BigInteger(), nullable=False),
        sa.Column("lowest_bq", sa.BigInteger(), nullable=True),
        sa.Column("highest_bq", sa.BigInteger(), nullable=True),
        sa.Column("prescribed_text", sa.String(length=64), nullable=False),
        sa.Column("planned_for", INSTANT, nullable=False),
        sa.Column("route", sa.String(length=64), nullable=False),
        sa.Column("indication", sa.String(length=200), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=True),
        sa.Column("notes", sa.String(length=1000), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("prescriber_id", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "typeof(prescribed_bq) IN ('integer', 'null') AND typeof(lowest_bq) IN ('integer', 'null') AND typeof(highest_bq) IN ('integer', 'null')",
            name=op.f("ck_directive_versions_numbers_are_whole"),
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "version = 1 OR reason <> ''", name=op.f("ck_directive_versions_a_change_has_a_reason")
        ),
        sa.CheckConstraint(
            "(lowest_bq IS NULL) = (highest_bq IS NULL)",
            name=op.f("ck_directive_versions_a_range_has_two_ends"),
        ),
        sa.CheckConstraint(
            "lowest_bq IS NULL OR (lowest_bq <= prescribed_bq AND prescribed_bq <= highest_bq)",
            name=op.f("ck_directive_versions_prescribed_lies_in_its_range"),
        ),
        sa.CheckConstraint(
            "prescribed_bq BETWEEN 1 AND 1000000000000000",
            name=op.f("ck_directive_versions_prescribed_is_positive"),
        ),
        sa.CheckConstraint(
            "version >= 1", name=op.f("ck_directive_versions_version_starts_at_one")
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["users.id"],
            name=op.f("fk_directive_versions_actor_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["directive_id"],
            ["directives.id"],
            name=op.f("fk_directive_versions_directive_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["prescriber_id"],
            ["users.id"],
            name=op.f("fk_directive_versions_prescriber_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directive_versions")),
        sa.UniqueConstraint(
            "directive_id", "version", name=op.f("uq_directive_versions_directive_id_version")
        ),
    )
    op.create_index(
        op.f("ix_directive_versions_planned_for"),
        "directive_versions",
        ["planned_for"],
        unique=False,
    )
    op.create_table(
        "directive_events",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("directive_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("signature_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "kind <> 'cancelled' OR reason <> ''",
            name=op.f("ck_directive_events_cancelled_with_a_reason"),
        ),
        sa.CheckConstraint(
            "kind <> 'signed' OR signature_id IS NOT NULL",
            name=op.f("ck_directive_events_signed_by_a_signature"),
        ),
        sa.CheckConstraint(
            "kind IN ('signed', 'cancelled')", name=op.f("ck_directive_events_kind_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["users.id"],
            name=op.f("fk_directive_events_actor_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["directive_id", "version"],
            ["directive_versions.directive_id", "directive_versions.version"],
            name=op.f("fk_directive_events_directive_id_version"),
        ),
        sa.ForeignKeyConstraint(
            ["directive_id"],
            ["directives.id"],
            name=op.f("fk_directive_events_directive_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"],
            ["signatures.id"],
            name=op.f("fk_directive_events_signature_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directive_events")),
        sa.UniqueConstraint(
            "directive_id",
            "version",
            "kind",
            name=op.f("uq_directive_events_directive_id_version_kind"),
        ),
        sa.UniqueConstraint("signature_id", name=op.f("uq_directive_events_signature_id")),
    )


def downgrade() -> None:
    op.drop_table("directive_events")
    op.drop_table("directive_versions")
    op.drop_table("directives")
    op.drop_table("patients")
