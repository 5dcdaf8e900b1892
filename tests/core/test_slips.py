"""Slips by a factor: the nearest one is named, in the direction that makes sense."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiopharm.core.slips import slip

GBQ = 10**9


@pytest.mark.parametrize(
    ("said", "question"),
    [
        (200 * GBQ, "Is it mCi and not GBq?"),
        (round(7.4 * 37e6), "Is it GBq and not mCi?"),
        (200 * 10**6, "Is it mCi and not MBq?"),
        (7400 * 37 * 10**6, "Is it MBq and not mCi?"),
        (74 * GBQ, "Is the decimal point in its place?"),
    ],
)
def test_the_question_names_the_unit_that_was_meant(said: int, question: str) -> None:
    found = slip(said, round(7.4e9))
    assert found is not None
    assert found.question == question


def test_the_tolerance_itself_is_near() -> None:
    assert slip(11, 1, Fraction(1, 10)) is not None
    assert slip(11.0000001, 1, Fraction(1, 10)) is None


@given(st.floats(1e3, 1e12), st.floats(1e3, 1e12))
def test_more_one_way_is_less_the_other_way(one: float, other: float) -> None:
    there, back = slip(one, other), slip(other, one)
    assert (there is None) is (back is None)
    if there and back:
        assert (there.times, there.is_more) == (back.times, not back.is_more)


@pytest.mark.parametrize("nothing", [0, -1])
def test_nothing_is_no_multiple_of_anything(nothing: int) -> None:
    assert slip(nothing, 1) is None
    assert slip(1, nothing) is None
