"""A meter that failed its check measures no dose and no vial; what it measured before is listed."""

from collections.abc import Callable
from typing import Any

import pytest

from radiopharm.runtime import Runtime
from radiopharm.schemas.instants import instant_out
from tests import giving, hospital
from tests.api.test_instrument_checks import PLAN, SOURCE, body
from tests.conftest import StandingClock
from tests.doors import Api


@pytest.fixture
def check(api: Callable[[str], Api], runtime: Runtime) -> Callable[..., dict[str, Any]]:
    """Check the calibrator, by a plan that it is to be within 5 % of 8 MBq, before use."""
    meter, physicist = hospital.calibrator(runtime), api("physicist")
    source = physicist.post("/check-sources", SOURCE).json["id"]
    physicist.post(f"/instruments/{meter}/check-plans", {**PLAN, "is_required": True})

    def made(activity: str, **read: str) -> dict[str, Any]:
        said = body(runtime, meter, source, activity)
        said["readings"][0].update(read)
        answer: dict[str, Any] = api("technologist").post("/instruments/checks", said).json
        return answer

    return made


def codes(answer: Any) -> list[str]:
    return [error["code"] for error in answer.json["errors"]]


@pytest.mark.requirement("RQ-05")
def test_a_failed_meter_measures_no_dose_and_no_vial_until_it_passes(
    api: Callable[[str], Api],
    runtime: Runtime,
    clock: StandingClock,
    check: Callable[[str], dict[str, Any]],
) -> None:
    bench = api("radiopharmacist")
    vial_id, directive_id = hospital.accepted(runtime), hospital.directive(runtime)
    clock.move(days=2)
    dose = giving.dose_of(runtime, vial_id, directive_id)
    reading = ("measured_activity", "measured_at", "instrument_id")
    assay = {"after_sequence": 1, **{name: dose[name] for name in reading}}
    assert codes(bench.post("/dispensings", dose)) == ["instrument_check_due"]

    check("7 MBq")
    refused = bench.post("/dispensings", {**dose, "administer_at": "2026-06-20T12:00:00Z"})
    assert {"instrument_failed", "deviation_needs_second_person"} < set(codes(refused))
    assert codes(bench.post(f"/vials/{vial_id}/assays", assay)) == ["instrument_failed"]

    clock.move(minutes=1)
    check("8 MBq")
    assert codes(bench.post("/dispensings", dose)) == ["instrument_failed"]
    measured_now = {**dose, "measured_at": instant_out(clock.now)}
    assert bench.post("/dispensings", measured_now).status_code == 201


def test_a_dose_drawn_already_is_recorded_with_the_failed_check_beside_it(
    api: Callable[[str], Api],
    runtime: Runtime,
    clock: StandingClock,
    check: Callable[[str], dict[str, Any]],
) -> None:
    vial_id, directive_id = hospital.accepted(runtime), hospital.directive(runtime)
    clock.move(days=2)
    check("7 MBq")
    second = {"username": "second", "secret": hospital.PASSWORD}
    late = {"already_drawn": True, "second": second}
    dose = giving.dose_of(runtime, vial_id, directive_id, **late)
    made = api("radiopharmacist").post("/dispensings", dose)
    assert made.status_code == 201
    assert "instrument_failed" in made.text


def test_a_failed_check_lists_what_was_measured_since_the_last_that_passed(
    api: Callable[[str], Api],
    runtime: Runtime,
    clock: StandingClock,
    check: Callable[[str], dict[str, Any]],
) -> None:
    bench = api("radiopharmacist")
    vial_id, directive_id = hospital.accepted(runtime), hospital.directive(runtime)
    clock.move(days=2)
    check("8 MBq")
    clock.move(minutes=1)
    dose = bench.post("/dispensings", giving.dose_of(runtime, vial_id, directive_id)).json
    clock.move(minutes=1)
    failed = check("7 MBq")
    found = bench.get(f"/instruments/checks/{failed['id']}").json["measured_since"]
    assert [(it["subject"], it["id"], it["measured_at"]) for it in found] == [
        ("dose", dose["id"], instant_out(clock.now.replace(minute=1)))
    ]
    flags = {flag["kind"]: flag for flag in bench.get("/flags").json["items"]}
    assert "1 measured since" in flags["measured_in_doubt"]["message"]
    check("8 MBq")
    assert "measured_in_doubt" in {it["kind"] for it in bench.get("/flags").json["items"]}


def test_what_was_measured_before_a_failed_check_was_entered_is_in_doubt_too(
    api: Callable[[str], Api],
    runtime: Runtime,
    clock: StandingClock,
    check: Callable[..., dict[str, Any]],
) -> None:
    bench = api("radiopharmacist")
    vial_id, directive_id = hospital.accepted(runtime), hospital.directive(runtime)
    clock.move(days=2)
    check("8 MBq")
    clock.move(minutes=2)
    body = giving.dose_of(runtime, vial_id, directive_id)
    own = {name: body[name] for name in ("measured_at", "instrument_id")}
    second = {"username": "second", "secret": hospital.PASSWORD, "measured_activity": "7.5 GBq"}
    body["second"] = {**second, **own, "vial_codes": [f"V-{vial_id:06d}"]}
    dose = bench.post("/dispensings", body).json
    failed = check("7 MBq", measured_at=instant_out(clock.now.replace(minute=1)))
    found = bench.get(f"/instruments/checks/{failed['id']}").json["measured_since"]
    assert sorted((it["id"], it["measured"]) for it in found) == [
        (dose["id"], "7.4 GBq"),
        (dose["id"], "7.5 GBq"),
    ]


def test_a_passed_check_that_is_void_leaves_in_doubt_what_was_measured_on_its_word(
    api: Callable[[str], Api],
    runtime: Runtime,
    clock: StandingClock,
    check: Callable[..., dict[str, Any]],
) -> None:
    bench = api("radiopharmacist")
    vial_id, directive_id = hospital.accepted(runtime), hospital.directive(runtime)
    clock.move(days=2)
    failed = check("7 MBq")
    clock.move(minutes=1)
    passed = check("8 MBq")
    clock.move(minutes=1)
    dose = bench.post("/dispensings", giving.dose_of(runtime, vial_id, directive_id)).json
    void = {"reason": "another source lay in it"}
    assert (
        api("physicist").post(f"/instruments/checks/{passed['id']}/void", void).status_code == 200
    )
    found = bench.get(f"/instruments/checks/{failed['id']}").json["measured_since"]
    assert [it["id"] for it in found] == [dose["id"]]
    assert "measured_in_doubt" in {it["kind"] for it in bench.get("/flags").json["items"]}
