"""The dose: what it was drawn from, what became of it, and whose it became."""

import sqlalchemy as sa

from radiopharm.store.base import (
    APPEND_ONLY,
    check,
    identity,
    instant,
    metadata,
    reference,
    text,
    whole,
    whole_numbers,
)

dispensings = sa.Table(
    "dispensings",
    metadata,
    identity(),
    reference("site_id", "sites"),
    reference("directive_id", "directives"),
    sa.Column("version", sa.Integer, nullable=False),
    text("nuclide", 16),
    whole("prescribed_bq"),
    instant("administer_at", index=True),
    whole("calculated_bq"),
    whole("measured_bq"),
    text("measured_text", 64),
    instant("measured_at"),
    reference("instrument_id", "instruments"),
    sa.Column("measured_then_bq", sa.Double, nullable=False),
    whole("volume_ul"),
    sa.Column("pieces", sa.Integer, nullable=True),
    instant("drawn_at"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    reference("second_id", "users", null=True),
    text("reason"),
    sa.Column("late", sa.Boolean(create_constraint=True, name="late_is_boolean"), nullable=False),
    reference("replaces_id", "dispensings", null=True),
    reference("signature_id", "signatures"),
    sa.Column("working", sa.Text, nullable=False),
    sa.UniqueConstraint("replaces_id"),
    sa.UniqueConstraint("signature_id"),
    sa.ForeignKeyConstraint(
        ["directive_id", "version"],
        ["directive_versions.directive_id", "directive_versions.version"],
    ),
    check("amounts_are_positive", "prescribed_bq > 0 AND calculated_bq >= 0 AND volume_ul > 0"),
    check("a_reading_is_not_negative", "measured_bq BETWEEN 0 AND 1000000000000000"),
    check("a_late_entry_has_a_reason", "NOT late OR (reason <> '' AND second_id IS NOT NULL)"),
    check("two_people_are_two_people", "second_id IS NULL OR second_id <> actor_id"),
    check(
        "pieces_are_counted",
        "pieces IS NULL OR (pieces BETWEEN 1 AND 999 AND pieces = CAST(pieces AS INTEGER))",
    ),
    check("a_dose_replaces_an_earlier_one", "replaces_id IS NULL OR replaces_id < id"),
    whole_numbers("prescribed_bq", "calculated_bq", "measured_bq", "volume_ul"),
    info=APPEND_ONLY,
)
sa.Index(
    "uq_dispensings_id_signature_id", dispensings.c.id, dispensings.c.signature_id, unique=True
)
sa.Index(
    "uq_dispensings_one_first_dose",
    dispensings.c.directive_id,
    unique=True,
    sqlite_where=dispensings.c.replaces_id.is_(None),
    postgresql_where=dispensings.c.replaces_id.is_(None),
)

draws = sa.Table(
    "draws",
    metadata,
    identity(),
    reference("dispensing_id", "dispensings", index=True),
    reference("vial_id", "vials"),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.UniqueConstraint("vial_id", "sequence"),
    sa.ForeignKeyConstraint(
        ["vial_id", "sequence"], ["ledger_entries.vial_id", "ledger_entries.sequence"]
    ),
    info=APPEND_ONLY,
)

dispensing_voids = sa.Table(
    "dispensing_voids",
    metadata,
    identity(),
    reference("dispensing_id", "dispensings"),
    sa.Column(
        "was_drawn", sa.Boolean(create_constraint=True, name="was_drawn_is_boolean"), nullable=False
    ),
    instant("at"),
    reference("actor_id", "users"),
    text("reason"),
    sa.UniqueConstraint("dispensing_id"),
    check("a_void_has_a_reason", "reason <> ''"),
    info=APPEND_ONLY,
)

dose_returns = sa.Table(
    "dose_returns",
    metadata,
    identity(),
    reference("dispensing_id", "dispensings"),
    instant("at"),
    reference("actor_id", "users"),
    text("reason"),
    sa.UniqueConstraint("dispensing_id"),
    check("a_return_has_a_reason", "reason <> ''"),
    info=APPEND_ONLY,
)

dose_reassignments = sa.Table(
    "dose_reassignments",
    metadata,
    identity(),
    reference("dispensing_id", "dispensings"),
    reference("from_id", "dispensings"),
    reference("drawn_as_id", "dispensings"),
    instant("at"),
    reference("actor_id", "users"),
    text("reason"),
    sa.UniqueConstraint("dispensing_id"),
    sa.UniqueConstraint("from_id"),
    check("a_dose_is_made_of_an_earlier_one", "from_id < dispensing_id"),
    check("a_reassignment_has_a_reason", "reason <> ''"),
    info=APPEND_ONLY,
)
"""A returned dose given a new directive; `drawn_as_id` is the dose whose draws made it."""
