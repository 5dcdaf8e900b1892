"""A vial's activity over its life, with a step wherever something was drawn or put back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from radiopharm.core.decay import OutOfRange, UndefinedBefore
from radiopharm.core.ledger import Entry, balance_at
from radiopharm.core.reference import Reference
from radiopharm.core.vials import Happening, Vial, activity, nuclear_data

POINTS = 96
MARKED = {
    Happening.QUARANTINED,
    Happening.RELEASED,
    Happening.OPENED,
    Happening.THAWED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The principal nuclide's activity in Bq; what happened then, in a word."""

    at: datetime
    activity_bq: float
    label: str = ""


def curve(
    vial: Vial, entries: Sequence[Entry], until: datetime, reference: Reference
) -> tuple[Point, ...]:
    """The activity from arrival to *until*; two points at one instant where the book changed.

    Instants at which the declared composition cannot have been are left out.
    """
    start = min(entry.occurred_at for entry in entries)
    span = until - start
    steps = sorted({entry.occurred_at for entry in entries if start < entry.occurred_at <= until})
    even = [start + n * span / POINTS for n in range(POINTS + 1)]
    wanted = [(at, at) for at in even if at not in steps]
    wanted += [(at, at - timedelta(microseconds=1)) for at in steps] + [(at, at) for at in steps]
    # Before a step stands what was held a microsecond earlier, drawn at the step's own instant.
    return _points(vial, entries, sorted(wanted), reference)


def happenings(vial: Vial, entries: Sequence[Entry], reference: Reference) -> tuple[Point, ...]:
    """What is worth a dot: entries that were never reversed, and what started or stopped use."""
    undone = {entry.reverses for entry in entries if entry.reverses is not None}
    marks = [
        (entry.occurred_at, str(entry.kind))
        for entry in entries[1:]
        if entry.sequence not in undone and entry.reverses is None
    ]
    marks += [(event.occurred_at, str(event.kind)) for event in vial.events if event.kind in MARKED]
    found = []
    for at, label in sorted(marks):
        found += [
            Point(at=point.at, activity_bq=point.activity_bq, label=label)
            for point in _points(vial, entries, [(at, at)], reference)
        ]
    return tuple(found)


def _points(
    vial: Vial,
    entries: Sequence[Entry],
    wanted: Sequence[tuple[datetime, datetime]],
    reference: Reference,
) -> tuple[Point, ...]:
    """For each pair: the activity at the first instant of what was held at the second."""
    data = nuclear_data(vial, reference)
    found = []
    for at, counted_to in wanted:
        held = balance_at(entries, counted_to)
        if held is None:
            continue
        try:
            found.append(Point(at=at, activity_bq=activity(vial, held, at, data)))
        except (UndefinedBefore, OutOfRange):
            continue
    return tuple(found)
