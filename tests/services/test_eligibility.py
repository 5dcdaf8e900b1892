"""Waste that has waited long enough is flagged for its survey, and the flag goes with the bag."""

from collections.abc import Callable
from datetime import timedelta

from radiopharm.jobs.registry import find
from radiopharm.jobs.running import run
from radiopharm.runtime import Runtime
from tests.api.test_waste import choose, sealed_bag
from tests.conftest import StandingClock
from tests.doors import Api


def flagged(runtime: Runtime, clock: StandingClock, officer: Api) -> list[str]:
    run(runtime, find(runtime.settings, "flags"), clock())
    return [flag["message"] for flag in officer.get("/flags", kind="waste_eligible").json["items"]]


def test_a_bag_is_flagged_once_its_wait_is_over(
    runtime: Runtime, clock: StandingClock, api: Callable[[str], Api]
) -> None:
    officer = api("safety_officer")
    choose(officer, "house-ten-half-lives")
    path = sealed_bag(officer)
    assert flagged(runtime, clock, officer) == []
    clock.now += timedelta(days=67)
    assert flagged(runtime, clock, officer) == [
        "May be measured for release since Fri 7 Aug 2026 01:16 CEST"
    ]
    handed_over = {"recipient": "Depot", "licence_number": "R-1234"}
    assert officer.post(f"{path}/transfer", handed_over).status_code == 200
    clock.move(minutes=15)
    assert flagged(runtime, clock, officer) == []
