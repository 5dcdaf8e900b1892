"""Sums of fractions against a limit, and which small ones a rule lets be left out.

StrlSchV Anlage 4 lets nuclides be left out while that changes the sum by a tenth at most. Here it
is a tenth of the limit: the same wherever it decides, and then more of a nuclide can never make
another one negligible.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import ceil, floor, log10

from radiopharm.core.rule_packs import LegRule

DIGITS = 4
SMALLEST = Decimal("0.0001")  # less is not written out
MOST_LEFT_OUT = 8  # of that many nuclides any may be left out


def allowed(rule: LegRule, terms: Mapping[str, Fraction] | Mapping[str, float]) -> bool:
    """Whether the sum of *terms* holds, without those that are left out."""
    out = left_out(rule, terms)
    counted = (term for symbol, term in terms.items() if symbol not in out)
    return rule.holds(sum(counted), Fraction(rule.limit))


def left_out(rule: LegRule, terms: Mapping[str, Fraction] | Mapping[str, float]) -> frozenset[str]:
    """The nuclides whose leaving out makes the sum hold; none if it holds or fails anyway."""
    total, limit = sum(terms.values()), Fraction(rule.limit)
    if rule.leave_out is None or rule.holds(total, limit):
        return frozenset()
    most = Fraction(rule.leave_out) * limit
    if not rule.holds(total - most, limit):
        return frozenset()
    small = sorted((s for s in terms if terms[s] <= most), key=lambda s: -terms[s])[:MOST_LEFT_OUT]
    for size in range(1, len(small) + 1):
        for chosen in combinations(small, size):
            gone = sum(terms[symbol] for symbol in chosen)
            if gone <= most and rule.holds(total - gone, limit):
                return frozenset(chosen)
    return frozenset()


def rounded_up(number: Fraction) -> str:
    """Four significant digits, never rounded down to a limit that is exceeded."""
    if number < SMALLEST:
        return "0" if number == 0 else f"< {SMALLEST:f}"
    exponent = floor(log10(number)) - DIGITS + 1
    scaled = Decimal(ceil(number / Fraction(10) ** exponent)).scaleb(exponent)
    text = f"{scaled:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
