"""When sites said that their licence ends: the newest entry stands."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.core.licence_ends import LicenceEnd
from radiopharm.store.tables.retention import licence_ends


def of_site(db: sa.Connection, site_id: int) -> list[sa.Row[Any]]:
    """Every entry of a site, the newest first."""
    columns = licence_ends.c
    query = sa.select(licence_ends).where(columns.site_id == site_id)
    return list(db.execute(query.order_by(columns.id.desc())))


def ended_on(db: sa.Connection, site_id: int) -> date | None:
    """The day on which a site's licence ends; None while it runs as far as is known."""
    return next((row.ended_on for row in of_site(db, site_id)), None)


def add(db: sa.Connection, site_id: int, entry: LicenceEnd, signature_id: int, at: datetime) -> int:
    """Write an entry; returns its id."""
    made = db.execute(
        licence_ends.insert().values(
            site_id=site_id,
            ended_on=entry.ended_on,
            source=entry.source,
            reason=entry.reason,
            recorded_at=at,
            signature_id=signature_id,
        )
    )
    return int(made.inserted_primary_key[0])
