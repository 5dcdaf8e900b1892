"""What lies outside working hours, by the wall clock of the site."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiopharm.core.working_hours import outside, read

MADRID = ZoneInfo("Europe/Madrid")
USUAL = read("07:00-18:00")


def madrid(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MADRID).astimezone(UTC)


def test_nights_and_weekends_are_after_hours() -> None:
    friday, monday = madrid("2026-05-29T12:00"), madrid("2026-06-01T12:00")
    assert outside(USUAL, MADRID, friday, monday) == [
        (madrid("2026-05-29T18:00"), madrid("2026-06-01T07:00"))
    ]


def test_the_hours_are_those_on_the_wall_on_both_sides_of_a_clock_change() -> None:
    before, after = madrid("2026-03-27T17:00"), madrid("2026-03-30T08:00")
    ((start, end),) = outside(USUAL, MADRID, before, after)
    assert (start.hour, end.hour) == (17, 5)  # 18:00 in winter, 07:00 in summer


@given(
    days=st.floats(0, 360),
    hours=st.integers(0, 600),
    probe=st.floats(0, 1, exclude_max=True),
)
def test_every_instant_is_inside_or_outside_as_its_wall_clock_says(
    days: float, hours: int, probe: float
) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=days)
    end = start + timedelta(hours=hours)
    spans = outside(USUAL, MADRID, start, end)
    at = start + probe * (end - start)
    wall = at.astimezone(MADRID)
    works = wall.weekday() < 5 and USUAL.start <= wall.time() < USUAL.end
    assert any(a <= at < b for a, b in spans) is (start <= at < end and not works)


@pytest.mark.parametrize("text", ["", "7-18", "18:00-07:00", "07:00", "07:00+01:00-18:00"])
def test_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read(text)
