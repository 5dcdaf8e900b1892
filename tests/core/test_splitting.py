"""One thing in several containers: the parts are the whole, whatever is typed in whatever order."""

import itertools
import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiopharm.core.splitting import WHOLE, Share, divided, ends, faults, parts, percent
from tests.core.making_waste import make_portion


def shares(*percents: str) -> list[Share]:
    """Into containers 1, 2, …"""
    return [Share(container_id=n, percent=Decimal(p)) for n, p in enumerate(percents, start=1)]


@st.composite
def whole_shares(draw: st.DrawFn) -> list[Share]:
    """From two to eight containers that share one hundred percent, in any order."""
    cuts = draw(st.sets(st.integers(1, WHOLE - 1), min_size=1, max_size=7))
    edges = [0, *sorted(cuts), WHOLE]
    numbers = draw(st.permutations(range(1, len(edges))))
    widths = [after - before for before, after in itertools.pairwise(edges)]
    return [
        Share(container_id=number, percent=percent(width))
        for number, width in zip(numbers, widths, strict=True)
    ]


@given(whole_bq=st.integers(0, 10**15), named=whole_shares())
def test_the_parts_sum_to_the_whole_each_within_a_becquerel_of_its_share(
    whole_bq: int, named: list[Share]
) -> None:
    assert faults(named) == ()
    found = divided(whole_bq, named)
    assert sum(found.values()) == whole_bq
    for share in named:
        millionths_off = found[share.container_id] * WHOLE - whole_bq * share.millionths
        assert found[share.container_id] >= 0
        assert abs(millionths_off) < WHOLE


@given(whole_bq=st.integers(0, 10**15), named=whole_shares(), seed=st.integers())
def test_the_order_in_which_containers_are_named_changes_no_part(
    whole_bq: int, named: list[Share], seed: int
) -> None:
    turned = random.Random(seed).sample(named, len(named))
    assert divided(whole_bq, turned) == divided(whole_bq, named)


@pytest.mark.parametrize(
    ("whole_bq", "typed", "expected"),
    [
        (10, ("50", "50"), [5, 5]),
        (11, ("50", "50"), [6, 5]),  # of equal remainders the container opened first
        (10, ("33.3333", "33.3333", "33.3334"), [3, 3, 4]),
        (100, ("0.5", "99.5"), [1, 99]),
        (1, ("49.9999", "50.0001"), [0, 1]),
        (0, ("1", "99"), [0, 0]),
        (7, ("12.5",) * 8, [1, 1, 1, 1, 1, 1, 1, 0]),
    ],
)
def test_what_is_left_over_goes_to_the_largest_remainders(
    whole_bq: int, typed: tuple[str, ...], expected: list[int]
) -> None:
    assert list(divided(whole_bq, shares(*typed)).values()) == expected


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("50", "49.9999"), "That is 99.9999 %; 0.0001 % missing."),
        (("50", "50.0001"), "That is 100.0001 %; 0.0001 % too much."),
        (("33.3333",) * 3, "That is 99.9999 %; 0.0001 % missing."),
    ],
)
def test_a_ten_thousandth_of_a_percent_is_missed(typed: tuple[str, ...], said: str) -> None:
    (fault,) = faults(shares(*typed))
    assert (fault.code, fault.message, fault.field) == ("not_whole", said, "shares")


def test_every_fault_is_said_at_once_under_its_box() -> None:
    named = [*shares("60", "0", "39.00005"), Share(container_id=1, percent=Decimal(5))]
    assert {(fault.code, fault.field) for fault in faults(named)} == {
        ("named_twice", "shares.0.container_id"),
        ("named_twice", "shares.3.container_id"),
        ("no_share", "shares.1.percent"),
        ("too_fine", "shares.2.percent"),
        ("not_whole", "shares"),
    }


def test_one_container_takes_it_whole_and_needs_no_percent() -> None:
    assert [fault.code for fault in faults(shares("100"))] == ["one_container"]


def test_an_impurity_without_a_whole_becquerel_stays_declared_of_every_part() -> None:
    held = [make_portion("Lu-177", activity_bq=1_000), make_portion("Lu-177m", activity_bq=1)]
    found = parts(held, shares("60", "40"))
    told = {n: {it.symbol: it.activity_bq for it in part} for n, part in found.items()}
    assert told == {1: {"Lu-177": 600, "Lu-177m": 1}, 2: {"Lu-177": 400, "Lu-177m": 0}}


def test_shares_lie_one_after_the_other_from_nothing_to_the_whole() -> None:
    assert ends(shares("25", "0.0001", "74.9999")) == [
        (None, 250_000),
        (250_000, 250_001),
        (250_001, WHOLE),
    ]


@pytest.mark.parametrize("typed", ["33.3333", "0.0001", "99.5", "100"])
def test_a_share_is_the_percent_typed_and_back(typed: str) -> None:
    (share,) = shares(typed)
    assert str(percent(share.millionths)) == typed
