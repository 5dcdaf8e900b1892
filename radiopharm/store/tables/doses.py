"""From the patient's directive to the dose, what became of it, and what came back."""

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

patients = sa.Table(
    "patients",
    metadata,
    sa.Column("reference", sa.String(16), primary_key=True),
    reference("site_id", "sites"),
    text("hospital_number", 64),
    text("family_name"),
    text("given_name"),
    sa.Column("birth_date", sa.Date, nullable=False),
    instant("recorded_at"),
    sa.UniqueConstraint("site_id", "hospital_number"),
    info=APPEND_ONLY,
)

directives = sa.Table(
    "directives",
    metadata,
    identity(),
    reference("site_id", "sites"),
    sa.Column("patient", sa.String(16), sa.ForeignKey("patients.reference"), nullable=False),
    instant("recorded_at"),
    reference("actor_id", "users"),
    info=APPEND_ONLY,
)

directive_versions = sa.Table(
    "directive_versions",
    metadata,
    identity(),
    reference("directive_id", "directives"),
    sa.Column("version", sa.Integer, nullable=False),
    text("product", 64),
    whole("prescribed_bq"),
    whole("lowest_bq", null=True),
    whole("highest_bq", null=True),
    text("prescribed_text", 64),
    instant("planned_for", index=True),
    text("route", 64),
    text("indication"),
    sa.Column("cycle", sa.Integer, nullable=True),
    text("notes", 1000),
    text("reason"),
    reference("prescriber_id", "users", null=True),
    instant("recorded_at"),
    reference("actor_id", "users"),
    sa.Column("interval_reason", sa.String(200), nullable=False, server_default=""),
    sa.UniqueConstraint("directive_id", "version"),
    check("version_starts_at_one", "version >= 1"),
    check("a_change_has_a_reason", "version = 1 OR reason <> ''"),
    check("prescribed_is_positive", "prescribed_bq BETWEEN 1 AND 1000000000000000"),
    check("a_range_has_two_ends", "(lowest_bq IS NULL) = (highest_bq IS NULL)"),
    check(
        "prescribed_lies_in_its_range",
        "lowest_bq IS NULL OR (lowest_bq <= prescribed_bq AND prescribed_bq <= highest_bq)",
    ),
    whole_numbers("prescribed_bq", "lowest_bq", "highest_bq"),
    info=APPEND_ONLY,
)

directive_events = sa.Table(
    "directive_events",
    metadata,
    identity(),
    reference("directive_id", "directives"),
    sa.Column("version", sa.Integer, nullable=False),
    text("kind", 16),
    instant("at"),
    reference("actor_id", "users"),
    text("reason"),
    reference("signature_id", "signatures", null=True),
    sa.UniqueConstraint("directive_id", "version", "kind"),
    sa.UniqueConstraint("signature_id"),
    sa.ForeignKeyConstraint(
        ["directive_id", "version"],
        ["directive_versions.directive_id", "directive_versions.version"],
    ),
    check("kind_is_known", "kind IN ('signed', 'cancelled')"),
    check("signed_by_a_signature", "kind <> 'signed' OR signature_id IS NOT NULL"),
    check("cancelled_with_a_reason", "kind <> 'cancelled' OR reason <> ''"),
    info=APPEND_ONLY,
)

directive_verifications = sa.Table(
    "directive_verifications",
    metadata,
    identity(),
    sa.Column(
        "prescription_id",
        sa.BigInteger,
        sa.ForeignKey("directive_events.signature_id", ondelete="RESTRICT"),
        nullable=False,
    ),
    reference("signer_id", "users"),
    reference("signature_id", "signatures"),
    reference("verifier_id", "users"),
    sa.UniqueConstraint("prescription_id"),
    sa.UniqueConstraint("signature_id"),
    check("two_people_are_two_people", "verifier_id <> signer_id"),
    info=APPEND_ONLY,
)
"""A pharmacist's signature beside the physician's, which names the directive and its version."""

oral_orders = sa.Table(
    "oral_orders",
    metadata,
    identity(),
    reference("directive_id", "directives"),
    sa.Column("version", sa.Integer, nullable=False),
    reference("given_by", "users"),
    instant("given_at", index=True),
    text("reason"),
    reference("signature_id", "signatures"),
    reference("recorder_id", "users"),
    sa.UniqueConstraint("directive_id", "version"),
    sa.UniqueConstraint("signature_id"),
    sa.ForeignKeyConstraint(
        ["directive_id", "version"],
        ["directive_versions.directive_id", "directive_versions.version"],
    ),
    check("it_is_said_why_it_could_not_wait", "reason <> ''"),
    check("two_people_are_two_people", "given_by <> recorder_id"),
    info=APPEND_ONLY,
)
"""A version given by word of mouth, and the signature of who wrote it down."""

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
