"""Reviews of the audit, as signed."""

from typing import Any

import sqlalchemy as sa

from radiopharm.store.tables.audit import audit_reviews

MOST = 100


def add(db: sa.Connection, **values: Any) -> int:
    """Write a review; returns its id."""
    return int(db.execute(audit_reviews.insert().values(**values)).inserted_primary_key[0])


def newest(
    db: sa.Connection, site_id: int, most: int = MOST, before: int | None = None
) -> list[sa.Row[Any]]:
    """The last reviews of a site, the newest first, of those *before* an id."""
    columns = audit_reviews.c
    query = sa.select(audit_reviews).where(columns.site_id == site_id)
    if before is not None:
        query = query.where(columns.id < before)
    return list(db.execute(query.order_by(columns.id.desc()).limit(most)))
