"""Who took over a consignment, as its recipient told us later."""

import sqlalchemy as sa

from radiopharm.store.base import APPEND_ONLY, check, identity, instant, metadata, reference, text

consignment_receipts = sa.Table(
    "consignment_receipts",
    metadata,
    identity(),
    reference("site_id", "sites"),
    text("number"),
    text("received_by"),
    instant("received_at"),
    text("documents"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    check("somebody_received_something", "received_by <> '' AND number <> ''"),
    sa.Index("ix_consignment_receipts_site_id_number", "site_id", "number"),
    info=APPEND_ONLY,
)
