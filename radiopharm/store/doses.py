"""Doses in and out of the database, with their draws and what became of them."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.core.doses import Dose, DoseDraw, SecondCheck, Void
from radiopharm.core.ledger import Amount
from radiopharm.core.refusals import NotFound
from radiopharm.core.signing import Signature
from radiopharm.store import second_checks, signatures
from radiopharm.store.tables.administrations import administrations
from radiopharm.store.tables.devices import dispensing_readings
from radiopharm.store.tables.directives import directive_versions, directives
from radiopharm.store.tables.doses import (
    dispensing_voids,
    dispensings,
    dose_reassignments,
    dose_returns,
    draws,
)
from radiopharm.store.tables.vials import ledger_entries
from radiopharm.store.tables.waste import waste_items


def get(db: sa.Connection, site_id: int, dose_id: int) -> Dose:
    """One dose of a site; raises `NotFound`, also for another site's."""
    found = _load(db, dispensings.c.site_id == site_id, dispensings.c.id == dose_id)
    if not found:
        raise NotFound(f"dose {dose_id}")
    return found[0]


def page(
    db: sa.Connection,
    site_id: int,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    directive_id: int | None = None,
    before: int | None = None,
    size: int,
) -> tuple[list[Dose], tuple[int] | None]:
    """A keyset page of doses, newest first, by when they are to be given."""
    conditions = [dispensings.c.site_id == site_id]
    if since is not None:
        conditions.append(dispensings.c.administer_at >= since)
    if until is not None:
        conditions.append(dispensings.c.administer_at < until)
    if directive_id is not None:
        conditions.append(dispensings.c.directive_id == directive_id)
    if before is not None:
        conditions.append(dispensings.c.id < before)
    found = _load(db, *conditions, limit=size + 1)
    shown = found[:size]
    return shown, (shown[-1].id,) if len(found) > size else None


def last_instrument_id(db: sa.Connection, site_id: int) -> int | None:
    """The meter the site's newest dose was measured with."""
    query = sa.select(dispensings.c.instrument_id).where(dispensings.c.site_id == site_id)
    return db.scalar(query.order_by(dispensings.c.id.desc()).limit(1))


def add(db: sa.Connection, **values: Any) -> int:
    """Write a dose; returns its id."""
    return int(db.execute(dispensings.insert().values(**values)).inserted_primary_key[0])


def add_draw(db: sa.Connection, dose_id: int, vial_id: int, sequence: int) -> None:
    """Write that a ledger entry made part of a dose."""
    values = {"dispensing_id": dose_id, "vial_id": vial_id, "sequence": sequence}
    db.execute(draws.insert().values(values))


def add_void(db: sa.Connection, **values: Any) -> int:
    """Write that a dose is void."""
    return int(db.execute(dispensing_voids.insert().values(**values)).inserted_primary_key[0])


def add_reassignment(db: sa.Connection, **values: Any) -> None:
    """Write that a returned dose has another directive, as a new dose."""
    db.execute(dose_reassignments.insert().values(**values))


def add_return(db: sa.Connection, **values: Any) -> None:
    """Write that a voided dose went back into its vials."""
    db.execute(dose_returns.insert().values(**values))


