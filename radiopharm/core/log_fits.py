"""A decay fitted to readings: the straight line through their logarithms, weighted.

With y = ln n and weights w = (n/u)², u being the standard uncertainty of n, the rate of decay is
λ = −Σ w (t − t̄) y / Σ w (t − t̄)², t̄ = Σ w t / Σ w, and its standard uncertainty
u(λ) = 1/√Σ w (t − t̄)². Where the readings scatter more than their u says, it is widened by the
Birge ratio √(χ²/(N − 2)). Least squares: Bevington and Robinson, Data Reduction and Error Analysis
for the Physical Sciences, chapter 6. Coverage of about 95 %: JCGM 100:2008 (GUM), 6.2 and table
G.2; the digits of a reading as a rectangle of half a digit's width to each side: GUM 4.3.7.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

FORMULA = "ln n = ln n₀ − λ t, weighted by (n/u)²; T½ = ln 2 / λ"
COVERAGE = 2.0
# Student's t for 95 % with 1, 2, … degrees of freedom (GUM, table G.2); beyond these, the last.
STUDENT_95 = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20, 2.18, 2.16, 2.14)


@dataclass(frozen=True, slots=True, kw_only=True)
class FitPoint:
    """A value above zero at *elapsed_s*, in any unit, with its relative standard uncertainty."""

    elapsed_s: float
    value: float
    relative: float

    @property
    def weight(self) -> float:
        return self.relative**-2


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFit:
    """The rate of decay per second and its expanded uncertainty, about 95 %.

    A rate below zero rises. `birge` is None for two points, whose line has nothing to scatter
    about: their uncertainty is that of the digits alone.
    """

    rate: float
    expanded: float
    birge: float | None
    middle_s: float
    middle_ln: float

    @property
    def half_life_s(self) -> float | None:
        """None where the readings do not fall."""
        return half_life(self.rate)

    @property
    def shortest_s(self) -> float | None:
        """The shortest half-life within the uncertainty; None where even that does not fall."""
        return half_life(self.rate + self.expanded)

    @property
    def longest_s(self) -> float | None:
        """The longest within it; None where they may as well not fall at all."""
        return half_life(self.rate - self.expanded)

    def at(self, elapsed_s: float) -> float:
        """The line's value at an instant, in the unit of the readings."""
        return math.exp(self.middle_ln - self.rate * (elapsed_s - self.middle_s))


def half_life(rate: float) -> float | None:
    """Seconds in which half is gone at a *rate* per second; None if nothing goes."""
    return math.log(2.0) / rate if rate > 0 else None


def fit(points: Sequence[FitPoint]) -> LogFit | None:
    """The decay through *points*; None with fewer than two instants, through which none goes."""
    if len({point.elapsed_s for point in points}) < 2:
        return None
    whole = sum(point.weight for point in points)
    middle_s = sum(point.weight * point.elapsed_s for point in points) / whole
    middle_ln = sum(point.weight * math.log(point.value) for point in points) / whole
    spread = sum(point.weight * (point.elapsed_s - middle_s) ** 2 for point in points)
    leaning = sum(p.weight * (p.elapsed_s - middle_s) * math.log(p.value) for p in points)
    rate, standard = -leaning / spread, 1 / math.sqrt(spread)
    line = LogFit(
        rate=rate,
        expanded=COVERAGE * standard,
        birge=None,
        middle_s=middle_s,
        middle_ln=middle_ln,
    )
    return _widened(line, points, standard) if len(points) > 2 else line


def digit_uncertainty(number: Decimal) -> float:
    """The standard uncertainty that its last written digit alone gives a reading."""
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)  # a reading is a number
    return 10.0**exponent / math.sqrt(12)


def _widened(line: LogFit, points: Sequence[FitPoint], standard: float) -> LogFit:
    """*line* with the scatter about it in its uncertainty, where that is more."""
    freedom = len(points) - 2
    off = (p.weight * math.log(p.value / line.at(p.elapsed_s)) ** 2 for p in points)
    birge = math.sqrt(sum(off) / freedom)
    student = STUDENT_95[min(freedom, len(STUDENT_95)) - 1]
    return replace(line, birge=birge, expanded=max(line.expanded, student * birge * standard))
