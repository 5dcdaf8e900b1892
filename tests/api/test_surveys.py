"""A survey over its level is flagged in the same act, and stands open until it is cleaned up."""

from collections.abc import Callable
from typing import Any

import pytest

from radiopharm.runtime import Runtime
from tests import hospital
from tests.conftest import StandingClock
from tests.doors import Api, Pages

PLAN = {
    "kind": "wipe",
    "interval_days": 7,
    "level": "0.4",
    "operator": ">=",
    "unit": "Bq/cm²",
    "less_background": True,
    "source": "Licence 17, clause 9",
    "reason": "New hot lab",
    "points": ["Bench", "Sink"],
}


@pytest.fixture
def plan(api: Callable[[str], Api]) -> dict[str, Any]:
    officer = api("safety_officer")
    room = officer.post("/rooms", {"name": "Hot lab"}).json["id"]
    made: dict[str, Any] = officer.post(f"/rooms/{room}/plans", PLAN).json
    return {**made, "room": room}


def body(runtime: Runtime, plan: dict[str, Any], *readings: str, **more: str) -> dict[str, Any]:
    points = [point["id"] for point in plan["points"]]
    return {
        "plan_id": plan["id"],
        "instrument_id": hospital.survey_meter(runtime),
        "background": "0.1",
        "readings": [
            {"point_id": point, "reading": said}
            for point, said in zip(points, readings, strict=True)
        ],
        "surveyed_at": runtime.clock().isoformat(),
        **more,
    }


def kinds(bench: Api) -> list[str]:
    return [flag["kind"] for flag in bench.get("/flags").json["items"]]


@pytest.mark.requirement("RQ-47")
def test_a_survey_at_its_level_stands_open_until_a_clean_one_says_what_was_done(
    api: Callable[[str], Api], runtime: Runtime, plan: dict[str, Any], clock: StandingClock
) -> None:
    bench = api("technologist")
    over = bench.post("/rooms/surveys", body(runtime, plan, "0.5", "0.1"))
    assert over.status_code == 201
    assert [reading["over"] for reading in over.json["readings"]] == [True, False]
    assert kinds(bench) == ["contamination"]
    clock.move(minutes=5)
    bench.post("/rooms/surveys", body(runtime, plan, "0.1", "0.1"))
    assert kinds(bench) == ["contamination"]
    clock.move(minutes=5)
    done = body(runtime, plan, "0.1", "0.1", decontamination="Bench wiped twice")
    closed = bench.post("/rooms/surveys", done).json["id"]
    assert kinds(bench) == []
    reason = {"reason": "Another room"}
    assert api("safety_officer").post(f"/rooms/surveys/{closed}/void", reason).status_code == 200
    assert kinds(bench) == ["contamination"]
    assert api("safety_officer").post(f"/rooms/surveys/{closed}/void", reason).status_code == 409


def test_the_job_flags_a_room_when_its_day_is_over_and_a_survey_clears_it(
    api: Callable[[str], Api],
    pages: Callable[[str], Pages],
    runtime: Runtime,
    plan: dict[str, Any],
    clock: StandingClock,
) -> None:
    clock.move(days=8)
    pages("safety_officer").post("/jobs/flags/run", {})
    assert "survey_overdue" in kinds(api("technologist"))
    assert api("auditor").get("/rooms").json["items"][0]["plans"][0]["overdue"]
    api("technologist").post("/rooms/surveys", body(runtime, plan, "0", "0"))
    assert "survey_overdue" not in kinds(api("technologist"))


def test_the_rooms_page_records_by_form_and_the_export_has_every_reading(
    pages: Callable[[str], Pages], runtime: Runtime, plan: dict[str, Any]
) -> None:
    bench, address = pages("technologist"), f"/surveys/rooms/{plan['room']}"
    assert 'name="readings.1.reading"' in bench.get(address).text
    points = {f"readings.{n}.point_id": str(it["id"]) for n, it in enumerate(plan["points"])}
    typed = {
        **points,
        "plan_id": str(plan["id"]),
        "kind": "wipe",
        "instrument_id": str(hospital.survey_meter(runtime)),
        "background": "0.1",
        "readings.0.reading": "0.2",
        "surveyed_at_date": "2026-06-01",
        "surveyed_at_time": "13:00",
        "surveyed_at_zone": "Europe/Madrid",
    }
    assert "This is needed" in bench.post(address, {**typed, "readings.1.reading": ""}).text
    assert bench.post(address, {**typed, "readings.1.reading": "3.25"}).status_code == 303
    assert "Over its level, open" in bench.get("/surveys").text
    lines = bench.get("/surveys.csv").text.splitlines()
    assert [line.split(",")[4:6] for line in lines[1:]] == [["Bench", "0.2"], ["Sink", "3.25"]]
