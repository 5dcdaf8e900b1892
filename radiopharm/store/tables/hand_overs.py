"""What belongs to a container that was handed over: papers, people, and both dates."""

import sqlalchemy as sa

from radiopharm.store.base import APPEND_ONLY, check, identity, instant, metadata, reference, text

hand_overs = sa.Table(
    "hand_overs",
    metadata,
    identity(),
    reference("event_id", "waste_events"),
    sa.Column("licence_until", sa.Date, nullable=True),
    text("consignment"),
    text("documents"),
    text("handed_over_by"),
    text("received_by"),
    instant("received_at", null=True),
    sa.UniqueConstraint("event_id"),
    check("who_received_it_did_so_at_a_time", "received_at IS NULL OR received_by <> ''"),
    info=APPEND_ONLY,
)
"""Hand-overs recorded before this was asked have no row, and are shown so."""
