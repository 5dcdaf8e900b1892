"""What a balance is made of: ledgers, doses and what became of them, as known at an instant.

A fixed number of statements, however many vials; rows are put together in `services.balances`.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.core.balance import Route
from radiopharm.core.ledger import Entry
from radiopharm.core.lives import Given, Placed, Residue
from radiopharm.store import ledgers
from radiopharm.store.ledgers import Ids
from radiopharm.store.tables.administrations import (
    administrations,
    later_residues,
    reconciliations,
    residues,
)
from radiopharm.store.tables.discharges import discharge_contents, discharges
from radiopharm.store.tables.doses import dispensings, dose_reassignments, dose_returns, draws
from radiopharm.store.tables.shares import waste_shares
from radiopharm.store.tables.vials import ledger_entries, vial_compositions, vials
from radiopharm.store.tables.waste import waste_item_contents, waste_items

Row = sa.Row[Any]
OF_ITEM = waste_shares.c.first_id == waste_items.c.id
TAKEN = sa.cast(sa.func.sum(waste_item_contents.c.activity_bq), sa.BigInteger).label("activity_bq")
"""What all the containers took that one act put something into."""


def received(site_id: int, until: datetime) -> sa.Select[tuple[int]]:
    """The query for every vial of a site that had come by *until*."""
    return sa.select(vials.c.id).where(vials.c.site_id == site_id, vials.c.received_at <= until)


def sharing_doses(db: sa.Connection, vial_id: int) -> list[int]:
    """The vial and those that some dose of it was drawn from too."""
    other = draws.alias("other")
    query = (
        sa.select(other.c.vial_id)
        .join(draws, draws.c.dispensing_id == other.c.dispensing_id)
        .where(draws.c.vial_id == vial_id)
        .distinct()
    )
    return sorted({vial_id, *db.scalars(query)})


def entries(db: sa.Connection, ids: Ids, known_at: datetime) -> dict[int, list[Entry]]:
    """Each vial's ledger, oldest entry first."""
    columns = ledger_entries.c
    rows = db.execute(
        sa.select(ledger_entries)
        .where(columns.vial_id.in_(ids), columns.recorded_at <= known_at)
        .order_by(columns.vial_id, columns.sequence)
    )
    found: dict[int, list[Entry]] = defaultdict(list)
    for row in rows:
        found[row.vial_id].append(ledgers.entry(row))
    return found


def drawn(db: sa.Connection, ids: Ids, known_at: datetime) -> list[Row]:
    """Every draw that stands: vial, number of entry, dose, Bq at reference, and when."""
    entry, mirror = ledger_entries.alias("entry"), ledger_entries.alias("mirror")
    undone = sa.exists().where(
        mirror.c.vial_id == entry.c.vial_id,
        mirror.c.reverses_sequence == entry.c.sequence,
        mirror.c.recorded_at <= known_at,
    )
    query = (
        sa.select(draws.c.vial_id, draws.c.dispensing_id)
        .add_columns((-entry.c.reference_bq).label("reference_bq"), entry.c.occurred_at)
        .join(
            entry,
            sa.and_(entry.c.vial_id == draws.c.vial_id, entry.c.sequence == draws.c.sequence),
        )
        .where(draws.c.vial_id.in_(ids), entry.c.recorded_at <= known_at, ~undone)
    )
    return list(db.execute(query.order_by(draws.c.id)))


def given(db: sa.Connection, ids: Ids, known_at: datetime) -> dict[int, Given]:
    """The administration of each dose, by the dose as which it was drawn."""
    left = _residues(db, ids, known_at)
    dose = _doses(known_at)
    query = (
        sa.select(dose.c.drawn_as, administrations.c.id, administrations.c.started_at)
        .add_columns(administrations.c.dose_bq, _net(known_at).label("net_bq"))
        .join(administrations, administrations.c.dispensing_id == dose.c.id)
        .where(dose.c.drawn_as.in_(_drawn_from(ids)), administrations.c.recorded_at <= known_at)
    )
    return {
        row.drawn_as: Given(
            at=row.started_at,
            dose_bq=row.dose_bq,
            net_bq=row.net_bq,
            residues=tuple(left[row.id]),
        )
        for row in db.execute(query)
    }


def thrown(db: sa.Connection, ids: Ids, known_at: datetime) -> dict[int, Placed]:
    """Doses that lie in a waste container, by the dose as which they were drawn."""
    dose = _doses(known_at)
    query = (
        sa.select(dose.c.drawn_as, waste_items.c.put_in_at, TAKEN)
        .join(waste_items, waste_items.c.dispensing_id == dose.c.id)
        .outerjoin(waste_shares, OF_ITEM)
        .join(waste_item_contents, _principal(dose.c.nuclide))
        .where(dose.c.drawn_as.in_(_drawn_from(ids)), waste_items.c.recorded_at <= known_at)
        .group_by(dose.c.drawn_as, waste_items.c.put_in_at)
    )
    return {row.drawn_as: _placed(row) for row in db.execute(query)}


def returned(db: sa.Connection, ids: Ids, known_at: datetime) -> dict[int, datetime]:
    """When doses went back into their vials, by the dose as which they were drawn."""
    dose = _doses(known_at)
    query = (
        sa.select(dose.c.drawn_as, dose_returns.c.at)
        .join(dose_returns, dose_returns.c.dispensing_id == dose.c.id)
        .where(dose.c.drawn_as.in_(_drawn_from(ids)), dose_returns.c.at <= known_at)
    )
    return {row.drawn_as: row.at for row in db.execute(query)}


