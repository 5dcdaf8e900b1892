"""Directives over JSON: drafted, changed in versions, signed by a physician, cancelled."""

import logging
from collections.abc import Callable
from typing import Any

import pytest

from radiopharm.runtime import Runtime
from tests import hospital
from tests.canary import CANARY, betrays, traces
from tests.doors import Api

TEXT = {
    "product": "lutathera",
    "prescribed": "7.4 GBq",
    "planned_for": "2026-06-03T10:30:00+02:00",
    "indication": "GEP-NET",
    "cycle": 2,
    "notes": "Amino acids from 10:00.",
}
DRAFT = {**TEXT, "patient": CANARY}


@pytest.fixture
def physician(api: Callable[[str], Api]) -> Api:
    return api("physician")


def signing(username: str = "physician", **changes: Any) -> dict[str, Any]:
    signature = {"username": username, "secret": hospital.PASSWORD, **changes}
    return {"after_version": 1, "signature": signature}


def codes(answer: Any) -> list[str]:
    return [error["code"] for error in answer.json["errors"]]


@pytest.mark.requirement("RQ-08")
def test_a_draft_is_version_one_and_not_signed(physician: Api) -> None:
    drafted = physician.post("/directives", DRAFT)
    assert drafted.status_code == 201
    assert drafted.json["state"] == "draft"
    (version,) = drafted.json["versions"]
    assert (version["version"], version["prescribed_bq"]) == (1, 7_400_000_000)
    assert version["route"] == "intravenous"


def test_a_known_patient_is_named_by_reference(physician: Api) -> None:
    reference = physician.post("/patients", CANARY).json["reference"]
    by_reference = physician.post("/directives", {**TEXT, "patient": reference}).json
    by_identity = physician.post("/directives", DRAFT).json
    assert by_reference["patient"] == by_identity["patient"] == reference


def test_identifiers_that_disagree_stop_the_draft(physician: Api) -> None:
    physician.post("/patients", CANARY)
    other = {**CANARY, "birth_date": "1961-04-03"}
    answer = physician.post("/directives", {**TEXT, "patient": other})
    assert answer.status_code == 409
    assert codes(answer) == ["identifiers_disagree"]


def test_an_unknown_patient_is_not_found(physician: Api) -> None:
    answer = physician.post("/directives", {**TEXT, "patient": "P-22222222"})
    assert answer.status_code == 404


def test_only_a_physician_signs(physician: Api) -> None:
    directive = physician.post("/directives", DRAFT).json
    path = f"/directives/{directive['id']}/sign"
    refused = physician.post(path, signing("radiopharmacist"))
    signed = physician.post(path, signing(meaning="I prescribe this"))
    assert (refused.status_code, signed.status_code) == (403, 200)
    assert signed.json["state"] == "signed"
    (signature,) = signed.json["signatures"]
    assert (signature["version"], signature["name"], signature["void"]) == (1, "Physician", None)
    assert signature["line"].startswith("Signed by Physician (physician) at ")
    assert signature["line"].endswith("(2026-06-01 12:00:00Z) — I prescribe this")


def test_a_bench_pin_does_not_sign_a_directive(physician: Api) -> None:
    directive = physician.post("/directives", DRAFT).json
    answer = physician.post(f"/directives/{directive['id']}/sign", signing(secret=hospital.PIN))
    assert answer.status_code == 403
    assert codes(answer) == ["wrong_secret"]


def test_a_version_is_signed_once(physician: Api) -> None:
    path = f"/directives/{physician.post('/directives', DRAFT).json['id']}/sign"
    physician.post(path, signing())
    again = physician.post(path, signing())
    assert again.status_code == 409
    assert codes(again) == ["signed_already"]


@pytest.mark.requirement("RQ-10")
def test_a_change_is_a_new_version_and_takes_the_signature_away(physician: Api) -> None:
    path = f"/directives/{physician.post('/directives', DRAFT).json['id']}"
    physician.post(f"{path}/sign", signing())
    change = {"prescribed": "3.7 GBq", "reason": "Platelets", "after_version": 1}
    changed = physician.post(f"{path}/versions", change)
    assert changed.status_code == 201
    assert changed.json["state"] == "draft"
    assert [v["state"] for v in changed.json["versions"]] == ["superseded", "draft"]
    assert changed.json["versions"][1]["notes"] == TEXT["notes"]


def test_a_change_needs_a_reason(physician: Api) -> None:
    path = f"/directives/{physician.post('/directives', DRAFT).json['id']}/versions"
    answer = physician.post(path, {"prescribed": "3.7 GBq", "after_version": 1})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "reason"


def test_a_signature_goes_under_the_version_that_was_seen(physician: Api) -> None:
    path = f"/directives/{physician.post('/directives', DRAFT).json['id']}"
    physician.post(f"{path}/versions", {"reason": "Later", "cycle": 3, "after_version": 1})
    stale = physician.post(f"{path}/sign", signing())
    assert stale.status_code == 409
    assert stale.json["now"] == {"version": 2}


