"""Patients over JSON: one record each, a reference everywhere else, every look recorded."""

from collections.abc import Callable

import pytest

from radiopharm.runtime import Runtime
from tests.canary import CANARY, audit_text
from tests.doors import Api


@pytest.fixture
def pharmacist(api: Callable[[str], Api]) -> Api:
    return api("radiopharmacist")


@pytest.mark.requirement("RQ-08")
def test_a_patient_is_known_by_a_random_reference(pharmacist: Api) -> None:
    first = pharmacist.post("/patients", CANARY)
    other = pharmacist.post("/patients", {**CANARY, "hospital_number": "HN-2"})
    assert first.status_code == 201
    assert set(first.json) == {"reference"}
    assert first.json["reference"] != other.json["reference"]


def test_the_identity_is_there_for_who_treats(pharmacist: Api) -> None:
    reference = pharmacist.post("/patients", CANARY).json["reference"]
    assert pharmacist.get(f"/patients/{reference}").json == {
        **CANARY,
        "reference": reference,
        "erased": None,
    }


@pytest.mark.parametrize("role", ["physicist", "safety_officer", "auditor", "admin"])
def test_who_need_not_know_gets_no_identity(api: Callable[[str], Api], role: str) -> None:
    reference = api("radiopharmacist").post("/patients", CANARY).json["reference"]
    assert api(role).get(f"/patients/{reference}").status_code == 403
    assert api(role).post("/patients/search", {"hospital_number": "x"}).status_code == 403


def test_a_hospital_number_is_recorded_once_and_the_refusal_names_nobody(pharmacist: Api) -> None:
    pharmacist.post("/patients", CANARY)
    answer = pharmacist.post("/patients", {**CANARY, "family_name": "Other"})
    assert answer.status_code == 409
    assert answer.json["errors"][0]["code"] == "patient_known"
    assert CANARY["family_name"] not in answer.text


def test_a_patient_is_found_again_by_hospital_number(pharmacist: Api) -> None:
    reference = pharmacist.post("/patients", CANARY).json["reference"]
    number = {"hospital_number": CANARY["hospital_number"]}
    assert pharmacist.post("/patients/search", number).json == {"reference": reference}
    assert pharmacist.post("/patients/search", {"hospital_number": "no"}).status_code == 404


def test_every_look_is_recorded(pharmacist: Api, runtime: Runtime) -> None:
    reference = pharmacist.post("/patients", CANARY).json["reference"]
    pharmacist.get(f"/patients/{reference}")
    assert audit_text(runtime).count("patient:seen") == 1


def test_a_look_leaves_no_copy_for_a_replay(pharmacist: Api, runtime: Runtime) -> None:
    number = {"hospital_number": CANARY["hospital_number"]}
    pharmacist.post("/patients", CANARY)
    first = pharmacist.post("/patients/search", number, key="once")
    again = pharmacist.post("/patients/search", number, key="once")
    assert first.json == again.json
    assert audit_text(runtime).count("patient:seen") == 2


@pytest.mark.parametrize("birth_date", ["1899-12-31", "2026-06-02", "30.04.1961", "1961-02-30"])
def test_an_impossible_birth_date_is_refused(pharmacist: Api, birth_date: str) -> None:
    answer = pharmacist.post("/patients", {**CANARY, "birth_date": birth_date})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == ["birth_date"]
