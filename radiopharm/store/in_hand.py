"""What stands beside the vials: doses that are drawn and not gone, residues in no container yet."""

from datetime import datetime

import sqlalchemy as sa

from radiopharm.store.tables.administrations import administrations, residues
from radiopharm.store.tables.doses import dispensings, dose_reassignments, dose_returns, draws
from radiopharm.store.tables.vials import ledger_entries, vials
from radiopharm.store.tables.waste import waste_items

DRAWN_AS = sa.func.coalesce(dose_reassignments.c.drawn_as_id, dispensings.c.id)
"""The dose as which it was drawn: itself, unless it was made of a returned one."""


def vials_of(site_id: int, at: datetime) -> sa.Select[tuple[int]]:
    """The query for the vials of which a dose, or a residue of one, may still be here at *at*.

    It asks for few rather than for exactly those: what became of each, its books say.
    """
    return (
        sa.select(draws.c.vial_id)
        .join(vials, vials.c.id == draws.c.vial_id)
        .join(
            ledger_entries,
            sa.and_(
                ledger_entries.c.vial_id == draws.c.vial_id,
                ledger_entries.c.sequence == draws.c.sequence,
            ),
        )
        .where(vials.c.site_id == site_id, ledger_entries.c.occurred_at <= at)
        .where(draws.c.dispensing_id.not_in(_gone(at)))
        .distinct()
    )


def _gone(at: datetime) -> sa.CompoundSelect[tuple[int]]:
    """Doses, as drawn, that by then were thrown away, put back, or given with nothing left over."""
    return sa.union_all(
        _doses()
        .join(waste_items, waste_items.c.dispensing_id == dispensings.c.id)
        .where(waste_items.c.put_in_at <= at),
        _doses()
        .join(dose_returns, dose_returns.c.dispensing_id == dispensings.c.id)
        .where(dose_returns.c.at <= at),
        _doses()
        .join(administrations, administrations.c.dispensing_id == dispensings.c.id)
        .where(administrations.c.started_at <= at, ~_left_over(at)),
    )


def _doses() -> sa.Select[tuple[int]]:
    made = dose_reassignments
    drawn = dispensings.outerjoin(made, made.c.dispensing_id == dispensings.c.id)
    return sa.select(DRAWN_AS).select_from(drawn)


def _left_over(at: datetime) -> sa.Exists:
    put_in = sa.exists().where(
        waste_items.c.residue_id == residues.c.id, waste_items.c.put_in_at <= at
    )
    return sa.exists().where(residues.c.administration_id == administrations.c.id, ~put_in)