def test_of_two_who_change_the_same_version_the_second_must_look_again(physician: Api) -> None:
    path = f"/directives/{physician.post('/directives', DRAFT).json['id']}/versions"
    change = {"reason": "Later", "cycle": 3, "after_version": 1}
    assert physician.post(path, change).status_code == 201
    assert physician.post(path, change).status_code == 409


def test_a_change_by_etag_is_refused_when_stale_or_unsaid(physician: Api) -> None:
    directive_id = physician.post("/directives", DRAFT).json["id"]
    etag = physician.get(f"/directives/{directive_id}").headers["ETag"]
    path, change = f"/directives/{directive_id}/versions", {"reason": "Later", "cycle": 3}
    tries = [physician.post(path, change, headers=h) for h in ({"If-Match": etag},) * 2 + ({},)]
    assert [answer.status_code for answer in tries] == [201, 412, 428]


def test_a_signature_without_its_version_is_refused(physician: Api) -> None:
    directive_id = physician.post("/directives", DRAFT).json["id"]
    signature = signing()["signature"]
    answer = physician.post(f"/directives/{directive_id}/sign", {"signature": signature})
    assert answer.status_code == 422


def test_a_cancelled_directive_stays_cancelled(physician: Api) -> None:
    path = f"/directives/{physician.post('/directives', DRAFT).json['id']}"
    cancelled = physician.post(f"{path}/cancel", {"reason": "Unwell"}).json
    assert (cancelled["state"], cancelled["cancelled"]["reason"]) == ("cancelled", "Unwell")
    change = {"reason": "Better", "after_version": 1}
    acts = [("sign", signing()), ("versions", change), ("cancel", {"reason": "Twice"})]
    answers = [physician.post(f"{path}/{act}", body) for act, body in acts]
    assert [codes(answer) for answer in answers] == [["cancelled"]] * 3


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"product": "unobtainium"}, "product", "unknown_product"),
        ({"product": "ga-68-dotatate", "route": "iv"}, "product", "not_a_therapy"),
        ({"prescribed": "7.4"}, "prescribed", "invalid"),
        ({"planned_for": "2029-06-03T10:30:00Z"}, "planned_for", "planned_far"),
        ({"range": {"lowest": "7.5 GBq", "highest": "8 GBq"}}, "prescribed", "outside_range"),
        ({"range": {"lowest": "8 GBq", "highest": "7 GBq"}}, "range.lowest", "invalid"),
        ({"prescriber": "radiopharmacist"}, "prescriber", "prescriber"),
        ({"cycle": 0}, "cycle", "invalid"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    physician: Api, change: dict[str, Any], field: str, code: str
) -> None:
    answer = physician.post("/directives", {**DRAFT, **change})
    assert answer.status_code == 422
    assert [(e["field"], e["code"]) for e in answer.json["errors"]] == [(field, code)]


def test_a_slip_of_the_unit_is_named_and_not_refused(physician: Api) -> None:
    drafted = physician.post("/directives", {**DRAFT, "prescribed": "200 GBq"}).json
    said = " ".join(warning["message"] for warning in drafted["warnings"])
    assert "Is it mCi and not GBq?" in said


def test_the_list_is_a_keyset_page_by_planned_time(physician: Api) -> None:
    for day in (5, 4, 3):
        planned = f"2026-06-0{day}T10:00:00Z"
        physician.post("/directives", {**DRAFT, "planned_for": planned})
    first = physician.get("/directives", limit="2").json
    rest = physician.get("/directives", limit="2", after=first["next"]).json
    days = [item["planned_for"][8:10] for item in first["items"] + rest["items"]]
    assert (days, rest["next"]) == (["03", "04", "05"], None)


def test_the_list_is_narrowed_by_state_and_time(physician: Api) -> None:
    ids = [physician.post("/directives", DRAFT).json["id"] for _ in range(3)]
    physician.post(f"/directives/{ids[0]}/sign", signing())
    physician.post(f"/directives/{ids[1]}/cancel", {"reason": "Unwell"})
    for state, found in (("signed", ids[0]), ("cancelled", ids[1]), ("draft", ids[2])):
        items = physician.get("/directives", state=state).json["items"]
        assert [(item["id"], item["state"]) for item in items] == [(found, state)]
    early = physician.get("/directives", to="2026-06-03T08:30:00Z").json
    assert early["items"] == []


def test_an_auditor_reads_references_and_writes_nothing(api: Callable[[str], Api]) -> None:
    directive_id = api("physician").post("/directives", DRAFT).json["id"]
    seen = api("auditor").get(f"/directives/{directive_id}")
    assert (seen.status_code, betrays(seen.text)) == (200, False)
    assert api("auditor").post("/directives", DRAFT).status_code == 403


def test_identity_leaves_its_table_nowhere(
    physician: Api, runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    directive = physician.post("/directives", DRAFT).json
    path = f"/directives/{directive['id']}"
    physician.get(f"/patients/{directive['patient']}")
    physician.post("/patients", CANARY)
    physician.post("/patients/search", {"hospital_number": CANARY["hospital_number"]})
    physician.post(f"{path}/sign", signing())
    physician.post(f"{path}/cancel", {"reason": "Unwell"})
    assert traces(runtime) == []
    assert not betrays(caplog.text)
