"""The ledger's arithmetic: shares, balances, mirrors, and what does not add up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiopharm.core.ledger import (
    NOTHING,
    Amount,
    Entry,
    Kind,
    Ledger,
    balance_at,
    beyond,
    faults,
    following,
    impossible_from,
    post,
    reverse,
    share,
)
from radiopharm.core.refusals import Conflict

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
MIBG = Amount(volume_ul=22_500, reference_bq=12_487_500_000)


def entry(ledger: Ledger, kind: Kind, change: Amount, hours: float = 0) -> Entry:
    at = NOON + timedelta(hours=hours)
    return post(ledger, kind, change, occurred_at=at, recorded_at=at)


@pytest.fixture
def received() -> Entry:
    return entry(Ledger(), Kind.RECEIVED, MIBG)


def test_two_equal_draws_empty_the_vial_to_the_becquerel(received: Entry) -> None:
    first = entry(following(received), Kind.DRAWN, -share(MIBG, 11_250))
    second = entry(following(first), Kind.DRAWN, -share(first.after, 11_250))
    assert first.change.reference_bq == second.change.reference_bq == -6_243_750_000
    assert second.after == NOTHING


@given(
    st.integers(0, 10**16),
    st.lists(st.integers(1, 10**6), min_size=1, max_size=20),
)
def test_shares_add_up_however_a_vial_is_divided(activity: int, volumes: list[int]) -> None:
    balance = Amount(volume_ul=sum(volumes), reference_bq=activity)
    taken = NOTHING
    for volume in volumes:
        part = share(balance, volume)
        exact = Fraction(balance.reference_bq * volume, balance.volume_ul)
        assert 0 <= exact - part.reference_bq < 1
        balance, taken = balance + -part, taken + part
    assert balance == NOTHING
    assert taken.reference_bq == activity


@pytest.mark.parametrize("volume_ul", [0, -1, 22_501])
def test_a_share_is_more_than_nothing_and_at_most_all(volume_ul: int) -> None:
    with pytest.raises(ValueError, match="at most all"):
        share(MIBG, volume_ul)


@pytest.mark.parametrize(
    "change",
    [
        Amount(volume_ul=-22_501, reference_bq=0),
        Amount(volume_ul=0, reference_bq=-12_487_500_001),
        Amount(volume_ul=-22_500, reference_bq=0),
    ],
    ids=["volume below zero", "activity below zero", "activity without volume"],
)
def test_nothing_is_posted_that_a_vial_cannot_hold(received: Entry, change: Amount) -> None:
    with pytest.raises(Conflict):
        entry(following(received), Kind.DRAWN, change)


def test_a_reversal_restores_the_balance_from_the_instant_of_what_it_undoes(
    received: Entry,
) -> None:
    drawn = entry(following(received), Kind.DRAWN, -share(MIBG, 1_000), hours=1)
    late = NOON + timedelta(hours=9)
    undone = reverse(following(drawn), drawn, recorded_at=late, reason="wrong vial")
    assert undone.after == MIBG
    assert (undone.occurred_at, undone.recorded_at) == (drawn.occurred_at, late)
    assert undone.reverses == drawn.sequence


def test_a_balance_counts_what_had_happened_and_was_known(received: Entry) -> None:
    drawn = replace(
        entry(following(received), Kind.DRAWN, -share(MIBG, 22_500), hours=1),
        recorded_at=NOON + timedelta(hours=5),
    )
    entries = [received, drawn]
    assert balance_at(entries, NOON - timedelta(seconds=1)) is None
    assert balance_at(entries, NOON + timedelta(hours=2)) == NOTHING
    assert balance_at(entries, NOON + timedelta(hours=2), NOON + timedelta(hours=4)) == MIBG


def test_what_is_found_beyond_the_book_counts_at_the_books_concentration() -> None:
    found = beyond(MIBG, MIBG, 22_600)
    assert found == Amount(volume_ul=100, reference_bq=55_500_000)


def test_what_is_found_in_an_empty_vial_counts_at_the_opening_concentration() -> None:
    assert beyond(NOTHING, MIBG, 100) == Amount(volume_ul=100, reference_bq=55_500_000)
    with pytest.raises(ValueError, match="holds that much"):
        beyond(MIBG, MIBG, 22_500)


def test_an_entry_made_late_must_have_been_possible_then(received: Entry) -> None:
    drawn = entry(following(received), Kind.DRAWN, -MIBG, hours=2)
    returned = entry(following(drawn), Kind.RETURNED, MIBG, hours=4)
    early = entry(following(returned), Kind.DISCARDED, -MIBG, hours=1)
    assert impossible_from([received, drawn, returned]) is None
    assert impossible_from([received, drawn, returned, early]) == NOON + timedelta(hours=2)


def test_faults_name_the_entry_that_does_not_add_up(received: Entry) -> None:
    drawn = entry(following(received), Kind.DRAWN, -share(MIBG, 1_000))
    assert faults([received, drawn]) == []
    wrong = replace(drawn, after=replace(drawn.after, volume_ul=21_501))
    assert faults([received, wrong]) == ["entry 2 leaves another balance than it says"]
    assert "entry 2 is missing" in faults([received, replace(drawn, sequence=3)])
    more = replace(drawn, change=-MIBG + -MIBG, after=-MIBG)
    assert faults([received, more]) == ["entry 2 leaves an impossible balance"]
