"""Consignments as they are found: by the number that containers and vials left with."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.core.consignments import Receipt, Receive
from radiopharm.store.tables.accounts import users
from radiopharm.store.tables.consignments import consignment_receipts
from radiopharm.store.tables.hand_overs import hand_overs, vial_hand_overs
from radiopharm.store.tables.vials import ledger_entries, vials
from radiopharm.store.tables.waste import waste_containers, waste_events, waste_releases

Key = tuple[datetime, int]
"""When the last piece of a consignment left, and a number no other consignment has then."""
KINDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Something of a consignment: a container, or an entry of a vial's book."""

    container_id: int | None
    vial_id: int | None
    sequence: int | None


def numbers(
    db: sa.Connection, site_id: int, before: Key | None, size: int
) -> tuple[list[str], Key | None]:
    """At most *size* numbers, the one that left last first, and the key of the next page."""
    left = _left(site_id).subquery()
    last_at = sa.func.max(left.c.left_at).label("last_at")
    serial = sa.func.max(left.c.serial).label("serial")
    query = sa.select(left.c.number, last_at, serial).group_by(left.c.number)
    if before is not None:
        at, number = before
        query = query.having(
            sa.or_(last_at < at, sa.and_(last_at == at, serial < number))  # the key's own order
        )
    rows = db.execute(query.order_by(last_at.desc(), serial.desc()).limit(size + 1)).all()
    more = rows[size - 1] if len(rows) > size else None
    return [row.number for row in rows[:size]], (more.last_at, more.serial) if more else None


def parts(db: sa.Connection, site_id: int, wanted: Sequence[str]) -> dict[str, list[Part]]:
    """What left under each number of *wanted*, in the order it left."""
    left = _left(site_id).subquery()
    query = sa.select(left).where(left.c.number.in_(wanted))
    found: dict[str, list[Part]] = defaultdict(list)
    for row in db.execute(query.order_by(left.c.left_at, left.c.serial)):
        part = Part(container_id=row.container_id, vial_id=row.vial_id, sequence=row.sequence)
        found[row.number].append(part)
    return found


def receipts(db: sa.Connection, site_id: int, wanted: Sequence[str]) -> dict[str, list[Receipt]]:
    """Who took each number of *wanted* over, in the order it was entered."""
    columns = consignment_receipts.c
    query = (
        sa.select(consignment_receipts, users.c.display_name.label("actor"))
        .join(users, users.c.id == columns.actor_id)
        .where(columns.site_id == site_id, columns.number.in_(wanted))
        .order_by(columns.id)
    )
    found: dict[str, list[Receipt]] = defaultdict(list)
    for row in db.execute(query):
        found[row.number].append(_receipt(row))
    return found


def add_receipt(db: sa.Connection, command: Receive, **values: Any) -> int:
    """Write who took a consignment over; returns the receipt's id."""
    said = {
        "number": command.number,
        "received_by": command.received_by,
        "received_at": command.received_at,
        "documents": command.documents,
    }
    made = db.execute(consignment_receipts.insert().values(**said, **values))
    return int(made.inserted_primary_key[0])


def _receipt(row: sa.Row[Any]) -> Receipt:
    return Receipt(
        received_by=row.received_by,
        received_at=row.received_at,
        documents=row.documents,
        recorded_at=row.recorded_at,
        actor=row.actor,
    )


def _left(site_id: int) -> sa.CompoundSelect[Any]:
    return sa.union_all(_handed_over(site_id), _released(site_id), _from_vials(site_id))


def _handed_over(site_id: int) -> sa.Select[Any]:
    return (
        _piece(0, hand_overs, waste_events.c.at, container=waste_events.c.container_id)
        .join(waste_events, waste_events.c.id == hand_overs.c.event_id)
        .join(waste_containers, waste_containers.c.id == waste_events.c.container_id)
        .where(waste_containers.c.site_id == site_id)
    )


def _released(site_id: int) -> sa.Select[Any]:
    columns = waste_releases.c
    return (
        _piece(1, waste_releases, columns.at, container=columns.container_id)
        .join(waste_containers, waste_containers.c.id == columns.container_id)
        .where(waste_containers.c.site_id == site_id)
    )


def _from_vials(site_id: int) -> sa.Select[Any]:
    columns, entries = vial_hand_overs.c, ledger_entries.c
    same = sa.and_(entries.vial_id == columns.vial_id, entries.sequence == columns.sequence)
    return (
        _piece(2, vial_hand_overs, entries.occurred_at, vial=columns.vial_id, no=columns.sequence)
        .join(ledger_entries, same)
        .join(vials, vials.c.id == columns.vial_id)
        .where(vials.c.site_id == site_id)
    )


def _piece(
    kind: int,
    table: sa.Table,
    left_at: sa.Column[datetime],
    *,
    container: sa.ColumnElement[Any] | None = None,
    vial: sa.ColumnElement[Any] | None = None,
    no: sa.ColumnElement[Any] | None = None,
) -> sa.Select[Any]:
    """Rows of one of the tables whose rows carry a number; `serial` is of no other row."""
    nothing = sa.cast(sa.null(), sa.BigInteger)
    return (
        sa.select(
            table.c.consignment.label("number"),
            left_at.label("left_at"),
            (table.c.id * KINDS + kind).label("serial"),
            (nothing if container is None else container).label("container_id"),
            (nothing if vial is None else vial).label("vial_id"),
            (nothing if no is None else no).label("sequence"),
        )
        .select_from(table)
        .where(table.c.consignment != "")
    )
