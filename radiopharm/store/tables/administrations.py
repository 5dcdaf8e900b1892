"""What happened at the patient, and everything found out about it since."""

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

administrations = sa.Table(
    "administrations",
    metadata,
    identity(),
    reference("dispensing_id", "dispensings"),
    instant("started_at"),
    instant("ended_at"),
    text("route", 64),
    text("notes", 1000),
    sa.Column("dose_bq", sa.Double, nullable=False),
    sa.Column("net_bq", sa.Double, nullable=False),
    text("percent_of_prescribed", 40),
    instant("recorded_at"),
    reference("actor_id", "users"),
    text("reason"),
    sa.Column("late", sa.Boolean(create_constraint=True, name="late_is_boolean"), nullable=False),
    sa.Column("working", sa.Text, nullable=False),
    sa.UniqueConstraint("dispensing_id"),
    check("ends_after_it_starts", "ended_at >= started_at"),
    info=APPEND_ONLY,
)

residues = sa.Table(
    "residues",
    metadata,
    identity(),
    reference("administration_id", "administrations", index=True),
    text("item", 64),
    whole("measured_bq"),
    text("measured_text", 64),
    instant("measured_at"),
    reference("instrument_id", "instruments", null=True),
    sa.Column("at_start_bq", sa.Double, nullable=False),
    check("a_reading_is_not_negative", "measured_bq BETWEEN 0 AND 1000000000000000"),
    whole_numbers("measured_bq"),
    info=APPEND_ONLY,
)

bedsides = sa.Table(
    "bedsides",
    metadata,
    identity(),
    reference("administration_id", "administrations"),
    sa.Column(
        "patient_scanned",
        sa.Boolean(create_constraint=True, name="patient_scanned_is_boolean"),
        nullable=False,
    ),
    sa.Column(
        "dose_scanned",
        sa.Boolean(create_constraint=True, name="dose_scanned_is_boolean"),
        nullable=False,
    ),
    text("site_of_administration", 64),
    text("performed_by", 64),
    whole("given_bq", null=True),
    text("given_text", 64),
    instant("given_at", null=True),
    text("given_how", 64),
    sa.UniqueConstraint("administration_id"),
    check(
        "what_was_measured_as_given_is_complete",
        "(given_bq IS NULL) = (given_at IS NULL) AND (given_bq IS NULL OR given_how <> '')",
    ),
    check("a_reading_is_not_negative", "given_bq IS NULL OR given_bq >= 0"),
    whole_numbers("given_bq"),
    info=APPEND_ONLY,
)
"""Administrations recorded before this was asked have no row, and are shown so."""

given_already = sa.Table(
    "given_already",
    metadata,
    identity(),
    reference("administration_id", "administrations"),
    text("reason"),
    text("although", 1000),
    reference("recorder_id", "users"),
    reference("second_id", "users"),
    reference("signature_id", "signatures"),
    sa.UniqueConstraint("administration_id"),
    sa.UniqueConstraint("signature_id"),
    check("it_is_said_why_it_was_given", "reason <> ''"),
    check("two_people_are_two_people", "recorder_id <> second_id"),
    info=APPEND_ONLY,
)
"""Doses given though their directive no longer wanted them, signed by a second person."""

interruptions = sa.Table(
    "interruptions",
    metadata,
    identity(),
    reference("administration_id", "administrations", index=True),
    instant("from_at"),
    instant("to_at"),
    text("reason"),
    check("ends_after_it_starts", "to_at >= from_at"),
    check("an_interruption_has_a_reason", "reason <> ''"),
    info=APPEND_ONLY,
)

checklist_answers = sa.Table(
    "checklist_answers",
    metadata,
    identity(),
    reference("administration_id", "administrations"),
    text("code", 64),
    text("words"),
    text("source"),
    text("status", 16),
    instant("done_at", null=True),
    text("reason"),
    sa.UniqueConstraint("administration_id", "code"),
    check("done_or_not_done", "done_at IS NULL OR reason = ''"),
    info=APPEND_ONLY,
)
"""A line as it was asked; neither done nor reasoned means that nobody answered it."""

reconciliations = sa.Table(
    "reconciliations",
    metadata,
    identity(),
    reference("administration_id", "administrations"),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("net_bq", sa.Double, nullable=False),
    text("percent_of_prescribed", 40),
    instant("recorded_at"),
    reference("actor_id", "users"),
    text("reason"),
    sa.Column("working", sa.Text, nullable=False),
    sa.UniqueConstraint("administration_id", "number"),
    check("the_first_is_the_administrations_own", "number >= 2"),
    check("a_later_balance_has_a_reason", "reason <> ''"),
    info=APPEND_ONLY,
)
"""The balance anew, with residues found after the administration was recorded."""

later_residues = sa.Table(
    "later_residues",
    metadata,
    identity(),
    reference("reconciliation_id", "reconciliations", index=True),
    reference("residue_id", "residues"),
    sa.UniqueConstraint("residue_id"),
    info=APPEND_ONLY,
)

dose_observations = sa.Table(
    "dose_observations",
    metadata,
    identity(),
    reference("dispensing_id", "dispensings", index=True),
    text("kind", 32),
    instant("observed_at"),
    text("words", 1000),
    instant("recorded_at"),
    reference("actor_id", "users"),
    check("kind_is_known", "kind IN ('adverse_reaction', 'extravasation')"),
    check("an_observation_has_words", "words <> ''"),
    info=APPEND_ONLY,
)
