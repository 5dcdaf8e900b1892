"""Hand-overs of what was in a vial: to whom, under which licence, and with which papers."""

from dataclasses import asdict, fields
from typing import Any

import sqlalchemy as sa

from radiopharm.core.leaving import HandOver, Papers
from radiopharm.store.tables.hand_overs import vial_hand_overs


def add(db: sa.Connection, vial_id: int, sequence: int, to: HandOver) -> int:
    """Write to whom an entry's volume went; returns its id."""
    values = {
        "vial_id": vial_id,
        "sequence": sequence,
        "recipient": to.recipient,
        "licence": to.licence_number,
        **asdict(to.papers),
    }
    return int(db.execute(vial_hand_overs.insert().values(**values)).inserted_primary_key[0])


def of_vial(db: sa.Connection, vial_id: int) -> dict[int, HandOver]:
    """The hand-over of each entry that has one, by its number in the ledger."""
    columns = vial_hand_overs.c
    rows = db.execute(sa.select(vial_hand_overs).where(columns.vial_id == vial_id))
    return {row.sequence: _hand_over(row) for row in rows}


def _hand_over(row: sa.Row[Any]) -> HandOver:
    papers = Papers(**{each.name: getattr(row, each.name) for each in fields(Papers)})
    return HandOver(recipient=row.recipient, licence_number=row.licence, papers=papers)
