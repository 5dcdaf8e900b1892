"""Check sources of a site in and out of the database."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.core.check_sources import AddSource, CheckSource, TakenOut
from radiopharm.core.refusals import NotFound
from radiopharm.store.tables.accounts import users
from radiopharm.store.tables.checks import check_source_removals as removals
from radiopharm.store.tables.checks import check_sources


def of_site(db: sa.Connection, site_id: int) -> list[CheckSource]:
    """The site's check sources by nuclide and number, those out of use last."""
    columns = check_sources.c
    query = _sources().where(columns.site_id == site_id)
    order = (removals.c.id.is_not(None), columns.nuclide, columns.serial)
    return [_source(row) for row in db.execute(query.order_by(*order))]


def get(db: sa.Connection, site_id: int, source_id: int) -> CheckSource:
    """A check source of a site; raises `NotFound`."""
    columns = check_sources.c
    query = _sources().where(columns.site_id == site_id, columns.id == source_id)
    row = db.execute(query).first()
    if row is None:
        raise NotFound("check source")
    return _source(row)


def add(db: sa.Connection, site_id: int, command: AddSource, actor_id: int, now: datetime) -> int:
    """Write a check source; returns its id."""
    named = ("nuclide", "serial", "activity_bq", "activity_text", "reference_at")
    said = {name: getattr(command, name) for name in (*named, "certificate", "uncertainty")}
    values = {"site_id": site_id, "recorded_at": now, "actor_id": actor_id, **said}
    return int(db.execute(check_sources.insert().values(values)).inserted_primary_key[0])


def take_out(db: sa.Connection, source_id: int, reason: str, actor_id: int, now: datetime) -> None:
    """Write that a source is used no more."""
    values = {"source_id": source_id, "reason": reason, "removed_at": now, "actor_id": actor_id}
    db.execute(removals.insert().values(values))


def _sources() -> sa.Select[Any]:
    remover = users.alias()
    return (
        sa.select(check_sources, users.c.display_name.label("by"))
        .add_columns(removals.c.reason, removals.c.removed_at)
        .add_columns(remover.c.display_name.label("removed_by"))
        .join(users, users.c.id == check_sources.c.actor_id)
        .outerjoin(removals, removals.c.source_id == check_sources.c.id)
        .outerjoin(remover, remover.c.id == removals.c.actor_id)
    )


def _source(row: sa.Row[Any]) -> CheckSource:
    out = row.removed_at and TakenOut(reason=row.reason, at=row.removed_at, by=row.removed_by)
    return CheckSource(
        id=row.id,
        nuclide=row.nuclide,
        serial=row.serial,
        activity_bq=row.activity_bq,
        activity_text=row.activity_text,
        reference_at=row.reference_at,
        certificate=row.certificate,
        uncertainty=row.uncertainty,
        recorded_at=row.recorded_at,
        by=row.by,
        taken_out=out,
    )