def discarded(db: sa.Connection, ids: Ids, known_at: datetime) -> dict[int, dict[int, Placed]]:
    """What containers and the drain took from vials, by vial and then by number of entry."""
    query = (
        sa.select(waste_items.c.vial_id, waste_items.c.sequence, waste_items.c.put_in_at)
        .add_columns(TAKEN)
        .join(vials, vials.c.id == waste_items.c.vial_id)
        .outerjoin(waste_shares, OF_ITEM)
        .join(waste_item_contents, _principal(vials.c.nuclide))
        .where(waste_items.c.vial_id.in_(ids), waste_items.c.recorded_at <= known_at)
        .group_by(waste_items.c.vial_id, waste_items.c.sequence, waste_items.c.put_in_at)
    )
    found: dict[int, dict[int, Placed]] = defaultdict(dict)
    for row in db.execute(query):
        found[row.vial_id][row.sequence] = _placed(row)
    for row in _poured(db, ids, known_at):
        poured = Placed(at=row.at, bq=row.activity_bq, route=Route.DISCHARGED)
        found[row.vial_id][row.sequence] = poured
    return found


def _poured(db: sa.Connection, ids: Ids, known_at: datetime) -> list[Row]:
    """What of vials went straight to the drain: the principal nuclide."""
    contents = discharge_contents.c
    query = (
        sa.select(discharges.c.vial_id, discharges.c.sequence, discharges.c.at)
        .add_columns(contents.activity_bq)
        .join(vials, vials.c.id == discharges.c.vial_id)
        .join(
            discharge_contents,
            sa.and_(contents.discharge_id == discharges.c.id, contents.nuclide == vials.c.nuclide),
        )
        .where(discharges.c.vial_id.in_(ids), discharges.c.at <= known_at)
    )
    return list(db.execute(query))


def recertified(db: sa.Connection, ids: Ids, known_at: datetime) -> set[int]:
    """Vials whose composition was corrected."""
    columns = vial_compositions.c
    query = sa.select(columns.vial_id).where(
        columns.vial_id.in_(ids), columns.version > 1, columns.recorded_at <= known_at
    )
    return set(db.scalars(query.distinct()))


def _residues(db: sa.Connection, ids: Ids, known_at: datetime) -> dict[int, list[Residue]]:
    """Residues by administration; one found later counts from when that was recorded."""
    found_at = (
        sa.select(reconciliations.c.recorded_at)
        .join(later_residues, later_residues.c.reconciliation_id == reconciliations.c.id)
        .where(later_residues.c.residue_id == residues.c.id)
        .scalar_subquery()
    )
    dose, item = _doses(known_at), waste_items
    query = (
        sa.select(residues.c.administration_id, residues.c.at_start_bq)
        .add_columns(item.c.put_in_at, TAKEN)
        .join(administrations, administrations.c.id == residues.c.administration_id)
        .join(dose, dose.c.id == administrations.c.dispensing_id)
        .outerjoin(
            item, sa.and_(item.c.residue_id == residues.c.id, item.c.recorded_at <= known_at)
        )
        .outerjoin(waste_shares, OF_ITEM)
        .outerjoin(waste_item_contents, _principal(dose.c.nuclide))
        .where(
            dose.c.drawn_as.in_(_drawn_from(ids)),
            sa.func.coalesce(found_at, administrations.c.recorded_at) <= known_at,
        )
        .group_by(
            residues.c.id, residues.c.administration_id, residues.c.at_start_bq, item.c.put_in_at
        )
        .order_by(residues.c.id)
    )
    left: dict[int, list[Residue]] = defaultdict(list)
    for row in db.execute(query):
        placed = None if row.put_in_at is None else _placed(row)
        left[row.administration_id].append(Residue(at_start_bq=row.at_start_bq, placed=placed))
    return left


def _doses(known_at: datetime) -> sa.Subquery:
    """Every dose with the one as which it was drawn: itself, unless it was made of a returned."""
    made = dose_reassignments
    return (
        sa.select(dispensings.c.id, dispensings.c.nuclide)
        .add_columns(sa.func.coalesce(made.c.drawn_as_id, dispensings.c.id).label("drawn_as"))
        .outerjoin(made, made.c.dispensing_id == dispensings.c.id)
        .where(dispensings.c.recorded_at <= known_at)
        .subquery()
    )


def _drawn_from(ids: Ids) -> sa.Select[tuple[int]]:
    return sa.select(draws.c.dispensing_id).where(draws.c.vial_id.in_(ids))


def _net(known_at: datetime) -> sa.ColumnElement[float]:
    newest = (
        sa.select(reconciliations.c.net_bq)
        .where(
            reconciliations.c.administration_id == administrations.c.id,
            reconciliations.c.recorded_at <= known_at,
        )
        .order_by(reconciliations.c.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    return sa.func.coalesce(newest, administrations.c.net_bq)


def _principal(nuclide: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """What every share of an item holds of *nuclide*; whole, it is its own only share."""
    contents = waste_item_contents.c
    share = sa.func.coalesce(waste_shares.c.item_id, waste_items.c.id)
    return sa.and_(contents.item_id == share, contents.nuclide == nuclide)


def _placed(row: Row) -> Placed:
    return Placed(at=row.put_in_at, bq=row.activity_bq)
