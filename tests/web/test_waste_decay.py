"""How a container decays, on its page."""

from collections.abc import Callable

import pytest

from radiopharm.runtime import Runtime
from tests.conftest import StandingClock
from tests.doors import Pages
from tests.web.test_waste import choose, fill, measure, open_bag


@pytest.fixture
def officer(pages: Callable[[str], Pages]) -> Pages:
    return pages("safety_officer")


def test_slow_readings_are_asked_about_and_the_later_date_is_planned_with(
    officer: Pages, runtime: Runtime, clock: StandingClock, pages: Callable[[str], Pages]
) -> None:
    path = open_bag(officer)
    choose(officer)
    fill(officer, path)
    officer.post(f"{path}/seal", {"mass_g": "850"})
    for reading in ("2.43", "2.05", "1.73"):
        clock.move(days=40)
        officer = pages("safety_officer")
        measure(officer, path, runtime, reading)
    page = officer.get(path).text
    for words in ("Lu-177m?", "Plan with</dt><dd><b>no date", "never by these rules", "ln 2 / λ"):
        assert words in page
    curve = officer.get(f"{path}/decay-curve.svg", theme="dark")
    assert curve.mimetype == "image/svg+xml"


def test_an_empty_container_has_no_curve(officer: Pages) -> None:
    path = open_bag(officer)
    assert officer.get(f"{path}/decay-curve.svg").status_code == 404
    assert "How it decays" not in officer.get(path).text


def test_the_list_counts_what_may_leave_this_week_and_what_is_in_the_way(officer: Pages) -> None:
    choose(officer)
    fill(officer, open_bag(officer))
    page = officer.get("/waste").text
    assert "before Mon 8 Jun 2026 00:00 Europe/Madrid" in page
    assert "Not sealed yet (1)" in page
    assert "W-000001" in officer.get("/waste", state="this_week").text
    assert "W-000001" in officer.get("/waste", blocked_by="survey").text
    assert "No container fits this." in officer.get("/waste", state="releasable").text


def test_the_months_to_come_are_drawn_listed_and_taken_away(officer: Pages) -> None:
    choose(officer)
    fill(officer, open_bag(officer))
    page = officer.get("/waste/forecast").text
    assert "No new arrivals are counted." in page
    assert page.count('<td data-label="Activity"') == 13
    assert "1.0 a month" not in officer.get("/waste/forecast", arrivals="x").text
    assert "0.3 a month" in officer.get("/waste/forecast", arrivals="3").text
    assert "<svg" in officer.get("/waste/forecast.svg", theme="dark", narrow="yes").text
    lines = officer.get("/waste/forecast.csv").text.splitlines()
    assert len(lines) == 14
