"""Vials as registers read them."""

from typing import Any

import sqlalchemy as sa

from radiopharm.core.registers import Asked
from radiopharm.store.tables.accounts import users
from radiopharm.store.tables.vials import ledger_entries, vial_events, vials


def receipts(db: sa.Connection, site_id: int, asked: Asked) -> list[sa.Row[Any]]:
    """The vials received in a period, with who received, accepted, and took them back."""
    first, undone = ledger_entries.alias("first"), ledger_entries.alias("undone")
    accepted = vial_events.alias("accepted")
    receiver, acceptor, undoer = (users.alias(name) for name in ("receiver", "acceptor", "undoer"))
    was_undone = sa.and_(
        undone.c.vial_id == vials.c.id,
        undone.c.reverses_sequence == 1,
        undone.c.recorded_at <= asked.known_at,
    )
    was_accepted = sa.and_(
        accepted.c.vial_id == vials.c.id,
        accepted.c.kind == "accepted",
        accepted.c.recorded_at <= asked.known_at,
    )
    query = (
        sa.select(
            vials,
            first.c.reference_bq,
            first.c.volume_ul,
            receiver.c.display_name.label("receiver"),
            acceptor.c.display_name.label("acceptor"),
            undone.c.recorded_at.label("void_at"),
            undone.c.reason.label("void_reason"),
            undoer.c.display_name.label("voider"),
        )
        .join(first, sa.and_(first.c.vial_id == vials.c.id, first.c.sequence == 1))
        .join(receiver, receiver.c.id == vials.c.received_by)
        .outerjoin(accepted, was_accepted)
        .outerjoin(acceptor, acceptor.c.id == accepted.c.actor_id)
        .outerjoin(undone, was_undone)
        .outerjoin(undoer, undoer.c.id == undone.c.actor_id)
        .where(vials.c.received_at >= asked.period.since, vials.c.received_at < asked.period.until)
        .where(*_known(site_id, asked))
        .order_by(vials.c.received_at, vials.c.id)
    )
    return list(db.execute(query))


def held(site_id: int, asked: Asked) -> sa.Select[tuple[int]]:
    """The query for the ids of the vials that held something at the instant asked for."""
    entries = ledger_entries.c
    volume = (
        sa.select(sa.func.sum(entries.volume_ul))
        .where(
            entries.vial_id == vials.c.id,
            entries.occurred_at <= asked.at,
            entries.recorded_at <= asked.known_at,
        )
        .scalar_subquery()
    )
    return sa.select(vials.c.id).where(*_known(site_id, asked), volume > 0)


def come(site_id: int, asked: Asked) -> sa.Select[tuple[int]]:
    """The query for the ids of the vials that came before a period's end."""
    return sa.select(vials.c.id).where(
        *_known(site_id, asked), vials.c.received_at < asked.period.until
    )


def _known(site_id: int, asked: Asked) -> list[sa.ColumnElement[bool]]:
    """A site's vials that were known, of one lot where one is asked for."""
    found = [vials.c.site_id == site_id, vials.c.recorded_at <= asked.known_at]
    return [*found, vials.c.lot == asked.lot] if asked.lot else found
