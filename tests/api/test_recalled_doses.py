"""Doses whose directive changed after they were drawn: flagged, not to be given, told if given."""

from collections.abc import Callable
from typing import Any

import pytest

from radiopharm.runtime import Runtime
from tests import giving, hospital
from tests.conftest import StandingClock
from tests.doors import Api

SECOND = {"username": "second", "secret": hospital.PIN}
IN_SPITE = {"already_given": True, "reason": "It ran before the call came", "second": SECOND}


@pytest.fixture
def bench(api: Callable[[str], Api]) -> Api:
    return api("radiopharmacist")


@pytest.fixture
def dose(bench: Api, runtime: Runtime, clock: StandingClock) -> dict[str, Any]:
    return giving.dispensed(bench, runtime, clock)


@pytest.fixture
def cancelled(bench: Api, dose: dict[str, Any]) -> str:
    """The path of the administration of a dose whose directive was cancelled."""
    bench.post(f"/directives/{dose['directive_id']}/cancel", {"reason": "Unwell"})
    return f"/dispensings/{dose['id']}/administration"


def flags(bench: Api) -> list[str]:
    return [flag["kind"] for flag in bench.get("/flags").json["items"]]


def codes(answer: Any) -> list[str]:
    return [error["code"] for error in answer.json["errors"]]


def changed(api: Callable[[str], Api], dose: dict[str, Any], **text: Any) -> Any:
    """A second version, written and signed by the physician."""
    physician, path = api("physician"), f"/directives/{dose['directive_id']}"
    version = {"after_version": 1, "reason": "Counts fell", **text}
    assert physician.post(f"{path}/versions", version).status_code == 201
    signature = {"username": "physician", "secret": hospital.PASSWORD}
    return physician.post(f"{path}/sign", {"after_version": 2, "signature": signature})


@pytest.mark.requirement("RQ-10")
def test_cancelling_after_dispensing_recalls_the_dose_by_a_flag(bench: Api, cancelled: str) -> None:
    assert flags(bench) == ["recall"]
    assert bench.get(cancelled.removesuffix("/administration")).json["state"] == "dispensed"


def test_a_new_version_recalls_the_dose_until_it_is_signed_and_covers_it(
    bench: Api, dose: dict[str, Any]
) -> None:
    path = f"/directives/{dose['directive_id']}"
    bench.post(f"{path}/versions", {"after_version": 1, "reason": "Counted", "cycle": 3})
    assert flags(bench) == ["recall"]
    signature = {"username": "physician", "secret": hospital.PASSWORD}
    bench.post(f"{path}/sign", {"after_version": 2, "signature": signature})
    assert flags(bench) == []


def test_a_signed_version_that_asks_for_less_keeps_the_dose_recalled(
    api: Callable[[str], Api], bench: Api, dose: dict[str, Any]
) -> None:
    assert changed(api, dose, prescribed="3.7 GBq").status_code == 200
    assert flags(bench) == ["recall"]


def test_voiding_the_dose_closes_its_recall(
    bench: Api, dose: dict[str, Any], cancelled: str
) -> None:
    bench.post(f"/dispensings/{dose['id']}/void", {"drawn": True, "reason": "cancelled"})
    assert flags(bench) == []


@pytest.mark.requirement("RQ-32")
def test_a_recalled_dose_is_not_to_be_given_and_the_reason_is_said(
    bench: Api, cancelled: str, clock: StandingClock
) -> None:
    answer = bench.post(cancelled, giving.given(clock))
    assert (answer.status_code, codes(answer)) == (409, ["recalled"])
    assert "do not give it" in answer.json["errors"][0]["message"]
    assert answer.json["errors"][0]["message"].endswith("It was cancelled.")
    assert flags(bench) == ["recall"]


def test_one_given_already_is_recorded_with_both_people_and_closes_the_recall(
    bench: Api, cancelled: str, clock: StandingClock
) -> None:
    answer = bench.post(cancelled, giving.given(clock, **IN_SPITE))
    assert answer.status_code == 201
    assert answer.json["already_given"] is True
    assert answer.json["given_although"].endswith("It was cancelled.")
    assert flags(bench) == []


def test_a_dose_that_is_wanted_is_given_as_ever(
    bench: Api, dose: dict[str, Any], clock: StandingClock
) -> None:
    answer = bench.post(f"/dispensings/{dose['id']}/administration", giving.given(clock)).json
    assert (answer["already_given"], answer["given_although"]) == (False, "")


@pytest.mark.parametrize(
    ("lacking", "status", "code"),
    [
        ({"reason": ""}, 409, "reason"),
        ({"second": None}, 409, "second_person"),
        ({"already_given": False}, 409, "recalled"),
        ({"second": {**SECOND, "secret": "000000"}}, 403, "wrong_secret"),
        ({"second": {**SECOND, "username": "radiopharmacist"}}, 422, "second_person"),
        ({"second": {"username": "auditor", "secret": hospital.PIN}}, 422, "second_person"),
    ],
)
def test_without_its_reason_or_another_person_nothing_is_recorded(
    bench: Api, cancelled: str, clock: StandingClock, lacking: Any, status: int, code: str
) -> None:
    answer = bench.post(cancelled, giving.given(clock, **{**IN_SPITE, **lacking}))
    assert (answer.status_code, codes(answer)) == (status, [code])
    assert bench.get(cancelled).status_code == 404
    assert flags(bench) == ["recall"]


def test_a_dose_given_in_spite_of_its_recall_takes_residues_found_later(
    bench: Api, cancelled: str, clock: StandingClock
) -> None:
    told = giving.given(clock, **IN_SPITE)
    bench.post(cancelled, told)
    left = giving.left("pad", "37 MBq", told["ended_at"])
    path = cancelled.replace("administration", "residues")
    answer = bench.post(path, {"residues": [left], "reason": "Found under the arm"})
    assert (answer.status_code, answer.json["already_given"]) == (201, True)
