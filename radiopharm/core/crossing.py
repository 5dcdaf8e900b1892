"""When a sum of activities comes below its limit to stay: the last crossing, never the first.

A daughter that grows in may lift a sum over its limit again after it has fallen below. A search
that returns a root, any root, would release too early; this one starts from the far end, where
nothing can rise any more, and walks back only through spans that may exceed the limit.
"""

import math
from collections.abc import Callable

SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US

MayExceed = Callable[[int, float], bool]
Holds = Callable[[int], bool]


def holds_from(holds: Holds, may_exceed: MayExceed, most_us: int) -> int | None:
    """The first microsecond from which the limit holds for good; None if not within *most_us*.

    *holds* decides exactly at a microsecond. *may_exceed* is told a microsecond and how many
    follow, and answers False only if the limit holds throughout.
    """
    if not may_exceed(0, math.inf):
        return 0
    end = DAY_US
    while may_exceed(end, math.inf):
        if end > most_us:
            return None
        end *= 2
    found = _last_failing(holds, may_exceed, end)
    return found if found <= most_us else None


def _last_failing(holds: Holds, may_exceed: MayExceed, end: int) -> int:
    """The microsecond after the last at which it does not hold; the later half goes first."""
    spans = [(0, end)]
    while spans:
        begin, stop = spans.pop()
        if not may_exceed(begin, stop - begin):
            continue
        if stop - begin > SECOND_US:
            middle = (begin + stop) // 2
            spans += [(begin, middle), (middle, stop)]
        elif found := _within_a_second(holds, begin, stop):
            return found
    return 0


def _within_a_second(holds: Holds, begin: int, stop: int) -> int:
    """Where it begins to hold, in a span that changes once at most; 0 if it never fails."""
    if not holds(stop - 1):
        return stop
    if holds(begin):
        return 0
    fails, held = begin, stop - 1
    while held - fails > 1:
        middle = (fails + held) // 2
        fails, held = (fails, middle) if holds(middle) else (middle, held)
    return held
