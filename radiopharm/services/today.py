"""The working day, read in a number of statements that does not grow with it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from radiopharm.core.directives import Directive
from radiopharm.core.flags import FlagKind
from radiopharm.core.patients import Patient
from radiopharm.core.reference import Reference
from radiopharm.core.states import DirectiveState, directive_state
from radiopharm.core.stock import seen
from radiopharm.core.today import Appointment, appointment
from radiopharm.core.vials import Happening, Vial
from radiopharm.store import (
    Connection,
    directive_lists,
    directives,
    flags,
    patients,
    stock,
    vials,
)
from radiopharm.store.directive_lists import Filters

MOST = 200  # appointments of one day on one page
OPEN = (DirectiveState.DRAFT, DirectiveState.ORAL, DirectiveState.SIGNED)
URGENT = (FlagKind.RECALL, FlagKind.ORAL_OVERDUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The appointments by planned time, and who the patients are where that may be seen.

    `urgent` are the open flags about directives, of whatever day.
    """

    appointments: list[Appointment]
    people: dict[str, Patient]
    urgent: list[Any]
    is_cut: bool


def day(
    db: Connection,
    reference: Reference,
    site_id: int,
    start: datetime,
    end: datetime,
    now: datetime,
    *,
    with_identity: bool,
) -> Day:
    """What is planned in [*start*, *end*), with what to draw from the vials kept for it."""
    filters = Filters(start=start, end=end)
    ids, following = directive_lists.page(db, site_id, filters, None, MOST)
    found = directives.by_ids(db, site_id, ids)
    kept = _kept(db, site_id, [each for each in found if directive_state(each) in OPEN])
    urgent = [row for kind in URGENT for row in flags.of_kind(db, site_id, kind)]
    recalled = {row.subject_id for row in urgent if row.kind == FlagKind.RECALL}
    lines = [_appointment(each, reference, kept.get(each.id, []), now) for each in found]
    return Day(
        appointments=[
            replace(line, is_recalled=line.directive.live_dose_id in recalled) for line in lines
        ],
        urgent=urgent,
        people=patients.by_references(
            db, site_id, [each.patient for each in found] if with_identity else []
        ),
        is_cut=following is not None,
    )


def line(db: Connection, reference: Reference, directive: Directive, now: datetime) -> Appointment:
    """One directive's line, whatever its day."""
    kept = _kept(db, directive.site_id, [directive])
    return _appointment(directive, reference, kept.get(directive.id, []), now)


def _appointment(
    directive: Directive, reference: Reference, kept: Iterable[Vial], now: datetime
) -> Appointment:
    at = directive.newest.planned_for
    shown = [seen(vial, vial.ledger.balance, at, reference) for vial in kept]
    return appointment(directive, reference.products[directive.newest.product], shown, now)


def _kept(db: Connection, site_id: int, wanted: list[Directive]) -> dict[int, list[Vial]]:
    """The vials kept for each directive now, those emptied since left out."""
    ids = stock.ever_kept_ids(db, site_id, [directive.id for directive in wanted])
    found: dict[int, list[Vial]] = {}
    for vial in vials.by_ids(db, site_id, ids):
        allocated = vial.latest(Happening.ALLOCATED)
        if allocated and allocated.directive_id and vial.ledger.balance.volume_ul:
            found.setdefault(allocated.directive_id, []).append(vial)
    return found
