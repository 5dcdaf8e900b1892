"""A check is kept with its working and judged by the plan of the day; a failed one is flagged."""

from collections.abc import Callable
from typing import Any

import pytest

from radiopharm.runtime import Runtime
from tests import hospital
from tests.conftest import StandingClock
from tests.devices.simulator import veenstra
from tests.doors import Api, Pages

SOURCE = {
    "nuclide": "Cs-137",
    "serial": "CS-4711",
    "activity": "8 MBq",
    "reference_at": "2026-06-01T00:00:00Z",
    "certificate": "PTB 77/26",
    "uncertainty": "3 % (k = 2)",
}
PLAN = {
    "kind": "constancy",
    "tolerance": "5",
    "unit": "%",
    "operator": "<=",
    "interval_days": 1,
    "source": "Local rule 7",
    "reason": "New meter",
}


@pytest.fixture
def meter(runtime: Runtime) -> int:
    return hospital.calibrator(runtime)


@pytest.fixture
def source(api: Callable[[str], Api]) -> int:
    made: int = api("physicist").post("/check-sources", SOURCE).json["id"]
    return made


def body(runtime: Runtime, meter: int, source: int, activity: str, **more: Any) -> dict[str, Any]:
    at = runtime.clock().isoformat()
    return {
        "instrument_id": meter,
        "kind": "constancy",
        "source_id": source,
        "readings": [{"measured_activity": activity, "measured_at": at}],
        **more,
    }


def kinds(bench: Api) -> list[str]:
    return sorted(flag["kind"] for flag in bench.get("/flags").json["items"])


@pytest.mark.requirement("RQ-05")
def test_a_check_is_judged_by_the_plan_of_the_day_and_shows_its_working(
    api: Callable[[str], Api], runtime: Runtime, meter: int, source: int, clock: StandingClock
) -> None:
    bench, physicist = api("technologist"), api("physicist")
    first = bench.post("/instruments/checks", body(runtime, meter, source, "8 MBq"))
    assert (first.status_code, first.json["passed"]) == (201, None)
    assert first.json["verdict"] == "cannot be judged: enter a tolerance"
    assert first.json["readings"][0]["working"]["nuclide"] == "Cs-137"
    assert kinds(bench) == []

    assert physicist.post(f"/instruments/{meter}/check-plans", PLAN).status_code == 201
    failed = bench.post("/instruments/checks", body(runtime, meter, source, "8.5 MBq")).json
    assert (failed["passed"], failed["difference"]) == (False, "+6.25 %")
    assert kinds(bench) == ["instrument_failed"]

    clock.move(minutes=5)
    passed = bench.post("/instruments/checks", body(runtime, meter, source, "8.39 MBq")).json
    assert passed["passed"] is True
    assert kinds(bench) == []
    standing = bench.get("/instruments/standings").json["items"][0]
    assert (standing["due_on"], standing["locked"]) == ("2026-06-02", False)

    reason = {"reason": "Wrong well insert"}
    void = f"/instruments/checks/{passed['id']}/void"
    assert physicist.post(void, reason).status_code == 200
    assert physicist.post(void, reason).status_code == 409
    assert kinds(bench) == ["instrument_failed"]


def test_a_signed_decision_lets_a_failed_meter_be_used(
    api: Callable[[str], Api], runtime: Runtime, meter: int, source: int
) -> None:
    bench, physicist = api("technologist"), api("physicist")
    physicist.post(f"/instruments/{meter}/check-plans", PLAN)
    failed = bench.post("/instruments/checks", body(runtime, meter, source, "7 MBq")).json["id"]
    decision = {
        "reason": "Known offset, factor applied by hand",
        "signature": {"username": "physicist", "secret": hospital.PASSWORD},
    }
    address = f"/instruments/checks/{failed}/decision"
    shown = physicist.post(f"{address}/sign-ticket", {"reason": decision["reason"]}).json["shown"]
    assert "−12.50 %, tolerance 5 %" in shown[0]
    assert bench.post(address, decision).status_code == 403
    assert physicist.post(address, decision).json["decided_by"]
    assert physicist.post(address, decision).status_code == 409
    assert kinds(bench) == []
    listed = api("auditor").get("/registers/deviations.json", period="2026-06").text
    assert "Known offset" in listed
    assert "check failed" in listed


