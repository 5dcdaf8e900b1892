"""A container's activity over time, with a step wherever something went in."""

from datetime import datetime, timedelta

from radiopharm.core.checking import ContainerAt
from radiopharm.core.curves import POINTS, Point
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.waste import contents

HALF_LIVES_SHOWN = 10
MOST = timedelta(days=3650)
LONGER = timedelta(days=1)


def container_curve(seen: ContainerAt, data: NuclearData) -> tuple[Point, ...]:
    """Everything in it from the first item until it may leave, or ten half-lives of the shortest.

    Ten years at most; two points at one instant where something went in. Empty while nothing has.
    """
    facts = seen.container.facts()
    if not facts.items:
        return ()
    begin, until = min(item.put_in_at for item in facts.items), _until(seen)
    steps = sorted({item.put_in_at for item in facts.items if begin < item.put_in_at <= until})
    even = [begin + n * (until - begin) / POINTS for n in range(POINTS + 1)]
    before = [(at - timedelta(microseconds=1), at) for at in steps]
    wanted = [*((at, at) for at in {*even, *steps}), *before]
    return tuple(
        Point(at=shown_at, activity_bq=sum(contents(facts, counted_at, data).values()))
        for shown_at, counted_at in sorted((shown, counted) for counted, shown in wanted)
    )


def container_marks(seen: ContainerAt, data: NuclearData) -> tuple[Point, ...]:
    """The seal, and the instant from which all legs hold that depend on time."""
    facts, earliest_at = seen.container.facts(), seen.check.earliest_at
    marks = [(facts.sealed_at, "sealed"), (earliest_at, "earliest release")]
    return tuple(
        Point(at=at, activity_bq=sum(contents(facts, at, data).values()), label=label)
        for at, label in marks
        if at is not None
    )


def _until(seen: ContainerAt) -> datetime:
    facts = seen.container.facts()
    last = facts.last_put_in_at
    ten = timedelta(seconds=min(HALF_LIVES_SHOWN * facts.nuclides[0].half_life_s, 1e9))
    latest = max(last + ten, seen.at, seen.check.earliest_at or last)
    return min(latest + LONGER, max(last, seen.at) + MOST)
