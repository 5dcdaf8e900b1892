"""Vials and their ledger.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "vials",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("product", sa.String(length=64), nullable=False),
        sa.Column("nuclide", sa.String(length=16), nullable=False),
        sa.Column("lot", sa.String(length=64), nullable=False),
        sa.Column("reference_at", INSTANT, nullable=False),
        sa.Column("reference_zone", sa.String(length=64), nullable=False),
        sa.Column("half_life_s", sa.Double(), nullable=False),
        sa.Column("half_life_text", sa.String(length=64), nullable=False),
        sa.Column("half_life_source", sa.String(length=200), nullable=False),
        sa.Column("data_set", sa.String(length=64), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("received_by", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("activity_text", sa.String(length=64), nullable=False),
        sa.Column("volume_text", sa.String(length=64), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "expires_at > reference_at OR expires_at > received_at",
            name=op.f("ck_vials_expiry_follows_reference_or_receipt"),
        ),
        sa.CheckConstraint(
            "half_life_s > 0 AND half_life_s < 1e20", name=op.f("ck_vials_half_life_is_positive")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["vials.id"], name=op.f("fk_vials_parent_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["received_by"], ["users.id"], name=op.f("fk_vials_received_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_vials_site_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vials")),
    )
    op.create_index(
        "ix_vials_site_id_nuclide_id", "vials", ["site_id", "nuclide", "id"], unique=False
    )
    op.create_index("ix_vials_expires_at", "vials", ["expires_at"], unique=False)
    op.create_table(
        "vial_compositions",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("vial_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("nuclide", sa.String(length=16), nullable=False),
        sa.Column("ratio", sa.String(length=40), nullable=False),
        sa.Column("stated_ratio", sa.String(length=40), nullable=False),
        sa.Column("stated_at", INSTANT, nullable=False),
        sa.Column("half_life_s", sa.Double(), nullable=False),
        sa.Column("half_life_text", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "version = 1 OR reason <> ''", name=op.f("ck_vial_compositions_first_version_or_reason")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["users.id"],
            name=op.f("fk_vial_compositions_recorded_by"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["vial_id"],
            ["vials.id"],
            name=op.f("fk_vial_compositions_vial_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vial_compositions")),
        sa.UniqueConstraint(
            "vial_id",
            "version",
            "nuclide",
            name=op.f("uq_vial_compositions_vial_id_version_nuclide"),
        ),
    )
    op.create_table(
        "vial_events",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("vial_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("occurred_at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("directive_id", sa.BigInteger(), nullable=True),
        sa.Column("use_by_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "use_by_at IS NULL OR (kind IN ('opened', 'thawed') AND use_by_at > occurred_at)",
            name=op.f("ck_vial_events_only_opening_and_thawing_set_a_use_by"),
        ),
        sa.CheckConstraint(
            "(kind = 'allocated') OR (directive_id IS NULL)",
            name=op.f("ck_vial_events_an_allocation_names_the_directive"),
        ),
        sa.CheckConstraint(
            "(kind = 'moved') = (place IS NOT NULL)",
            name=op.f("ck_vial_events_a_move_names_the_place"),
        ),
        sa.CheckConstraint(
            "kind IN ('accepted', 'quarantined', 'released', 'opened', 'thawed', 'moved', 'allocated')",
            name=op.f("ck_vial_events_kind_is_known"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('quarantined', 'released') OR reason <> ''",
            name=op.f("ck_vial_events_quarantine_has_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_vial_events_actor_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["directive_id"],
            ["directives.id"],
            name=op.f("fk_vial_events_directive_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["vial_id"], ["vials.id"], name=op.f("fk_vial_events_vial_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vial_events")),
    )
    op.create_index(op.f("ix_vial_events_vial_id"), "vial_events", ["vial_id"], unique=False)
    op.create_index("ix_vial_events_recorded_at", "vial_events", ["recorded_at"], unique=False)
    op.create_index("ix_vial_events_use_by_at", "vial_events", ["use_by_at"], unique=False)
    op.create_index(
        "uq_vial_events_once",
        "vial_events",
        ["vial_id", "kind"],
        unique=True,
        sqlite_where=sa.text("kind IN ('accepted', 'opened', 'thawed')"),
        postgresql_where=sa.text("kind IN ('accepted', 'opened', 'thawed')"),
    )
    op.create_table(
        "ledger_entries",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("vial_id", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("occurred_at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("second_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("volume_ul", sa.BigInteger(), nullable=False),
        sa.Column("reference_bq", sa.BigInteger(), nullable=False),
        sa.Column("volume_after_ul", sa.BigInteger(), nullable=False),
        sa.Column("reference_after_bq", sa.BigInteger(), nullable=False),
        sa.Column("reverses_sequence", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'reversed') = (reverses_sequence IS NOT NULL)",
            name=op.f("ck_ledger_entries_a_reversal_names_its_entry"),
        ),
        sa.CheckConstraint(
            "(sequence = 1) = (kind = 'received')",
            name=op.f("ck_ledger_entries_received_comes_first_and_once"),
        ),
        sa.CheckConstraint(
            "kind <> 'diluted' OR (volume_ul > 0 AND reference_bq = 0)",
            name=op.f("ck_ledger_entries_dilution_adds_volume_only"),
        ),
        sa.CheckConstraint(
            "kind <> 'received' OR (volume_ul > 0 AND reference_bq > 0)",
            name=op.f("ck_ledger_entries_received_adds"),
        ),
        sa.CheckConstraint(
            "kind <> 'returned' OR (volume_ul > 0 AND reference_bq >= 0)",
            name=op.f("ck_ledger_entries_returning_adds"),
        ),
        sa.CheckConstraint(
            "kind IN ('received', 'drawn', 'discarded', 'diluted', 'transferred', 'returned', 'assayed', 'reversed')",
            name=op.f("ck_ledger_entries_kind_is_known"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('assayed', 'reversed', 'returned') OR reason <> ''",
            name=op.f("ck_ledger_entries_exceptions_have_reasons"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('drawn', 'discarded', 'transferred') OR (volume_ul < 0 AND reference_bq <= 0)",
            name=op.f("ck_ledger_entries_taking_removes"),
        ),
        sa.CheckConstraint(
            "typeof(sequence) IN ('integer', 'null') AND typeof(volume_ul) IN ('integer', 'null') AND typeof(reference_bq) IN ('integer', 'null') AND typeof(volume_after_ul) IN ('integer', 'null') AND typeof(reference_after_bq) IN ('integer', 'null')",
            name=op.f("ck_ledger_entries_numbers_are_whole"),
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "reference_after_bq BETWEEN 0 AND 9000000000000000000",
            name=op.f("ck_ledger_entries_activity_never_negative"),
        ),
        sa.CheckConstraint(
            "second_id IS NULL OR second_id <> actor_id",
            name=op.f("ck_ledger_entries_two_people_are_two_people"),
        ),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_ledger_entries_sequence_starts_at_one")),
        sa.CheckConstraint(
            "volume_after_ul > 0 OR reference_after_bq = 0",
            name=op.f("ck_ledger_entries_an_empty_vial_holds_no_activity"),
        ),
        sa.CheckConstraint(
            "volume_after_ul BETWEEN 0 AND 1000000000",
            name=op.f("ck_ledger_entries_volume_never_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_ledger_entries_actor_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["second_id"],
            ["users.id"],
            name=op.f("fk_ledger_entries_second_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["vial_id", "reverses_sequence"],
            ["ledger_entries.vial_id", "ledger_entries.sequence"],
            name=op.f("fk_ledger_entries_vial_id_reverses_sequence"),
        ),
        sa.ForeignKeyConstraint(
            ["vial_id"], ["vials.id"], name=op.f("fk_ledger_entries_vial_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint(
            "vial_id", "reverses_sequence", name=op.f("uq_ledger_entries_vial_id_reverses_sequence")
        ),
        sa.UniqueConstraint("vial_id", "sequence", name=op.f("uq_ledger_entries_vial_id_sequence")),
    )
    op.create_index(
        "ix_ledger_entries_recorded_at", "ledger_entries", ["recorded_at"], unique=False
    )
    op.create_table(
        "assays",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("vial_id", sa.BigInteger(), nullable=False),
        sa.Column("measured_bq", sa.BigInteger(), nullable=False),
        sa.Column("measured_text", sa.String(length=64), nullable=False),
        sa.Column("measured_at", INSTANT, nullable=False),
        sa.Column("instrument_id", sa.BigInteger(), nullable=False),
        sa.Column("expected_bq", sa.Double(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("not_posted_because", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(sequence IS NULL) = (not_posted_because <> '')",
            name=op.f("ck_assays_posted_or_says_why_not"),
        ),
        sa.CheckConstraint(
            "typeof(measured_bq) IN ('integer', 'null')", name=op.f("ck_assays_numbers_are_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "measured_bq BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_assays_a_reading_is_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_assays_actor_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instruments.id"],
            name=op.f("fk_assays_instrument_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["vial_id", "sequence"],
            ["ledger_entries.vial_id", "ledger_entries.sequence"],
            name=op.f("fk_assays_vial_id_sequence"),
        ),
        sa.ForeignKeyConstraint(
            ["vial_id"], ["vials.id"], name=op.f("fk_assays_vial_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assays")),
    )
    op.create_index(op.f("ix_assays_vial_id"), "assays", ["vial_id"], unique=False)


def downgrade() -> None:
    op.drop_table("assays")
    op.drop_table("ledger_entries")
    op.drop_table("vial_events")
    op.drop_table("vial_compositions")
    op.drop_table("vials")
