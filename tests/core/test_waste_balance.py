"""The account of the waste store closes nuclide by nuclide, chains too, whatever the window."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from radiopharm.core.leaving import Departure
from radiopharm.core.waste import Container, contents
from radiopharm.core.waste_balance import Stay, StoreBalance, Way, by_nuclide, of_stay
from tests.core.making_waste import DATA, DAY, START, make_item, make_portion

BOTH = (
    make_portion("Lu-177", activity_bq=10**10),
    make_portion("Lu-177m", activity_bq=5 * 10**6),
)
BAG = Container(
    items=(
        replace(make_item(*BOTH), put_in_at=START),
        replace(make_item(make_portion("Lu-177", activity_bq=10**9)), put_in_at=START + 3 * DAY),
    )
)
LEFT = Departure(way="transferred", left_at=START + 20 * DAY)


def stay(**other: object) -> Stay:
    usual = Stay(
        container_id=1, code="W-000001", container=BAG, departure=None, stood=False, stands=True
    )
    return replace(usual, **other)


def balances(it: Stay, since: datetime | None, until: datetime) -> dict[str, StoreBalance]:
    return by_nuclide(of_stay(it, since, until, DATA))


@pytest.mark.requirement("RQ-42")
def test_all_that_was_put_in_decayed_or_is_in_store() -> None:
    until = START + 10 * DAY
    found = balances(stay(), None, until)["Lu-177"]
    assert (found.opening_bq, found.put_in_bq) == (0, 11 * 10**9)
    assert found.in_store_bq == round(contents(BAG, until, DATA)["Lu-177"])
    assert found.decayed_bq > 10**9
    assert abs(found.unexplained_bq) <= found.tolerance_bq == 2


@pytest.mark.parametrize("way", Way)
def test_what_left_stands_under_its_way_and_decays_no_more(way: Way) -> None:
    gone = stay(departure=replace(LEFT, way=str(way)), stands=False)
    found = balances(gone, None, START + 100 * DAY)["Lu-177m"]
    there = round(contents(BAG, LEFT.left_at, DATA)["Lu-177m"])
    assert {each: bq for each, bq in found.left_bq.items() if bq} == {way: there}
    assert (found.in_store_bq, found.closes) == (0, True)


def test_what_grows_in_is_decay_below_zero() -> None:
    parent = Container(items=(make_item(make_portion("Lu-177m", activity_bq=10**9)),))
    grown = balances(stay(container=parent), None, START + 30 * DAY)["Lu-177"]
    assert grown.put_in_bq == 0
    assert grown.decayed_bq < 0
    assert grown.closes


def test_a_container_the_store_lost_without_a_way_out_is_unexplained() -> None:
    lost = balances(stay(stands=False), None, START + 10 * DAY)["Lu-177"]
    assert lost.unexplained_bq > 10**9
    assert not lost.closes


@given(st.integers(-5, 30 * 24), st.integers(1, 60 * 24), st.booleans())
def test_every_window_closes_and_what_one_ends_with_the_next_begins_with(
    begins_h: int, hours: int, leaves: bool
) -> None:
    since = START + timedelta(hours=begins_h)
    until = since + timedelta(hours=hours)
    gone = leaves and LEFT.left_at <= until
    assume(not leaves or LEFT.left_at > since)
    it = stay(departure=LEFT if leaves else None, stood=True, stands=not gone)
    for nuclide, found in balances(it, since, until).items():
        assert found.closes
        ended = balances(replace(it, stands=True, departure=None), None, since).get(nuclide)
        assert found.opening_bq == (ended.in_store_bq if ended else 0)
