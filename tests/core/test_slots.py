"""Slots are counted in UTC; what is caught up after downtime follows the stated rule."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from radiopharm.core.slots import Cadence

QUARTER = Cadence(every=timedelta(minutes=15), catch_up=96)
NIGHTLY = Cadence(every=timedelta(days=1), offset=timedelta(hours=1, minutes=30))
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_a_slot_begins_at_or_before_the_instant() -> None:
    assert QUARTER.newest(NOON) == NOON
    assert QUARTER.newest(NOON - timedelta(microseconds=1)) == NOON - timedelta(minutes=15)
    assert NIGHTLY.newest(NOON) == datetime(2026, 6, 1, 1, 30, tzinfo=UTC)
    assert NIGHTLY.following(NOON) == datetime(2026, 6, 2, 1, 30, tzinfo=UTC)


def test_a_job_that_never_ran_has_no_past_to_catch_up() -> None:
    assert QUARTER.due(NOON, None, set()) == [NOON]


@pytest.mark.parametrize(("down", "caught_up"), [(1 / 24, 4), (3, 96), (40, 96)])
def test_after_downtime_the_newest_slots_are_caught_up_oldest_first(
    down: float, caught_up: int
) -> None:
    stopped = NOON - timedelta(days=down)
    due = QUARTER.due(NOON, stopped, {stopped})
    assert due == sorted(due)
    assert (len(due), due[-1]) == (caught_up, NOON)


def test_a_job_that_catches_up_one_runs_the_present_slot_only() -> None:
    first = datetime(2026, 1, 1, 1, 30, tzinfo=UTC)
    assert NIGHTLY.due(NOON, first, {first}) == [datetime(2026, 6, 1, 1, 30, tzinfo=UTC)]


@pytest.mark.parametrize("night", [datetime(2026, 3, 29), datetime(2026, 10, 25)])  # noqa: DTZ001
def test_a_clock_change_neither_doubles_nor_drops_a_slot(night: datetime) -> None:
    begins = night.replace(tzinfo=ZoneInfo("Europe/Madrid")).astimezone(UTC)
    minutes = [begins + timedelta(minutes=m) for m in range(24 * 60)]
    assert len({NIGHTLY.newest(m) for m in minutes}) == 2
    quarters = sorted({QUARTER.newest(m) for m in minutes})
    assert {b - a for a, b in pairwise(quarters)} == {QUARTER.every}


def test_late_is_two_slots_missed() -> None:
    assert not QUARTER.is_late(NOON, NOON - timedelta(minutes=15))
    assert QUARTER.is_late(NOON, NOON - timedelta(minutes=30))
    assert QUARTER.is_late(NOON, None)