def test_a_source_out_of_use_checks_nothing_and_a_wrong_check_says_all_its_reasons(
    api: Callable[[str], Api], runtime: Runtime, meter: int, source: int
) -> None:
    physicist = api("physicist")
    assert physicist.post("/check-sources", SOURCE).status_code == 422
    out = f"/check-sources/{source}/take-out"
    assert physicist.post(out, {"reason": "Leak test failed"}).json["out_of_use_at"]
    assert physicist.post(out, {"reason": "Again"}).status_code == 409
    ahead = [{"measured_activity": "8 MBq", "measured_at": "2026-06-02T12:00:00Z"}]
    answer = physicist.post(
        "/instruments/checks", body(runtime, meter, source, "8 MBq", readings=ahead)
    )
    assert answer.status_code == 422
    assert "Leak test failed" in answer.text
    assert "lies ahead" in answer.text
    survey = body(runtime, hospital.survey_meter(runtime), source, "8 MBq")
    assert physicist.post("/instruments/checks", survey).status_code == 422


def test_the_register_of_checks_says_what_was_known_then(
    api: Callable[[str], Api], runtime: Runtime, meter: int, source: int, clock: StandingClock
) -> None:
    bench, physicist = api("technologist"), api("physicist")
    physicist.post(f"/instruments/{meter}/check-plans", PLAN)
    check = bench.post("/instruments/checks", body(runtime, meter, source, "7 MBq")).json["id"]
    then = clock.now.isoformat()
    clock.move(hours=1)
    assert physicist.post(f"/instruments/checks/{check}/void", {"reason": "Wrong well"}).json

    def register(**known: str) -> dict[str, Any]:
        asked = {"period": "2026-06", **known}
        found: dict[str, Any] = (
            api("auditor").get("/registers/instrument-checks.json", **asked).json
        )
        return found

    line = register()["lines"][0]
    assert (line["difference"], line["tolerance"]) == ("−12.50 %", "≤ 5 %")
    assert line["void"].endswith("Wrong well")
    assert register(known_at=then)["lines"][0]["void"] == ""


def test_a_check_takes_its_reading_from_the_meters_line_once_and_set_to_its_nuclide(
    api: Callable[[str], Api], runtime: Runtime, meter: int, source: int
) -> None:
    bench = api("technologist")
    taken = {}
    for said in (b"Cs-137: 7.98 MBq\r\n", b"Lu-177: 7.98 MBq\r\n"):
        with veenstra(said) as line:
            connected = {"dialect": line.dialect, "port": line.port, "decimal_sign": "."}
            assert api("physicist").post(f"/instruments/{meter}/line", connected).json
            taken[said[:2]] = bench.post(f"/instruments/{meter}/readings", {}).json["id"]

    def check(reading: int) -> Any:
        readings = [{"reading_id": reading}]
        return bench.post(
            "/instruments/checks", body(runtime, meter, source, "1 MBq", readings=readings)
        )

    made = check(taken[b"Cs"])
    point = made.json["readings"][0]
    assert (point["measured_by"], point["measured"]) == ("device", "7.98 MBq")
    assert "stands for a check of constancy already" in check(taken[b"Cs"]).text
    assert "set to Lu-177, this is Cs-137" in check(taken[b"Lu"]).text


def test_the_job_flags_a_check_when_its_day_is_over_and_a_check_clears_it(
    api: Callable[[str], Api],
    pages: Callable[[str], Pages],
    runtime: Runtime,
    meter: int,
    source: int,
    clock: StandingClock,
) -> None:
    bench = api("technologist")
    api("physicist").post(f"/instruments/{meter}/check-plans", PLAN)
    clock.move(days=1)
    pages("safety_officer").post("/jobs/flags/run", {})
    assert "check_overdue" in kinds(bench)
    bench.post("/instruments/checks", body(runtime, meter, source, "8 MBq"))
    assert "check_overdue" not in kinds(bench)
