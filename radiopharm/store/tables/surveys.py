"""Area surveys: rooms, how each is surveyed from an instant on, and what was read there."""

import sqlalchemy as sa

from radiopharm.store.base import APPEND_ONLY, check, identity, instant, metadata, reference, text

rooms = sa.Table(
    "rooms",
    metadata,
    identity(),
    reference("site_id", "sites"),
    text("name"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    sa.UniqueConstraint("site_id", "name"),
    info=APPEND_ONLY,
)

survey_plans = sa.Table(
    "survey_plans",
    metadata,
    identity(),
    reference("room_id", "rooms", index=True),
    text("kind", 16),
    sa.Column("interval_days", sa.Integer, nullable=True),
    text("level", 40),
    text("operator", 2),
    text("unit", 16),
    sa.Column("less_background", sa.Boolean, nullable=False),
    text("source"),
    text("reason"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    check("kind_is_known", "kind IN ('dose_rate', 'wipe')"),
    check("operator_is_known", "operator IN ('>', '>=')"),
    check("interval_is_positive", "interval_days IS NULL OR interval_days BETWEEN 1 AND 3660"),
    check("a_level_has_a_source", "source <> ''"),
    check("it_is_said_why", "reason <> ''"),
    info=APPEND_ONLY,
)
"""Of one room and kind the newest row stands; without an interval it is surveyed no more."""

survey_points = sa.Table(
    "survey_points",
    metadata,
    identity(),
    reference("plan_id", "survey_plans"),
    text("name"),
    sa.UniqueConstraint("plan_id", "name"),
    info=APPEND_ONLY,
)

surveys = sa.Table(
    "surveys",
    metadata,
    identity(),
    reference("plan_id", "survey_plans", index=True),
    reference("instrument_id", "instruments"),
    text("background", 40),
    sa.Column("is_over", sa.Boolean, nullable=False),
    text("decontamination", 1000),
    instant("surveyed_at"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    info=APPEND_ONLY,
)

survey_readings = sa.Table(
    "survey_readings",
    metadata,
    identity(),
    reference("survey_id", "surveys"),
    reference("point_id", "survey_points"),
    text("reading", 40),
    sa.Column("is_over", sa.Boolean, nullable=False),
    sa.UniqueConstraint("survey_id", "point_id"),
    info=APPEND_ONLY,
)

survey_voids = sa.Table(
    "survey_voids",
    metadata,
    identity(),
    reference("survey_id", "surveys"),
    text("reason"),
    instant("voided_at"),
    reference("actor_id", "users"),
    sa.UniqueConstraint("survey_id"),
    check("a_void_has_a_reason", "reason <> ''"),
    info=APPEND_ONLY,
)
