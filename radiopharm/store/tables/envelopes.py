"""Accounts sealed in envelopes, and the one opening that the database lets each of them have."""

import sqlalchemy as sa

from radiopharm.store.base import APPEND_ONLY, check, identity, instant, metadata, reference, text

envelopes = sa.Table(
    "envelopes",
    metadata,
    identity(),
    reference("site_id", "sites"),
    reference("user_id", "users"),
    text("sealed_by", 64),
    instant("sealed_at"),
    sa.UniqueConstraint("user_id"),
    info=APPEND_ONLY,
)

envelope_openings = sa.Table(
    "envelope_openings",
    metadata,
    identity(),
    reference("envelope_id", "envelopes"),
    text("opener", 100),
    text("reason"),
    instant("opened_at"),
    sa.UniqueConstraint("envelope_id"),
    check("an_opening_has_a_name", "opener <> ''"),
    check("an_opening_has_a_reason", "reason <> ''"),
    info=APPEND_ONLY,
)
