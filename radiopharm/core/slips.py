"""Slips by a well-known factor: a unit taken for another, a decimal point out of its place."""

from dataclasses import dataclass
from fractions import Fraction

NEAR = Fraction(10, 100)
TOO_MUCH = (
    (Fraction(10), "Is the decimal point in its place?"),
    (Fraction(1000, 37), "Is it mCi and not GBq?"),
    (Fraction(37), "Is it MBq and not mCi?"),
    (Fraction(1000), "Is it MBq and not GBq, or µCi and not mCi?"),
)
TOO_LITTLE = (
    (Fraction(10), "Is the decimal point in its place?"),
    (Fraction(1000, 37), "Is it GBq and not mCi?"),
    (Fraction(37), "Is it mCi and not MBq?"),
    (Fraction(1000), "Is it GBq and not MBq, or mCi and not µCi?"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """About how many times more, or less, than expected, and the question that it raises."""

    times: int
    is_more: bool
    question: str


def slip(said: float | int, expected: float | int, near: Fraction = NEAR) -> Slip | None:
    """The slip that *said* against *expected* looks like, both in Bq; None where it is none.

    Within *near* of a factor of 10, 27 (GBq and mCi), 37 or 1,000; the nearest one is named.
    """
    if said <= 0 or expected <= 0:
        return None
    ratio = Fraction(said) / Fraction(expected)
    is_more, size = ratio > 1, max(ratio, 1 / ratio)
    factor, question = min(
        TOO_MUCH if is_more else TOO_LITTLE, key=lambda known: abs(size / known[0] - 1)
    )
    if abs(size / factor - 1) > near:
        return None
    return Slip(times=round(factor), is_more=is_more, question=question)