def _load(db: sa.Connection, *conditions: sa.ColumnElement[bool], limit: int = 2) -> list[Dose]:
    came, went = dose_reassignments.alias("came"), dose_reassignments.alias("went")
    rows = db.execute(
        sa.select(
            dispensings,
            sa.func.coalesce(came.c.drawn_as_id, dispensings.c.id).label("drawn_as_id"),
            came.c.from_id.label("reassigned_from_id"),
            went.c.dispensing_id.label("reassigned_to_id"),
            directives.c.patient,
            directive_versions.c.product,
            dispensing_voids.c.id.label("void_id"),
            dispensing_voids.c.was_drawn,
            dispensing_voids.c.at.label("void_at"),
            dispensing_voids.c.actor_id.label("void_by"),
            dispensing_voids.c.reason.label("void_reason"),
            administrations.c.id.label("administration_id"),
            dose_returns.c.id.label("return_id"),
            waste_items.c.id.label("waste_item_id"),
            dispensing_readings.c.reading_id,
        )
        .join(directives, directives.c.id == dispensings.c.directive_id)
        .join(
            directive_versions,
            sa.and_(
                directive_versions.c.directive_id == dispensings.c.directive_id,
                directive_versions.c.version == dispensings.c.version,
            ),
        )
        .outerjoin(dispensing_voids, dispensing_voids.c.dispensing_id == dispensings.c.id)
        .outerjoin(administrations, administrations.c.dispensing_id == dispensings.c.id)
        .outerjoin(dose_returns, dose_returns.c.dispensing_id == dispensings.c.id)
        .outerjoin(came, came.c.dispensing_id == dispensings.c.id)
        .outerjoin(went, went.c.from_id == dispensings.c.id)
        .outerjoin(waste_items, waste_items.c.dispensing_id == dispensings.c.id)
        .outerjoin(dispensing_readings, dispensing_readings.c.dispensing_id == dispensings.c.id)
        .where(*conditions)
        .order_by(dispensings.c.id.desc())
        .limit(limit)
    ).all()
    made = _draws(db, [row.drawn_as_id for row in rows])
    signed = signatures.by_ids(db, [row.signature_id for row in rows])
    checks = second_checks.of_doses(db, [row.id for row in rows])
    return [
        _dose(row, tuple(made[row.drawn_as_id]), signed[row.signature_id], checks.get(row.id))
        for row in rows
    ]


def _draws(db: sa.Connection, ids: Sequence[int]) -> dict[int, list[DoseDraw]]:
    entries = ledger_entries.c
    rows = db.execute(
        sa.select(draws, entries.volume_ul, entries.reference_bq)
        .join(
            ledger_entries,
            sa.and_(entries.vial_id == draws.c.vial_id, entries.sequence == draws.c.sequence),
        )
        .where(draws.c.dispensing_id.in_(ids))
        .order_by(draws.c.id)
    )
    found: dict[int, list[DoseDraw]] = defaultdict(list)
    for row in rows:
        share = Amount(volume_ul=-row.volume_ul, reference_bq=-row.reference_bq)
        found[row.dispensing_id].append(
            DoseDraw(vial_id=row.vial_id, sequence=row.sequence, share=share)
        )
    return found


def _dose(
    row: sa.Row[Any],
    made: tuple[DoseDraw, ...],
    signature: Signature,
    second_check: SecondCheck | None,
) -> Dose:
    void = None
    if row.void_id is not None:
        void = Void(
            id=row.void_id,
            was_drawn=row.was_drawn,
            at=row.void_at,
            actor_id=row.void_by,
            reason=row.void_reason,
        )
    return Dose(
        id=row.id,
        site_id=row.site_id,
        directive_id=row.directive_id,
        version=row.version,
        patient=row.patient,
        product=row.product,
        nuclide=row.nuclide,
        prescribed_bq=row.prescribed_bq,
        administer_at=row.administer_at,
        calculated_bq=row.calculated_bq,
        measured_bq=row.measured_bq,
        measured_text=row.measured_text,
        measured_at=row.measured_at,
        measured_then_bq=row.measured_then_bq,
        instrument_id=row.instrument_id,
        reading_id=row.reading_id,
        volume_ul=row.volume_ul,
        pieces=row.pieces,
        recorded_at=row.recorded_at,
        actor_id=row.actor_id,
        second_id=row.second_id,
        signature=signature,
        second_check=second_check,
        reason=row.reason,
        is_late=row.late,
        working=json.loads(row.working),
        draws=made,
        void=void,
        administration_id=row.administration_id,
        is_back_in_vial=row.return_id is not None,
        drawn_as_id=row.drawn_as_id,
        reassigned_from_id=row.reassigned_from_id,
        reassigned_to_id=row.reassigned_to_id,
        waste_item_id=row.waste_item_id,
    )
