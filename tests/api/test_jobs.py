"""Jobs and flags by JSON."""

from collections.abc import Callable
from datetime import timedelta

from radiopharm.jobs import sealer
from radiopharm.jobs.registry import find
from radiopharm.jobs.running import run
from radiopharm.runtime import Runtime
from tests import hospital
from tests.conftest import StandingClock
from tests.doors import Api

Door = Callable[[str], Api]


def test_every_job_says_how_it_stands(runtime: Runtime, clock: StandingClock, api: Door) -> None:
    sealer.tick(runtime, at_once=True)
    run(runtime, find(runtime.settings, "flags"), clock())
    jobs = {job["name"]: job for job in api("auditor").get("/jobs").json["items"]}
    assert jobs["flags"]["state"] == "on_time"
    assert jobs["flags"]["last"]["slot"] == "2026-06-01T12:00:00Z"
    assert jobs["flags"]["next_at"] == "2026-06-01T12:15:00Z"
    assert jobs["activity-snapshots"] == {
        **jobs["activity-snapshots"],
        "state": "never_ran",
        "last": None,
        "failure": None,
        "catch_up": 96,
    }


def test_open_flags_come_in_pages_newest_first(
    runtime: Runtime, clock: StandingClock, api: Door
) -> None:
    ids = [hospital.receive(runtime) for _ in range(3)]
    clock.now += timedelta(days=5)
    sealer.tick(runtime, at_once=True)
    run(runtime, find(runtime.settings, "flags"), clock())
    door = api("technologist")
    first = door.get("/flags", limit="2").json
    rest = door.get("/flags", limit="2", after=first["next"]).json
    shown = first["items"] + rest["items"]
    assert [flag["subject_id"] for flag in shown] == ids[::-1]
    assert rest["next"] is None
    assert shown[0]["message"] == "Expired Sat 6 Jun 2026 14:00 CEST"
    assert door.get("/flags", kind="waste_eligible").json["items"] == []
    assert door.get("/flags", kind="nonsense").status_code == 422
