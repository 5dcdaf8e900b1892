"""A possible medical event: exactly at the percentage, outside a range, and its clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from radiopharm.core.medical_events import Finding, Prescribed, possible_event

AT = datetime(2026, 3, 27, 23, 30, tzinfo=UTC)  # half past midnight in Madrid, two days before DST
MADRID = ZoneInfo("Europe/Madrid")
WHOLE = Prescribed(activity_bq=7_400_000_000)


def finding(net_bq: float, hours: float = 0) -> Finding:
    return Finding(net_bq=net_bq, recorded_at=AT + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("net_bq", "is_event"),
    [(5_920_000_000, True), (5_920_000_001, False), (8_880_000_000, True), (8_879_999_999, False)],
)
def test_exactly_twenty_percent_counts_on_both_sides(net_bq: int, is_event: bool) -> None:
    assert (possible_event(WHOLE, [finding(net_bq)], MADRID) is not None) is is_event


def test_outside_the_range_counts_below_twenty_percent() -> None:
    narrow = Prescribed(activity_bq=7_400_000_000, lowest_bq=7 * 10**9, highest_bq=8 * 10**9)
    found = possible_event(narrow, [finding(6.9e9)], MADRID)
    assert found is not None
    assert {test.code: test.is_met for test in found.tests} == {
        "twenty_percent": False,
        "outside_range": True,
        "dose_equivalent": None,
    }


def test_it_is_discovered_when_the_last_run_of_such_balances_began() -> None:
    history = [finding(5e9), finding(7e9, 1), finding(5e9, 2), finding(4e9, 3)]
    found = possible_event(WHOLE, history, MADRID)
    assert found is not None
    assert found.discovered_at == AT + timedelta(hours=2)


def test_the_next_calendar_day_is_the_sites_and_ends_at_its_midnight() -> None:
    found = possible_event(WHOLE, [finding(5e9)], MADRID)
    assert found is not None
    due = {clock.code: clock.due_at for clock in found.clocks}
    assert due["telephone"] == datetime(2026, 3, 29, 22, 0, tzinfo=UTC)  # Sunday is an hour short
    assert due["referrer_and_patient"] == AT + timedelta(hours=24)
    assert due["written"] == AT + timedelta(days=15)
