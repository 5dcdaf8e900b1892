"""Two directives of one patient too close together stop each other until a physician says why."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from radiopharm.runtime import Runtime
from radiopharm.schemas.instants import instant_out
from tests import giving, hospital
from tests.canary import CANARY
from tests.conftest import NOON, StandingClock
from tests.doors import Api

PLANNED = NOON + timedelta(days=2, hours=2)


@pytest.fixture
def physician(api: Callable[[str], Api]) -> Api:
    return api("physician")


@pytest.fixture
def body(physician: Api, runtime: Runtime, clock: StandingClock) -> dict[str, Any]:
    """A dose for the first of two directives of one patient, the second a week later."""
    vial_id = hospital.accepted(runtime)
    for planned in (PLANNED, PLANNED + timedelta(days=7)):
        text = {
            "product": "lutathera",
            "prescribed": "7.4 GBq",
            "planned_for": instant_out(planned),
        }
        drafted = physician.post("/directives", {**text, "patient": CANARY})
        sign(physician, drafted.json["id"], 1)
    clock.move(days=2)
    return giving.dose_of(runtime, vial_id, 1)


def sign(physician: Api, directive_id: int, version: int) -> None:
    signature = {"username": "physician", "secret": hospital.PASSWORD}
    signing = {"after_version": version, "signature": signature}
    assert physician.post(f"/directives/{directive_id}/sign", signing).status_code == 200


def codes(answer: Any) -> list[str]:
    return [error["code"] for error in answer.json.get("errors", [])]


@pytest.mark.requirement("RQ-10")
@pytest.mark.requirement("RQ-10")
def test_a_dose_is_stopped_and_the_other_directive_named(
    api: Callable[[str], Api], body: dict[str, Any]
) -> None:
    answer = api("radiopharmacist").post("/dispensings", body)
    assert (answer.status_code, codes(answer)) == (409, ["conflict"])
    assert answer.json["errors"][0]["message"].startswith("R-000002")


def test_a_reason_lets_both_stand_only_once_it_is_signed(
    api: Callable[[str], Api], physician: Api, body: dict[str, Any]
) -> None:
    bench, path = api("radiopharmacist"), f"/directives/{body['directive_id']}"
    version = {"after_version": 1, "reason": "Split", "interval_reason": "Two halves of one"}
    assert physician.post(f"{path}/versions", version).status_code == 201
    assert codes(bench.post("/dispensings", body)) == ["directive_not_signed"]
    sign(physician, body["directive_id"], 2)
    assert bench.post("/dispensings", body).status_code == 201


def test_cancelling_the_other_lets_this_one_stand(
    api: Callable[[str], Api], physician: Api, body: dict[str, Any]
) -> None:
    physician.post("/directives/2/cancel", {"reason": "Drafted twice"})
    assert api("radiopharmacist").post("/dispensings", body).status_code == 201
