"""Administrations over JSON: residues are carried to the start before they are subtracted."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from radiopharm.runtime import Runtime
from radiopharm.schemas.instants import instant_out
from tests import giving
from tests.conftest import StandingClock
from tests.doors import Api
from tests.giving import given

HALF_LIFE_H = 6.647 * 24


@pytest.fixture
def bench(api: Callable[[str], Api]) -> Api:
    return api("radiopharmacist")


@pytest.fixture
def dose(bench: Api, runtime: Runtime, clock: StandingClock) -> dict[str, Any]:
    return giving.dispensed(bench, runtime, clock)


@pytest.mark.requirement("RQ-33")
def test_a_residue_read_hours_later_is_carried_to_the_start(
    bench: Api, dose: dict[str, Any], clock: StandingClock
) -> None:
    body = given(clock)
    left = {"item": "tubing", "activity": "370 MBq", "measured_at": instant_out(clock.now)}
    answer = bench.post(f"/dispensings/{dose['id']}/administration", {**body, "residues": [left]})
    net = 7400 - 370 * 2 ** (4 / HALF_LIFE_H)
    assert answer.status_code == 201
    assert answer.json["net_administered_mbq"] == pytest.approx(net, rel=1e-12)
    assert answer.json["net_administered_at"] == body["started_at"]
    assert answer.json["percent_of_prescribed"] == pytest.approx(net / 74, rel=1e-12)


def test_a_dose_is_given_once(bench: Api, dose: dict[str, Any], clock: StandingClock) -> None:
    body, path = given(clock), f"/dispensings/{dose['id']}/administration"
    assert bench.post(path, body).status_code == 201
    again = bench.post(path, body)
    assert (again.status_code, again.json["errors"][0]["code"]) == (409, "administered")


def test_a_void_dose_was_not_given(bench: Api, dose: dict[str, Any], clock: StandingClock) -> None:
    bench.post(f"/dispensings/{dose['id']}/void", {"drawn": True, "reason": "unwell"})
    answer = bench.post(f"/dispensings/{dose['id']}/administration", given(clock))
    assert answer.json["errors"][0]["code"] == "void"


def test_a_given_dose_cannot_be_voided(
    bench: Api, dose: dict[str, Any], clock: StandingClock
) -> None:
    bench.post(f"/dispensings/{dose['id']}/administration", given(clock))
    answer = bench.post(f"/dispensings/{dose['id']}/void", {"drawn": True, "reason": "slip"})
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (409, "administered")


def test_everything_impossible_is_named_at_once(
    bench: Api, dose: dict[str, Any], clock: StandingClock
) -> None:
    early = instant_out(clock.now - timedelta(hours=1))
    left = {"item": "pad", "activity": "8 GBq", "measured_at": instant_out(clock.now)}
    body = {
        "started_at": instant_out(clock.now - timedelta(minutes=1)),
        "ended_at": early,
        "residues": [left, {**left, "measured_at": early}],
    }
    answer = bench.post(f"/dispensings/{dose['id']}/administration", body)
    codes = {error["code"] for error in answer.json["errors"]}
    assert answer.status_code == 422
    assert codes == {
        "ends_before_start",
        "starts_before_reading",
        "residue_before_start",
        "residues_exceed_dose",
    }
