"""How much of an administered dose is excreted by when: sourced steps, never a curve through them.

Between two points the later one counts, and before a stay the earlier one, so what a tank may hold
is never said too low; after the last point no more is known than its fraction.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

_POINT = re.compile(r"(?P<percent>\d+(?:\.\d+)?) % by (?P<hours>\d+(?:\.\d+)?) h", re.ASCII)
WRITTEN = 'Write it as "44 % by 5 h; 58 % by 24 h", hours and per cents rising.'


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The fraction of what was given that has been excreted `by_s` seconds after the start."""

    by_s: Fraction
    fraction: Fraction


@dataclass(frozen=True, slots=True)
class Excretion:
    """The points, first to last; at least one."""

    points: tuple[Point, ...]

    def by(self, elapsed_s: float) -> Fraction:
        """The fraction excreted by then, decay apart: that of the first point not before it."""
        if elapsed_s <= 0:
            return Fraction(0)
        reached = (point.fraction for point in self.points if elapsed_s <= point.by_s)
        return next(reached, self.points[-1].fraction)

    def surely_by(self, elapsed_s: float) -> Fraction:
        """The fraction that had left by then for certain: that of the last point reached."""
        reached = (point.fraction for point in self.points if point.by_s <= elapsed_s)
        return max(reached, default=Fraction(0))


def parse_excretion(text: str) -> Excretion:
    """Read ``44 % by 5 h; 58 % by 24 h``; raises `ValueError` with how to write it."""
    matches = [_POINT.fullmatch(part.strip()) for part in text.split(";")]
    points = tuple(
        Point(by_s=Fraction(match["hours"]) * 3600, fraction=Fraction(match["percent"]) / 100)
        for match in matches
        if match
    )
    if len(points) < len(matches) or not _rising(points):
        raise ValueError(WRITTEN)
    return Excretion(points)


def _rising(points: tuple[Point, ...]) -> bool:
    hours = [point.by_s for point in points]
    fractions = [point.fraction for point in points]
    return (
        hours == sorted(set(hours))
        and fractions == sorted(fractions)
        and hours[0] > 0
        and fractions[-1] <= 1
    )
