"""The balance of a dose: published events replayed, residues found later, what nobody can know."""

import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from radiopharm.runtime import Runtime
from radiopharm.schemas.instants import instant_out, parse_instant
from tests import giving
from tests.conftest import StandingClock
from tests.doors import Api
from tests.giving import given, left

EVENTS = tomllib.loads(
    (Path(__file__).parents[1] / "data" / "published_events.toml").read_text(encoding="utf-8")
)


@pytest.fixture
def bench(api: Callable[[str], Api]) -> Api:
    return api("radiopharmacist")


@pytest.fixture
def path(bench: Api, runtime: Runtime, clock: StandingClock) -> str:
    return f"/dispensings/{giving.dispensed(bench, runtime, clock)['id']}"


def flags(api: Callable[[str], Api]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api("safety_officer").get("/flags").json["items"]
    return [flag for flag in found if flag["subject"] == "dose"]


@pytest.mark.requirement("RQ-33")
@pytest.mark.parametrize("name", EVENTS)
def test_a_published_event_gives_its_net(
    bench: Api, api: Callable[[str], Api], path: str, clock: StandingClock, name: str
) -> None:
    told, body = EVENTS[name], given(clock)
    residues = [left(item, f"{mci} mCi", body["started_at"]) for item, mci in told["residues"]]
    answer = bench.post(f"{path}/administration", {**body, "residues": residues}).json
    assert answer["net_administered_mbq"] == pytest.approx(told["net"] * 37, rel=1e-12)
    assert answer["percent_of_prescribed"] == pytest.approx(told["percent"], rel=1e-12)
    assert answer["meets_event_percentage"] is told["event"]
    assert (answer["possible_medical_event"] is not None) is told["event"]
    assert [flag["kind"] for flag in flags(api)] == ["possible_medical_event"] * told["event"]


@pytest.mark.requirement("RQ-33")
def test_the_clocks_run_from_discovery_in_the_zone_of_the_site(
    bench: Api, path: str, clock: StandingClock
) -> None:
    body = given(clock)
    residues = [left("vial", "83 mCi", body["started_at"])]
    event = bench.post(f"{path}/administration", {**body, "residues": residues}).json[
        "possible_medical_event"
    ]
    due = {each["code"]: parse_instant(each["due_at"]) for each in event["clocks"]}
    assert parse_instant(event["discovered_at"]) == clock.now
    assert due["referrer_and_patient"] - clock.now == timedelta(hours=24)
    assert due["written"] - clock.now == timedelta(days=15)
    assert instant_out(due["telephone"]) == "2026-06-04T22:00:00Z"  # midnight in Madrid
    assert {test["code"]: test["met"] for test in event["tests"]} == {
        "twenty_percent": True,
        "outside_range": None,
        "dose_equivalent": None,
    }


def test_a_residue_found_later_makes_the_balance_anew_and_the_event(
    bench: Api, api: Callable[[str], Api], path: str, clock: StandingClock
) -> None:
    body = given(clock)
    bench.post(f"{path}/administration", body)
    assert flags(api) == []
    clock.move(hours=20)
    found = {"residues": [left("pad", "60 mCi", body["started_at"])], "reason": "under the couch"}
    answer = bench.post(f"{path}/residues", found)
    assert answer.status_code == 201
    assert [each["percent_of_prescribed"] for each in answer.json["balances"]] == [100, 70]
    assert answer.json["percent_of_prescribed"] == 70
    assert answer.json["possible_medical_event"]["discovered_at"] == instant_out(clock.now)
    assert [flag["message"] for flag in flags(api)] == [
        "5,180 MBq given, 70.0 % of the prescribed 7,400 MBq"
    ]


def test_residues_added_to_those_there_may_not_exceed_the_dose(
    bench: Api, path: str, clock: StandingClock
) -> None:
    body = given(clock)
    first = {"residues": [left("vial", "120 mCi", body["started_at"])]}
    bench.post(f"{path}/administration", {**body, **first})
    more = {"residues": [left("pad", "90 mCi", body["started_at"])], "reason": "found"}
    answer = bench.post(f"{path}/residues", more)
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (422, "residues_exceed_dose")
    assert len(bench.get(f"{path}/administration").json["residues"]) == 1


def test_a_dose_too_high_is_no_event_any_more_when_what_was_over_is_found(
    bench: Api,
    api: Callable[[str], Api],
    runtime: Runtime,
    clock: StandingClock,
) -> None:
    dose = giving.dispensed(
        bench,
        runtime,
        clock,
        prescribed_bq=6_000_000_000,
        highest_bq=8 * 10**9,
        lowest_bq=5 * 10**9,
    )
    path, body = f"/dispensings/{dose['id']}", given(clock)
    first = bench.post(f"{path}/administration", body).json
    tests = {test["code"]: test["met"] for test in first["possible_medical_event"]["tests"]}
    assert (tests["twenty_percent"], tests["outside_range"]) == (True, False)
    more = {"residues": [left("vial", "1 GBq", body["started_at"])], "reason": "measured later"}
    assert bench.post(f"{path}/residues", more).json["possible_medical_event"] is None
    assert flags(api) == []


def test_what_is_unaccounted_for_is_known_only_where_something_else_says_what_was_given(
    bench: Api, path: str, clock: StandingClock
) -> None:
    body = given(clock)
    counted = {
        "activity": "180 mCi",
        "measured_at": body["started_at"],
        "how": "syringe before and after",
    }
    residues = [left("syringe", "15 mCi", body["started_at"])]
    whole = {**body, "residues": residues, "given": counted}
    answer = bench.post(f"{path}/administration", whole).json
    assert answer["unaccounted_bq"] == pytest.approx(5 * 37e6)
    assert answer["net_administered_mbq"] == pytest.approx(185 * 37)


def test_without_that_it_is_said_to_be_not_computable(
    bench: Api, path: str, clock: StandingClock
) -> None:
    answer = bench.post(f"{path}/administration", given(clock)).json
    assert answer["unaccounted_bq"] is None
    assert answer["unaccounted"].startswith("not computable")


@pytest.mark.requirement("RQ-37")
def test_all_residues_go_into_one_container_in_one_act(
    bench: Api, path: str, clock: StandingClock
) -> None:
    body = given(clock)
    residues = [left(item, "5 mCi", body["started_at"]) for item in ("vial", "tubing")]
    bench.post(f"{path}/administration", {**body, "residues": residues})
    bag = {"kind": "bag", "nuclide": "Lu-177", "place": "Store", "description": "bag"}
    container_id = bench.post("/waste-containers", bag).json["id"]
    answer = bench.post(f"{path}/residues/waste", {"container_id": container_id})
    assert [each["container_id"] for each in answer.json["residues"]] == [container_id] * 2
    again = bench.post(f"{path}/residues/waste", {"container_id": container_id})
    assert (again.status_code, again.json["errors"][0]["code"]) == (409, "nothing_waits")
