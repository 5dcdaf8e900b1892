"""What belongs to what was handed over, container or vial: papers, people, and both dates."""

import sqlalchemy as sa

from radiopharm.store.base import (
    APPEND_ONLY,
    check,
    identity,
    instant,
    metadata,
    reference,
    text,
    whole_numbers,
)


def _papers() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("licence_until", sa.Date, nullable=True),
        text("consignment"),
        text("documents"),
        text("handed_over_by"),
        text("received_by"),
        instant("received_at", null=True),
        check("who_received_it_did_so_at_a_time", "received_at IS NULL OR received_by <> ''"),
    ]


hand_overs = sa.Table(
    "hand_overs",
    metadata,
    identity(),
    reference("event_id", "waste_events"),
    *_papers(),
    sa.UniqueConstraint("event_id"),
    info=APPEND_ONLY,
)
"""Hand-overs recorded before this was asked have no row, and are shown so."""

vial_hand_overs = sa.Table(
    "vial_hand_overs",
    metadata,
    identity(),
    reference("vial_id", "vials"),
    sa.Column("sequence", sa.Integer, nullable=False),
    text("recipient"),
    text("licence"),
    *_papers(),
    sa.UniqueConstraint("vial_id", "sequence"),
    sa.ForeignKeyConstraint(
        ["vial_id", "sequence"], ["ledger_entries.vial_id", "ledger_entries.sequence"]
    ),
    check("somebody_receives_it", "recipient <> ''"),
    whole_numbers("sequence"),
    info=APPEND_ONLY,
)
"""Of each `transferred` entry; an empty licence is the supplier's. Older entries have none."""
