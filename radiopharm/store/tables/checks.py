"""Checks of instruments: the sources they are made with, how each is judged, and what was read."""

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

KINDS = "'constancy', 'background', 'accuracy', 'linearity', 'geometry', 'contamination'"

check_sources = sa.Table(
    "check_sources",
    metadata,
    identity(),
    reference("site_id", "sites"),
    text("nuclide", 16),
    text("serial", 64),
    whole("activity_bq"),
    text("activity_text", 64),
    instant("reference_at"),
    text("certificate"),
    text("uncertainty"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    sa.UniqueConstraint("site_id", "serial"),
    check("a_source_is_active", "activity_bq BETWEEN 1 AND 1000000000000000"),
    check("a_source_has_a_certificate", "certificate <> ''"),
    whole_numbers("activity_bq"),
    info=APPEND_ONLY,
)

check_source_removals = sa.Table(
    "check_source_removals",
    metadata,
    identity(),
    reference("source_id", "check_sources"),
    text("reason"),
    instant("removed_at"),
    reference("actor_id", "users"),
    sa.UniqueConstraint("source_id"),
    check("a_removal_has_a_reason", "reason <> ''"),
    info=APPEND_ONLY,
)
"""That a source is used no more; what was checked with it stays."""

check_plans = sa.Table(
    "check_plans",
    metadata,
    identity(),
    reference("instrument_id", "instruments", index=True),
    text("kind", 16),
    text("tolerance", 40),
    text("unit", 16),
    text("operator", 2),
    sa.Column("interval_days", sa.Integer, nullable=True),
    sa.Column("is_required", sa.Boolean, nullable=False),
    text("source"),
    text("reason"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    check("kind_is_known", f"kind IN ({KINDS})"),
    check("operator_is_known", "operator IN ('<', '<=')"),
    check("interval_is_positive", "interval_days IS NULL OR interval_days BETWEEN 1 AND 3660"),
    check("what_is_required_falls_due", "interval_days IS NOT NULL OR NOT is_required"),
    check("a_tolerance_has_a_source", "source <> ''"),
    check("it_is_said_why", "reason <> ''"),
    info=APPEND_ONLY,
)
"""Of one instrument and kind the newest row stands; without an interval it is never due."""

instrument_checks = sa.Table(
    "instrument_checks",
    metadata,
    identity(),
    reference("instrument_id", "instruments"),
    text("kind", 16),
    reference("source_id", "check_sources", null=True),
    text("nuclide", 16, null=True),
    reference("plan_id", "check_plans", null=True),
    sa.Column("passed", sa.Boolean, nullable=True),
    text("note", 1000),
    instant("checked_at"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    sa.Index("ix_instrument_checks_instrument_id_checked_at", "instrument_id", "checked_at"),
    check("kind_is_known", f"kind IN ({KINDS})"),
    check("without_a_plan_nothing_is_judged", "(plan_id IS NULL) = (passed IS NULL)"),
    info=APPEND_ONLY,
)

check_points = sa.Table(
    "check_points",
    metadata,
    identity(),
    reference("check_id", "instrument_checks"),
    sa.Column("number", sa.Integer, nullable=False),
    text("label"),
    whole("measured_bq"),
    text("measured_text", 64),
    instant("measured_at"),
    reference("reading_id", "device_readings", null=True),
    sa.Column("expected_bq", sa.Double, nullable=True),
    sa.Column("working", sa.Text, nullable=True),
    sa.UniqueConstraint("check_id", "number"),
    sa.UniqueConstraint("reading_id"),
    check("a_reading_is_not_negative", "measured_bq BETWEEN 0 AND 1000000000000000"),
    whole_numbers("measured_bq"),
    info=APPEND_ONLY,
)

check_voids = sa.Table(
    "check_voids",
    metadata,
    identity(),
    reference("check_id", "instrument_checks"),
    text("reason"),
    instant("voided_at"),
    reference("actor_id", "users"),
    sa.UniqueConstraint("check_id"),
    check("a_void_has_a_reason", "reason <> ''"),
    info=APPEND_ONLY,
)

check_decisions = sa.Table(
    "check_decisions",
    metadata,
    identity(),
    reference("check_id", "instrument_checks"),
    text("reason"),
    instant("decided_at"),
    reference("signature_id", "signatures"),
    reference("actor_id", "users"),
    sa.UniqueConstraint("check_id"),
    sa.UniqueConstraint("signature_id"),
    check("a_decision_has_a_reason", "reason <> ''"),
    info=APPEND_ONLY,
)
"""That an instrument may be used although this check of it failed, under a signature."""
