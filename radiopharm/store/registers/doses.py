"""Doses and administrations as registers read them."""

from typing import Any

import sqlalchemy as sa

from radiopharm.core.registers import Asked
from radiopharm.store.tables.accounts import instruments, users
from radiopharm.store.tables.administrations import (
    administrations,
    later_residues,
    reconciliations,
    residues,
)
from radiopharm.store.tables.directives import directive_versions, directives
from radiopharm.store.tables.doses import dispensing_voids, dispensings, dose_reassignments, draws
from radiopharm.store.tables.second_checks import second_checks
from radiopharm.store.tables.vials import ledger_entries, vials


def dispensed(db: sa.Connection, site_id: int, asked: Asked) -> list[sa.Row[Any]]:
    """The doses drawn in a period, void ones too, by product and time."""
    columns = dispensings.c
    checked, person = second_checks.alias("checked"), users.alias("person")
    was_checked = sa.and_(
        checked.c.dispensing_id == columns.id, checked.c.recorded_at <= asked.known_at
    )
    query = (
        _doses(asked)
        .add_columns(
            person.c.display_name.label("second"),
            instruments.c.serial,
        )
        .join(instruments, instruments.c.id == columns.instrument_id)
        .outerjoin(checked, was_checked)
        .outerjoin(person, person.c.id == sa.func.coalesce(checked.c.person_id, columns.second_id))
        .where(columns.site_id == site_id, columns.recorded_at <= asked.known_at)
        .where(columns.drawn_at >= asked.period.since, columns.drawn_at < asked.period.until)
        .order_by(directive_versions.c.product, columns.drawn_at, columns.id)
    )
    return list(db.execute(query))


def drawn(db: sa.Connection, site_id: int, asked: Asked) -> list[sa.Row[Any]]:
    """The vials that the doses drawn in a period came from; of one lot where one is asked for."""
    columns, came, entries = dispensings.c, dose_reassignments.alias("came"), ledger_entries.c
    drawn_as = sa.func.coalesce(came.c.drawn_as_id, columns.id)
    query = (
        sa.select(columns.id.label("dose_id"), vials.c.id.label("vial_id"), vials.c.lot)
        .add_columns(entries.volume_ul)
        .outerjoin(came, came.c.dispensing_id == columns.id)
        .join(draws, draws.c.dispensing_id == drawn_as)
        .join(vials, vials.c.id == draws.c.vial_id)
        .join(
            ledger_entries,
            sa.and_(entries.vial_id == draws.c.vial_id, entries.sequence == draws.c.sequence),
        )
        .where(columns.site_id == site_id, columns.recorded_at <= asked.known_at)
        .where(columns.drawn_at >= asked.period.since, columns.drawn_at < asked.period.until)
        .order_by(vials.c.lot, vials.c.id, columns.id)
    )
    if asked.lot:
        query = query.where(vials.c.lot == asked.lot)
    return list(db.execute(query))


def given(db: sa.Connection, site_id: int, asked: Asked) -> list[sa.Row[Any]]:
    """The administrations begun in a period, with the balance that was known."""
    columns = administrations.c
    query = (
        _doses(asked)
        .add_columns(
            columns.id.label("administration_id"),
            columns.started_at,
            columns.route,
            columns.dose_bq,
            sa.func.coalesce(_newest_net(asked), columns.net_bq).label("net_bq"),
            columns.late.label("given_late"),
            columns.reason.label("given_reason"),
        )
        .join(administrations, columns.dispensing_id == dispensings.c.id)
        .where(dispensings.c.site_id == site_id, columns.recorded_at <= asked.known_at)
        .where(columns.started_at >= asked.period.since, columns.started_at < asked.period.until)
        .order_by(columns.started_at, columns.id)
    )
    return list(db.execute(query))


def given_by_dose(db: sa.Connection, site_id: int, asked: Asked) -> dict[int, sa.Row[Any]]:
    """When each dose was given and with which net activity, as far as known."""
    columns = administrations.c
    query = (
        sa.select(columns.dispensing_id, columns.started_at)
        .add_columns(sa.func.coalesce(_newest_net(asked), columns.net_bq).label("net_bq"))
        .join(dispensings, dispensings.c.id == columns.dispensing_id)
        .where(dispensings.c.site_id == site_id, columns.recorded_at <= asked.known_at)
    )
    return {row.dispensing_id: row for row in db.execute(query)}


def left_behind(db: sa.Connection, site_id: int, asked: Asked) -> list[sa.Row[Any]]:
    """Every known residue of the administrations begun in a period, as it was at their start."""
    columns, later, anew = administrations.c, later_residues.c, reconciliations.c
    known = sa.or_(anew.id.is_(None), anew.recorded_at <= asked.known_at)
    query = (
        sa.select(residues.c.administration_id, residues.c.item, residues.c.at_start_bq)
        .join(administrations, columns.id == residues.c.administration_id)
        .join(dispensings, dispensings.c.id == columns.dispensing_id)
        .outerjoin(later_residues, later.residue_id == residues.c.id)
        .outerjoin(reconciliations, anew.id == later.reconciliation_id)
        .where(dispensings.c.site_id == site_id, columns.recorded_at <= asked.known_at, known)
        .where(columns.started_at >= asked.period.since, columns.started_at < asked.period.until)
        .order_by(residues.c.id)
    )
    return list(db.execute(query))


def _doses(asked: Asked) -> sa.Select[Any]:
    """Doses with whose they are and who made them void, as far as that was known."""
    columns, texts, voided = dispensings.c, directive_versions.c, dispensing_voids.c
    maker, voider = users.alias("maker"), users.alias("voider")
    same_version = sa.and_(
        texts.directive_id == columns.directive_id, texts.version == columns.version
    )
    is_void = sa.and_(voided.dispensing_id == columns.id, voided.at <= asked.known_at)
    return (
        sa.select(
            dispensings,
            directives.c.patient,
            texts.product,
            maker.c.display_name.label("maker"),
            voided.at.label("void_at"),
            voided.reason.label("void_reason"),
            voider.c.display_name.label("voider"),
        )
        .join(directives, directives.c.id == columns.directive_id)
        .join(directive_versions, same_version)
        .join(maker, maker.c.id == columns.actor_id)
        .outerjoin(dispensing_voids, is_void)
        .outerjoin(voider, voider.c.id == voided.actor_id)
    )


def _newest_net(asked: Asked) -> sa.ScalarSelect[float]:
    """The net of the newest balance that was known; none where the first one stood."""
    columns = reconciliations.c
    return (
        sa.select(columns.net_bq)
        .where(columns.administration_id == administrations.c.id)
        .where(columns.recorded_at <= asked.known_at)
        .order_by(columns.number.desc())
        .limit(1)
        .scalar_subquery()
    )
