"""Periods as the wall clock of a site counts them."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from radiopharm.core.periods import Period, usual, written

MADRID = "Europe/Madrid"


@pytest.mark.parametrize(
    ("text", "first", "last", "name"),
    [
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28), "Feb 2026"),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29), "Feb 2028"),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31), "Dec 2026"),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31), "1st quarter of 2026"),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), "4th quarter of 2026"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "2026"),
    ],
)
def test_months_quarters_and_years_are_read(text: str, first: date, last: date, name: str) -> None:
    found = written(text, MADRID)
    assert (found.first, found.last, found.name) == (first, last, name)


@pytest.mark.parametrize("wanted", [1, 2, 3, 12, 31, 99])
def test_the_parts_of_a_period_touch_and_are_the_whole_of_it(wanted: int) -> None:
    whole = written("2026-05", MADRID)
    parts = list(whole.parts(wanted))
    assert (parts[0].since, parts[-1].until, len(parts)) == (
        whole.since,
        whole.until,
        min(wanted, 31),
    )
    assert all(one.until == next_one.since for one, next_one in pairwise(parts))
    lengths = {(part.last - part.first).days for part in parts}
    assert max(lengths) - min(lengths) <= 1


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-Q5", "26-05", "1999-05", "2026-5", "２０２６"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Write a month"):
        written(text, MADRID)


def test_a_month_with_the_clock_change_touches_its_neighbours() -> None:
    march, april = written("2026-03", MADRID), written("2026-04", MADRID)
    assert march.since == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert march.until == april.since == datetime(2026, 3, 31, 22, tzinfo=UTC)


def test_other_days_are_called_by_their_first_and_last() -> None:
    found = Period(first=date(2026, 5, 1), last=date(2026, 6, 15), zone=MADRID)
    assert found.name == found.days == "Fri 1 May 2026 – Mon 15 Jun 2026"


def test_the_usual_periods_reach_back_over_new_year() -> None:
    assert dict(usual(date(2026, 1, 15))) == {
        "This month": "2026-01", "Last month": "2025-12",
        "This quarter": "2026-Q1", "Last quarter": "2025-Q4",
        "This year": "2026", "Last year": "2025",
    }  # fmt: skip
