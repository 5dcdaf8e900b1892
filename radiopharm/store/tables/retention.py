"""What a site decided about keeping records, and when its licence ends."""

import sqlalchemy as sa

from radiopharm.store.base import APPEND_ONLY, check, identity, instant, metadata, reference, text

retention_decisions = sa.Table(
    "retention_decisions",
    metadata,
    identity(),
    reference("site_id", "sites"),
    text("record_class", 16),
    sa.Column("years", sa.Integer, nullable=False),
    text("source"),
    text("reason"),
    instant("decided_at"),
    reference("actor_id", "users"),
    check("years_are_sensible", "years BETWEEN 0 AND 100"),
    check("a_decision_has_a_source", "source <> ''"),
    check("a_decision_has_a_reason", "reason <> ''"),
    info=APPEND_ONLY,
)
"""Of one class the newest decision stands; it adds to the rules and never shortens one."""

licence_ends = sa.Table(
    "licence_ends",
    metadata,
    identity(),
    reference("site_id", "sites", index=True),
    sa.Column("ended_on", sa.Date, nullable=True),
    text("source"),
    text("reason"),
    instant("recorded_at"),
    reference("signature_id", "signatures"),
    sa.UniqueConstraint("signature_id"),
    check("an_end_has_a_source", "source <> ''"),
    check("an_end_has_a_reason", "reason <> ''"),
    info=APPEND_ONLY,
)
"""The newest of a site stands; without a day: the licence runs."""
