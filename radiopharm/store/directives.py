"""Directives in and out of the database: their versions, and the doses made of them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.core.directives import Cancellation, Directive, DirectiveVersion
from radiopharm.core.refusals import NotFound
from radiopharm.store import directive_signatures
from radiopharm.store.tables.administrations import administrations
from radiopharm.store.tables.directives import directive_events, directive_versions, directives
from radiopharm.store.tables.doses import dispensing_voids, dispensings


def get(db: sa.Connection, site_id: int, directive_id: int) -> Directive:
    """One directive of a site; raises `NotFound`, also for another site's."""
    found = by_ids(db, site_id, [directive_id])
    if not found:
        raise NotFound(f"directive {directive_id}")
    return found[0]


def by_ids(db: sa.Connection, site_id: int, ids: Sequence[int]) -> list[Directive]:
    """The site's directives among *ids*, in the order of *ids*, in seven statements."""
    rows = db.execute(
        sa.select(directives).where(directives.c.site_id == site_id, directives.c.id.in_(ids))
    ).all()
    versions, cancellations, doses = _versions(db, ids), _cancellations(db, ids), _doses(db, ids)
    found = {
        row.id: Directive(
            id=row.id,
            site_id=row.site_id,
            patient=row.patient,
            versions=tuple(versions[row.id]),
            cancellation=cancellations.get(row.id),
            **doses[row.id],
        )
        for row in rows
    }
    return [found[directive_id] for directive_id in ids if directive_id in found]


def of_patient(db: sa.Connection, site_id: int, patient: str) -> list[Directive]:
    """Every directive of a patient, oldest first."""
    ids = db.scalars(
        sa.select(directives.c.id)
        .where(directives.c.site_id == site_id, directives.c.patient == patient)
        .order_by(directives.c.id)
    )
    return by_ids(db, site_id, list(ids))


def add(db: sa.Connection, site_id: int, patient: str, actor_id: int, now: datetime) -> int:
    """Write a new directive, still without a version; returns its id."""
    values = {"site_id": site_id, "patient": patient, "recorded_at": now, "actor_id": actor_id}
    return int(db.execute(directives.insert().values(values)).inserted_primary_key[0])


def add_version(db: sa.Connection, directive_id: int, version: DirectiveVersion) -> None:
    """Write the next version; a lost race shows as a stale conflict."""
    db.execute(
        directive_versions.insert().values(
            directive_id=directive_id,
            version=version.number,
            product=version.product,
            prescribed_bq=version.prescribed_bq,
            lowest_bq=version.lowest_bq,
            highest_bq=version.highest_bq,
            prescribed_text=version.prescribed_text,
            planned_for=version.planned_for,
            route=version.route,
            indication=version.indication,
            cycle=version.cycle,
            notes=version.notes,
            reason=version.reason,
            prescriber_id=version.prescriber_id,
            recorded_at=version.recorded_at,
            actor_id=version.recorded_by,
            interval_reason=version.interval_reason,
        )
    )


def add_signature(
    db: sa.Connection, directive_id: int, version: int, actor_id: int, at: datetime, signature: int
) -> None:
    """Write that a version is signed; each version once."""
    _add_event(
        db, directive_id, version, kind="signed", at=at, actor_id=actor_id, signature_id=signature
    )


def add_cancellation(
    db: sa.Connection, directive_id: int, version: int, cancellation: Cancellation
) -> None:
    """Write that a directive is cancelled, at its newest version."""
    _add_event(
        db,
        directive_id,
        version,
        kind="cancelled",
        at=cancellation.at,
        actor_id=cancellation.actor_id,
        reason=cancellation.reason,
    )


def _add_event(db: sa.Connection, directive_id: int, version: int, **values: Any) -> None:
    event = {"directive_id": directive_id, "version": version, "reason": "", **values}
    db.execute(directive_events.insert().values(event))


def _versions(db: sa.Connection, ids: Sequence[int]) -> dict[int, list[DirectiveVersion]]:
    texts, signed = directive_versions.c, directive_signatures.of_versions(db, ids)
    rows = db.execute(
        sa.select(directive_versions)
        .where(texts.directive_id.in_(ids))
        .order_by(texts.directive_id, texts.version)
    )
    found: dict[int, list[DirectiveVersion]] = defaultdict(list)
    for row in rows:
        version = _version(row, signed.get((row.directive_id, row.version), {}))
        found[row.directive_id].append(version)
    return found


def _version(row: sa.Row[Any], signed: dict[str, Any]) -> DirectiveVersion:
    return DirectiveVersion(
        number=row.version,
        product=row.product,
        prescribed_bq=row.prescribed_bq,
        prescribed_text=row.prescribed_text,
        lowest_bq=row.lowest_bq,
        highest_bq=row.highest_bq,
        planned_for=row.planned_for,
        route=row.route,
        indication=row.indication,
        cycle=row.cycle,
        notes=row.notes,
        reason=row.reason,
        prescriber_id=row.prescriber_id,
        recorded_at=row.recorded_at,
        recorded_by=row.actor_id,
        interval_reason=row.interval_reason,
        **signed,
    )


def _cancellations(db: sa.Connection, ids: Sequence[int]) -> dict[int, Cancellation]:
    events = directive_events.c
    rows = db.execute(
        sa.select(directive_events).where(events.directive_id.in_(ids), events.kind == "cancelled")
    )
    return {
        row.directive_id: Cancellation(at=row.at, actor_id=row.actor_id, reason=row.reason)
        for row in rows
    }


def _doses(db: sa.Connection, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Of each directive the live dose, the void dose without successor, and the administration."""
    successor = dispensings.alias("successor")
    rows = db.execute(
        sa.select(
            dispensings.c.id,
            dispensings.c.directive_id,
            dispensing_voids.c.id.label("void_id"),
            successor.c.id.label("successor_id"),
            administrations.c.started_at,
        )
        .outerjoin(dispensing_voids, dispensing_voids.c.dispensing_id == dispensings.c.id)
        .outerjoin(successor, successor.c.replaces_id == dispensings.c.id)
        .outerjoin(administrations, administrations.c.dispensing_id == dispensings.c.id)
        .where(dispensings.c.directive_id.in_(ids))
        .order_by(dispensings.c.id)
    )
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in rows:
        if row.void_id is None:
            found[row.directive_id].update(live_dose_id=row.id, administered_at=row.started_at)
        elif row.successor_id is None:
            found[row.directive_id].update(last_voided_dose_id=row.id)
    return found
