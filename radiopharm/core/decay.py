"""Activity as a pure function of time: one nuclide or a chain, after the reference or before it.

Nothing stored says "current activity"; this module does. After the reference every answer is
non-negative by construction, before it an impossible one is an error; nothing is ever clamped.
"""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

from radiopharm.core.chains import evolve, vanishing_exp
from radiopharm.core.nuclides import NuclearData

LN2 = math.log(2.0)
MAX_HALF_LIVES = 1000.0
_BISECTIONS = 80  # halves any interval to the last digit of a double


class OutOfRange(ValueError):
    """An elapsed time beyond ±1,000 half-lives, where a figure would mean nothing."""


class UndefinedBefore(ValueError):
    """A declared composition that cannot have existed so early.

    `nuclide` would be negative before `elapsed_s`, seconds from the reference (zero or negative).
    """

    def __init__(self, nuclide: str, elapsed_s: float) -> None:
        super().__init__(f"{nuclide} would have been negative earlier than {elapsed_s} s")
        self.nuclide = nuclide
        self.elapsed_s = elapsed_s


def seconds(a: datetime, b: datetime) -> float:
    """Seconds that really pass from *a* to *b*; negative when *b* is the earlier.

    Both must be aware. They are taken to UTC first: Python subtracts two times of one zone by
    the clock on the wall, an hour wrong across a change of summer time.
    """
    if a.utcoffset() is None or b.utcoffset() is None:
        raise ValueError("an instant needs its offset from UTC")
    return (b.astimezone(UTC) - a.astimezone(UTC)).total_seconds()


def require_in_range(elapsed_s: float, half_life_s: float) -> None:
    """Raise `OutOfRange` unless *elapsed_s* is within ±1,000 half-lives."""
    if not abs(elapsed_s) <= MAX_HALF_LIVES * half_life_s:
        raise OutOfRange("That is more than 1,000 half-lives away.")


def decay_factor(elapsed_s: float, half_life_s: float) -> float:
    """The fraction left after *elapsed_s*, exp(−ln2 Δt/T½); above one when Δt is negative.

    Exactly 0 when the exponent is below −700. Raises `OutOfRange` beyond ±1,000 half-lives.
    """
    require_in_range(elapsed_s, half_life_s)
    return vanishing_exp(-LN2 * elapsed_s / half_life_s)


def elapsed_until(activity_from: float, activity_to: float, half_life_s: float) -> float:
    """Seconds in which one nuclide goes from one activity to the other; negative when it grows.

    Both activities in the same unit and more than zero.
    """
    if not (activity_from > 0 and activity_to > 0):
        raise ValueError("only an activity above zero is reached by decay")
    return half_life_s * math.log2(activity_from / activity_to)


def chain_activities(
    initial: Mapping[str, float], elapsed_s: float, data: NuclearData
) -> dict[str, float]:
    """Activities in Bq after *elapsed_s* of what was declared and everything it becomes.

    *initial* holds the declared activities in Bq at zero. The answer lists every radioactive
    member, parents before daughters, each to 1e-12 of itself. Before zero it lists the declared
    members only, which run backwards with what feeds them among each other: what else had grown
    in by then is not known. There it raises `UndefinedBefore` where a declared member would be
    negative, and `OutOfRange` beyond 1,000 half-lives of one. Forwards any time will do: what is
    gone is 0.
    """
    if not math.isfinite(elapsed_s):
        raise OutOfRange("That time cannot be reckoned with.")
    if not all(0 <= activity < math.inf for activity in initial.values()):
        raise ValueError("a declared activity is a number of becquerels, zero or more")
    if elapsed_s < 0:
        return _backwards(initial, elapsed_s, data)
    members = data.chain(*initial)
    return _evolve({symbol: initial.get(symbol, 0.0) for symbol in members}, elapsed_s, data)


def contents(
    balance_bq: int | float,
    ratios: Mapping[str, Fraction | Decimal],
    principal: str,
    elapsed_s: float,
    data: NuclearData,
) -> dict[str, float]:
    """What a balance of the principal nuclide at the reference is, in Bq, *elapsed_s* later.

    *ratios* are the declared impurities' activities per activity of the principal at the
    reference; a draw keeps them. Raises as `chain_activities`.
    """
    if principal in ratios:
        raise ValueError("the principal nuclide is no impurity of itself")
    if not 0 <= balance_bq < math.inf:
        raise ValueError("a balance is a number of becquerels, zero or more")
    declared = {symbol: balance_bq * float(ratio) for symbol, ratio in ratios.items()}
    return chain_activities({principal: float(balance_bq)} | declared, elapsed_s, data)


def _backwards(
    initial: Mapping[str, float], elapsed_s: float, data: NuclearData
) -> dict[str, float]:
    for symbol in initial:
        require_in_range(elapsed_s, data.get(symbol).half_life_s)
    _require_closed(initial, data)
    declared = {symbol: initial[symbol] for symbol in data.chain(*initial) if symbol in initial}
    activities = _evolve(declared, elapsed_s, data)
    if not all(math.isfinite(activity) for activity in activities.values()):
        raise OutOfRange("So long before its reference this would be more than any number.")
    if _negative(activities):
        raise _undefined(declared, elapsed_s, data)
    return activities


def _require_closed(initial: Mapping[str, float], data: NuclearData) -> None:
    """A declared daughter fed through an undeclared one has no past that could be computed."""
    for symbol, activity in initial.items():
        undeclared = [member for member in data.chain(symbol) if member not in initial]
        reached = {member for gap in undeclared for member in data.chain(gap)}
        if activity and (unfounded := reached & initial.keys()):
            raise UndefinedBefore(min(unfounded), 0.0)


def _undefined(
    declared: Mapping[str, float], elapsed_s: float, data: NuclearData
) -> UndefinedBefore:
    """Backwards a member once negative stays so, hence the instant is found by halving."""
    negative_at, defined_at = elapsed_s, 0.0
    for _ in range(_BISECTIONS):
        middle = (negative_at + defined_at) / 2
        if _negative(_evolve(declared, middle, data)):
            negative_at = middle
        else:
            defined_at = middle
    culprits = _negative(_evolve(declared, negative_at, data))
    return UndefinedBefore(culprits[0], defined_at)


def _negative(activities: Mapping[str, float]) -> list[str]:
    return [symbol for symbol, activity in activities.items() if activity < 0]


def _evolve(declared: Mapping[str, float], elapsed_s: float, data: NuclearData) -> dict[str, float]:
    """*declared* (parents first), *elapsed_s* later, fed only by one another."""
    if elapsed_s == 0:
        return {symbol: float(activity) for symbol, activity in declared.items()}
    members = list(declared)
    rates = [LN2 / data.get(symbol).half_life_s for symbol in members]
    feeds = _feeds(members, data)
    start = [float(activity) for activity in declared.values()]
    return dict(zip(members, evolve(start, rates, feeds, elapsed_s), strict=True))


def _feeds(members: list[str], data: NuclearData) -> list[list[float]]:
    """feeds[j][i]: the fraction of decays of member i that make member j."""
    feeds = [[0.0] * len(members) for _ in members]
    row = {symbol: j for j, symbol in enumerate(members)}
    for i, symbol in enumerate(members):
        for branch in data.get(symbol).branches:
            if branch.daughter in row:
                feeds[row[branch.daughter]][i] += branch.fraction
    return feeds
