"""What may be left out of a sum, which is chosen, and how a sum is written."""

from decimal import Decimal
from fractions import Fraction

import pytest

from radiopharm.core.sums import left_out, rounded_up
from tests.core.making_rules import make_rule


def out(*terms: str, limit: str = "1", leave_out: str | None = "0.1") -> list[str]:
    """Which of *terms* are left out, by their numbers."""
    share = {"leave_out": Decimal(leave_out)} if leave_out else {}
    rule = make_rule("concentration", {"Lu-177": "1"}, limit=Decimal(limit), **share)
    found = left_out(rule, {str(n): Fraction(term) for n, term in enumerate(terms)})
    return sorted(found, key=int)


def test_the_fewest_that_make_it_hold_are_left_out() -> None:
    assert out("1", "0.06", "0.03") == ["1", "2"]
    assert out("0.95", "0.06", "0.03") == ["1"]


def test_nothing_is_left_out_where_it_holds_or_fails_anyway() -> None:
    assert out("0.9", "0.1") == []
    assert out("1.01", "0.05") == []
    assert out("0.99", "0.05", leave_out=None) == []


def test_a_share_of_the_limit_may_be_left_out_whatever_the_limit() -> None:
    assert out("1.9", "0.15", limit="2") == ["1"]
    assert out("2", "0.2", limit="2") == ["1"]
    assert out("2", "0.2000001", limit="2") == []


def test_a_large_term_does_not_take_the_place_of_a_small_one() -> None:
    assert out(*["0.12"] * 8, "0.05") == ["8"]


def test_the_larger_of_the_small_ones_are_tried() -> None:
    assert out("0.995", "0.09", *["0.001"] * 9)[:1] == ["1"]


def test_of_more_than_eight_small_ones_eight_are_tried() -> None:
    assert len(out("1", *["0.01"] * 8)) == 8
    assert out("1", *["0.01"] * 9) == []


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("0", "0"),
        ("0.00009999", "< 0.0001"),
        ("0.0001", "0.0001"),
        ("1.0001", "1.001"),
        ("1.00000001", "1.001"),
        ("12345", "12,350"),
        ("0.5", "0.5"),
        ("1000", "1,000"),
    ],
)
def test_a_sum_is_never_written_smaller_than_it_is(number: str, written: str) -> None:
    assert rounded_up(Fraction(number)) == written
