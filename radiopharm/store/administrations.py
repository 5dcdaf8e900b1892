"""Administrations in and out of the database: the bedside, the residues, every balance of them."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from radiopharm.core.refusals import NotFound
from radiopharm.store import readings, shares
from radiopharm.store.tables.administrations import (
    administrations,
    bedsides,
    checklist_answers,
    given_already,
    interruptions,
    later_residues,
    reconciliations,
    residues,
)
from radiopharm.store.tables.devices import residue_readings
from radiopharm.store.tables.directives import directive_versions, directives
from radiopharm.store.tables.doses import dispensings
from radiopharm.store.tables.waste import waste_items

Row = Mapping[str, Any]
OF_ONE_ADMINISTRATION = (interruptions, checklist_answers, given_already)


def add(db: sa.Connection, values: Row, left: Iterable[Row], bedside: Row) -> int:
    """Write an administration with its residues and its bedside; returns its id.

    `bedside` holds the lists `interruptions`, `checklist_answers` and `given_already` (at most one)
    beside its own columns.
    """
    made = int(db.execute(administrations.insert().values(**values)).inserted_primary_key[0])
    of_it = {table.name: bedside[table.name] for table in OF_ONE_ADMINISTRATION}
    own = {name: value for name, value in bedside.items() if name not in of_it}
    db.execute(bedsides.insert().values(administration_id=made, **own))
    for table in OF_ONE_ADMINISTRATION:
        _add_all(db, table, of_it[table.name], administration_id=made)
    for each in left:
        _add_residue(db, made, each)
    return made


def add_reconciliation(
    db: sa.Connection, administration_id: int, values: Row, left: Iterable[Row]
) -> int:
    """Write a later balance with the residues that made it; returns its number, 2 or more."""
    columns = reconciliations.c
    known = sa.select(sa.func.count()).where(columns.administration_id == administration_id)
    number = 2 + (db.scalar(known) or 0)
    row = {"administration_id": administration_id, "number": number, **values}
    made = db.execute(reconciliations.insert().values(row)).inserted_primary_key[0]
    for each in left:
        link = {"reconciliation_id": made, "residue_id": _add_residue(db, administration_id, each)}
        db.execute(later_residues.insert().values(link))
    return number


def of_dose(db: sa.Connection, dose_id: int) -> dict[str, Any] | None:
    """The administration of a dose with its residues and the containers they went into.

    Net, percentage and working are the newest balance's; `balances` has every one, oldest first.
    None when the dose was not given.
    """
    row = db.execute(
        sa.select(administrations).where(administrations.c.dispensing_id == dose_id)
    ).first()
    if row is None:
        return None
    balances = [_balance(row, 1), *_later_balances(db, row.id)]
    figures = ("net_bq", "percent_of_prescribed", "working")
    return {
        **row._mapping,
        **{name: balances[-1][name] for name in figures},
        "balances": balances,
        "residues": _residues(db, row.id),
        "bedside": next(iter(_rows(db, bedsides, row.id)), None),
        "interruptions": _rows(db, interruptions, row.id),
        "checklist": _rows(db, checklist_answers, row.id),
        "given_already": next(iter(_rows(db, given_already, row.id)), None),
    }


def of_patient(db: sa.Connection, site_id: int, patient: str) -> list[sa.Row[Any]]:
    """What a patient received: dose, directive, product, start and net activity, oldest first."""
    texts = directive_versions.c
    query = (
        sa.select(
            administrations.c.dispensing_id,
            administrations.c.started_at,
            sa.func.coalesce(_newest_net(), administrations.c.net_bq).label("net_bq"),
            dispensings.c.directive_id,
            texts.product,
        )
        .join(dispensings, dispensings.c.id == administrations.c.dispensing_id)
        .join(directives, directives.c.id == dispensings.c.directive_id)
        .join(
            directive_versions,
            sa.and_(
                texts.directive_id == dispensings.c.directive_id,
                texts.version == dispensings.c.version,
            ),
        )
        .where(directives.c.site_id == site_id, directives.c.patient == patient)
        .order_by(administrations.c.started_at, administrations.c.id)
    )
    return list(db.execute(query))


def residue(db: sa.Connection, site_id: int, residue_id: int) -> sa.Row[Any]:
    """A residue of the site with its dose and the waste item that names it, if one does.

    Raises `NotFound`.
    """
    row = db.execute(
        sa.select(residues, administrations.c.dispensing_id, waste_items.c.id.label("item_id"))
        .join(administrations, administrations.c.id == residues.c.administration_id)
        .join(dispensings, dispensings.c.id == administrations.c.dispensing_id)
        .outerjoin(waste_items, waste_items.c.residue_id == residues.c.id)
        .where(dispensings.c.site_id == site_id, residues.c.id == residue_id)
    ).first()
    if row is None:
        raise NotFound(f"residue {residue_id}")
    return row


def _add_residue(db: sa.Connection, administration_id: int, said: Row) -> int:
    """Write a residue, and the device reading it takes its activity from; returns its id."""
    own = {name: value for name, value in said.items() if name != "reading_id"}
    row = residues.insert().values(administration_id=administration_id, **own)
    residue_id = int(db.execute(row).inserted_primary_key[0])
    if said["reading_id"] is not None:
        readings.use_for_residue(db, said["reading_id"], residue_id)
    return residue_id


def _add_all(db: sa.Connection, table: sa.Table, rows: Iterable[Row], **more: Any) -> None:
    values = [{**row, **more} for row in rows]
    if values:
        db.execute(table.insert(), values)


def _rows(db: sa.Connection, table: sa.Table, administration_id: int) -> list[dict[str, Any]]:
    query = sa.select(table).where(table.c.administration_id == administration_id)
    return [dict(row._mapping) for row in db.execute(query.order_by(table.c.id))]


def _residues(db: sa.Connection, administration_id: int) -> list[dict[str, Any]]:
    rows = db.execute(
        sa.select(
            residues,
            waste_items.c.container_id,
            waste_items.c.id.label("item_id"),
            residue_readings.c.reading_id,
            sa.func.coalesce(reconciliations.c.number, 1).label("balance"),
        )
        .outerjoin(residue_readings, residue_readings.c.residue_id == residues.c.id)
        .outerjoin(waste_items, waste_items.c.residue_id == residues.c.id)
        .outerjoin(later_residues, later_residues.c.residue_id == residues.c.id)
        .outerjoin(reconciliations, reconciliations.c.id == later_residues.c.reconciliation_id)
        .where(residues.c.administration_id == administration_id)
        .order_by(residues.c.id)
    ).all()
    lie = shares.places(db, [row.item_id for row in rows if row.item_id is not None])
    return [{**row._mapping, "places": lie.get(row.item_id, ())} for row in rows]


def _later_balances(db: sa.Connection, administration_id: int) -> list[dict[str, Any]]:
    columns = reconciliations.c
    query = sa.select(reconciliations).where(columns.administration_id == administration_id)
    return [_balance(row, row.number) for row in db.execute(query.order_by(columns.number))]


def _newest_net() -> sa.ScalarSelect[float]:
    """The net of the newest balance; none where the first one stands."""
    columns = reconciliations.c
    return (
        sa.select(columns.net_bq)
        .where(columns.administration_id == administrations.c.id)
        .order_by(columns.number.desc())
        .limit(1)
        .scalar_subquery()
    )


def _balance(row: sa.Row[Any], number: int) -> dict[str, Any]:
    return {
        "number": number,
        "net_bq": row.net_bq,
        "percent_of_prescribed": row.percent_of_prescribed,
        "recorded_at": row.recorded_at,
        "actor_id": row.actor_id,
        "reason": row.reason,
        "working": json.loads(row.working),
    }
