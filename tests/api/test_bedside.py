"""Beside the patient, over JSON: what was scanned, what was seen to, what interrupted it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from radiopharm.runtime import Runtime
from radiopharm.schemas.instants import instant_out, parse_instant
from tests import giving
from tests.conftest import StandingClock
from tests.doors import Api
from tests.giving import given


@pytest.fixture
def bench(api: Callable[[str], Api]) -> Api:
    return api("technologist")


@pytest.fixture
def dose(bench: Api, runtime: Runtime, clock: StandingClock) -> dict[str, Any]:
    return giving.dispensed(bench, runtime, clock)


def give(bench: Api, dose: dict[str, Any], body: dict[str, Any]) -> Any:
    return bench.post(f"/dispensings/{dose['id']}/administration", body)


@pytest.mark.requirement("RQ-32")
def test_patient_and_dose_are_confirmed_by_their_codes(
    bench: Api, dose: dict[str, Any], clock: StandingClock
) -> None:
    body = given(clock, patient=dose["patient"].lower(), dose=f"D-{dose['id']}")
    body |= {"site_of_administration": "left forearm", "performed_by": "N. Nurse"}
    answer = give(bench, dose, body).json
    assert (answer["patient_check"], answer["dose_check"]) == ("scanned", "scanned")
    assert answer["site_of_administration"] == "left forearm"
    assert answer["performed_by"] == "N. Nurse"


@pytest.mark.requirement("RQ-32")
def test_another_patient_or_another_dose_is_refused_in_a_sentence(
    bench: Api, dose: dict[str, Any], clock: StandingClock
) -> None:
    answer = give(bench, dose, given(clock, patient="P-ZZZZZZZZ", dose="D-000999"))
    said = [error["message"] for error in answer.json["errors"]]
    assert answer.status_code == 409
    assert said == [
        f"This patient is P-ZZZZZZZZ. {dose['code']} is for {dose['patient']}. Do not give it.",
        f"The dose in hand is D-000999. The one for {dose['patient']} is {dose['code']}. "
        "Do not give it.",
    ]


def test_what_was_not_scanned_is_recorded_so(
    bench: Api, dose: dict[str, Any], clock: StandingClock
) -> None:
    answer = give(bench, dose, given(clock)).json
    assert (answer["patient_check"], answer["dose_check"]) == ("not scanned", "not scanned")
    assert answer["performed_by"] == "Technologist"


@pytest.mark.parametrize(("field", "text"), [("patient", "D-000001"), ("dose", "P-K7M3QX2R")])
def test_a_label_scanned_into_the_wrong_box_is_no_match(
    bench: Api, dose: dict[str, Any], clock: StandingClock, field: str, text: str
) -> None:
    answer = give(bench, dose, given(clock, **{field: text}))
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)


@pytest.mark.requirement("RQ-32")
def test_each_line_of_the_checklist_is_kept_with_its_answer(
    bench: Api, dose: dict[str, Any], clock: StandingClock
) -> None:
    done_at = instant_out(clock.now - timedelta(minutes=35))
    checklist = [
        {"code": "amino_acids_started", "done_at": done_at},
        {"code": "antiemetic_given", "reason": "refused by the patient"},
    ]
    answer = give(bench, dose, given(clock, checklist=checklist)).json
    answers = {line["code"]: line["answer"] for line in answer["checklist"]}
    assert answers["amino_acids_started"] == "done"
    assert answers["antiemetic_given"] == "not_done"
    assert answers["pregnancy_excluded"] == "not_answered"
    assert all(line["source"] and line["status"] for line in answer["checklist"])


@pytest.mark.parametrize(
    "line",
    [
        {"code": "amino_acids_started"},
        {"code": "amino_acids_started", "done_at": "2026-06-03T10:00:00Z", "reason": "and not"},
        {"code": "potassium_of_the_moon", "reason": "unknown"},
    ],
)
def test_an_answer_is_one_of_two_and_to_a_line_there_is(
    bench: Api, dose: dict[str, Any], clock: StandingClock, line: dict[str, str]
) -> None:
    assert give(bench, dose, given(clock, checklist=[line])).status_code == 422


def test_interruptions_lie_within_the_administration(
    bench: Api, dose: dict[str, Any], clock: StandingClock
) -> None:
    body = given(clock)
    start = parse_instant(body["started_at"])
    stop = {
        "from_at": instant_out(start + timedelta(minutes=10)),
        "to_at": instant_out(start + timedelta(minutes=15)),
        "reason": "line blocked",
    }
    beyond = {**stop, "to_at": instant_out(start + timedelta(hours=2))}
    wrong = give(bench, dose, {**body, "interruptions": [beyond]})
    assert (wrong.status_code, wrong.json["errors"][0]["code"]) == (422, "interruptions")
    right = give(bench, dose, {**body, "interruptions": [stop]}).json
    assert right["interruptions"] == [stop]
