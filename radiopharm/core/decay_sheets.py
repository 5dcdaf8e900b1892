"""A vial's day in quarter hours: what it holds and what to draw, for when the system is down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from radiopharm.core.drawing import volume_for
from radiopharm.core.ledger import Amount
from radiopharm.core.local_time import midnight
from radiopharm.core.reference import Reference
from radiopharm.core.states import use_by
from radiopharm.core.stock import VialAt, seen
from radiopharm.core.vials import Vial

STEP = timedelta(minutes=15)
NOT_ENOUGH, EXPIRED = "not enough", "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """The vial at one instant, and for each dose the microlitres to draw or why none can be."""

    at: datetime
    activity_bq: float
    bq_per_ul: float | None
    draws: tuple[int | str, ...]


def quarter_hours(day: date, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Every 15 minutes from midnight to midnight on the wall: 92, 96 or 100 instants in UTC."""
    start, end = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    return tuple(start + n * STEP for n in range((end - start) // STEP))


def rows(
    vial: Vial, instants: Sequence[datetime], doses_bq: Sequence[int], reference: Reference
) -> tuple[SheetRow, ...]:
    """The vial as its book stands now, at each of *instants*, with the volume for each dose.

    Instants so early that the declared composition cannot have been are left out.
    """
    views = [seen(vial, vial.ledger.balance, at, reference) for at in instants]
    return tuple(
        SheetRow(
            at=view.at,
            activity_bq=view.activity_bq,
            bq_per_ul=view.concentration,
            draws=tuple(_draw(view, dose_bq) for dose_bq in doses_bq),
        )
        for view in views
        if view.activity_bq is not None
    )


def _draw(view: VialAt, dose_bq: int) -> int | str:
    held: Amount = view.vial.ledger.balance
    volume_ul = volume_for(view, dose_bq)
    if view.at >= use_by(view.vial, view.at):
        return EXPIRED
    if volume_ul is None or volume_ul > held.volume_ul:
        return NOT_ENOUGH
    return volume_ul
