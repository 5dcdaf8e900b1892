"""The jobs page says how each job stands; a missed run shows on every page until made good."""

from collections.abc import Callable

import pytest

from radiopharm.jobs.overview import overview
from radiopharm.jobs.running import catch_up
from radiopharm.runtime import Runtime
from tests.conftest import StandingClock
from tests.doors import Pages

Door = Callable[[str], Pages]


def run_all(runtime: Runtime) -> None:
    for standing in overview(runtime, runtime.clock()):
        catch_up(runtime, standing.job)


def test_a_missed_run_shows_everywhere(runtime: Runtime, clock: StandingClock, pages: Door) -> None:
    door = pages("radiopharmacist")
    assert "last job run never" in door.get("/calculator").text
    run_all(runtime)
    assert "scheduler is late" not in door.get("/calculator").text
    clock.move(minutes=30)
    assert "last job run Mon 1 Jun 2026 14:00 CEST" in pages("second").get("/calculator").text


def test_the_page_shows_what_ran(runtime: Runtime, clock: StandingClock, pages: Door) -> None:
    door = pages("auditor")
    assert door.get("/jobs").text.count("Has never run") == len(overview(runtime, clock()))
    run_all(runtime)
    page = door.get("/jobs").text
    assert page.count("On time") == len(overview(runtime, clock()))
    assert "by scheduler" in page
    assert "Run now" not in page


@pytest.mark.parametrize("role", ["physicist", "safety_officer", "admin"])
def test_those_who_may_start_a_job_by_hand(role: str, runtime: Runtime, pages: Door) -> None:
    door = pages(role)
    answer = door.post("/jobs/flags/run", {}, seen="/jobs")
    assert answer.status_code == 303
    assert f"by {role}" in door.get("/jobs").text


def test_nobody_else_may(pages: Door) -> None:
    assert pages("technologist").post("/jobs/flags/run", {}, seen="/jobs").status_code == 403


def test_an_unknown_job_is_not_found(pages: Door) -> None:
    assert pages("physicist").post("/jobs/none/run", {}, seen="/jobs").status_code == 404
