"""The patients whose excretion is in a tank: what each was given, and what is known of it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from radiopharm.core.discharge_figures import FigureKind
from radiopharm.core.excretion import parse_excretion
from radiopharm.core.figures import Status
from radiopharm.core.portions import portions, together
from radiopharm.core.reference import Reference
from radiopharm.core.tanks import ExcretionFigure, Filling, Stay
from radiopharm.core.waste import Portion
from radiopharm.store import Connection, administrations, discharges, doses, tanks, vials


def with_stays(
    db: Connection, reference: Reference, site_id: int, filling: Filling, at: datetime
) -> Filling:
    """The filling with what each dose counted in it was at its start, as known at *at*."""
    entered = discharges.figures(db, site_id, FigureKind.EXCRETION, at)
    rows = tanks.stays(db, [filling.id])[filling.id]
    stays = tuple(_stay(db, reference, site_id, row, entered) for row in rows)
    return replace(filling, stays=stays)


def _stay(
    db: Connection, reference: Reference, site_id: int, row: Any, entered: dict[str, Any]
) -> Stay:
    dose = doses.get(db, site_id, row.dispensing_id)
    given = administrations.of_dose(db, dose.id)
    assert given is not None  # a stay is counted of a given dose only
    start = given["started_at"]
    found = [
        part
        for draw in dose.draws
        for part in portions(vials.get(db, site_id, draw.vial_id), draw.share, start, reference)
    ]
    return Stay(
        dose=dose.code,
        room=row.room,
        product=dose.product,
        given_at=start,
        from_at=row.from_at,
        net=_scaled(together(found), given["net_bq"]),
        excretion=_excretion(reference, dose.product, entered),
    )


def _scaled(booked: tuple[Portion, ...], net_bq: float) -> tuple[Portion, ...]:
    """What was given, by its reading; impurities in proportion to the principal nuclide."""
    principal = booked[0].activity_bq
    scale = net_bq / principal if principal else 0.0
    return tuple(replace(each, activity_bq=round(each.activity_bq * scale)) for each in booked)


def _excretion(
    reference: Reference, product: str, entered: dict[str, Any]
) -> ExcretionFigure | None:
    """The site's own entry where it made one, else the product's figure; None where neither is."""
    if row := entered.get(product):
        value = parse_excretion(row.value)
        source = f"entered by the site: {row.source}"
        return ExcretionFigure(value=value, text=row.value, source=source, status=Status.UNVERIFIED)
    figure = reference.products[product].excretion
    if figure is None:
        return None
    return ExcretionFigure(
        value=figure.value, text=figure.text, source=figure.source, status=figure.status
    )
