"""Directives as pages: a patient is found, a directive written, signed, changed, cancelled."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from radiopharm.runtime import Runtime
from tests import hospital
from tests.canary import CANARY, betrays, traces
from tests.doors import Pages
from tests.web.bench import sign

TEXT = {
    "product": "lutathera",
    "prescribed": "7.4",
    "prescribed_unit": "GBq",
    "planned_for_date": "2026-06-01",
    "planned_for_time": "16:30",
    "planned_for_zone": "Europe/Madrid",
    "range.lowest_unit": "GBq",
    "range.highest_unit": "GBq",
}
SIGNING = {
    "after_version": "1",
    "signature.username": "physician",
    "signature.secret": hospital.PASSWORD,
}


def signed(physician: Pages, directive: str, form: dict[str, str] = SIGNING) -> TestResponse:
    return sign(physician, f"{directive}/sign", f"{directive}/statement", form)


@pytest.fixture
def physician(pages: Callable[[str], Pages]) -> Pages:
    return pages("physician")


@pytest.fixture
def reference(physician: Pages) -> str:
    return physician.post("/patients", CANARY).location.rpartition("/")[2]


@pytest.fixture
def directive(physician: Pages, reference: str) -> str:
    """The address of a directive that was just drafted."""
    return physician.post("/directives", {**TEXT, "patient": reference}).location


def test_a_patient_is_recorded_and_found_again_by_number(physician: Pages, reference: str) -> None:
    number = {"hospital_number": CANARY["hospital_number"]}
    assert physician.post("/patients/search", number).location == f"/patients/{reference}"
    page = physician.get(f"/patients/{reference}").text
    assert CANARY["family_name"] in page
    assert f"<title>Patient {reference}" in page


def test_an_unknown_number_offers_to_record_the_patient(physician: Pages) -> None:
    answer = physician.post("/patients/search", {"hospital_number": "HN-9"})
    assert answer.status_code == 404
    assert 'value="HN-9"' in answer.text
    assert "Record the patient" in answer.text


def test_a_known_number_is_not_recorded_twice(physician: Pages, reference: str) -> None:
    answer = physician.post("/patients", {**CANARY, "family_name": "Other"})
    assert answer.status_code == 409
    assert "Search for it" in answer.text


def test_without_a_patient_there_is_no_directive(physician: Pages) -> None:
    assert physician.get("/directives/new").location == "/patients"


@pytest.mark.requirement("RQ-10")
def test_a_directive_is_drafted_signed_and_changed(physician: Pages, directive: str) -> None:
    assert signed(physician, directive).status_code == 303
    page = physician.get(directive).text
    assert "Signed by Physician (physician) at " in page
    assert "— Prescribed as written" in page
    change = {**TEXT, "prescribed": "3.7", "reason": "Platelets", "after_version": "1"}
    assert physician.post(f"{directive}/versions", change).status_code == 303
    changed = physician.get(directive).text
    assert "Version 2" in changed
    assert "Superseded" in changed
    assert "Signature void: version 2 written" in changed
    assert "Sign version 2" in changed


def test_the_next_version_opens_with_what_the_newest_says(physician: Pages, directive: str) -> None:
    page = physician.get(f"{directive}/change").text
    assert 'value="7.4"' in page
    assert 'value="16:30"' in page
    assert 'name="after_version" value="1"' in page


def test_what_was_typed_comes_back_with_every_error(physician: Pages, reference: str) -> None:
    typed = {**TEXT, "patient": reference, "prescribed": "7,4", "planned_for_time": ""}
    answer = physician.post("/directives", typed)
    assert answer.status_code == 422
    assert 'value="7,4"' in answer.text
    assert answer.text.count('class="error"') == 2


def test_of_two_who_change_one_version_the_second_keeps_what_was_typed(
    physician: Pages, directive: str
) -> None:
    change = {**TEXT, "reason": "Later", "after_version": "1"}
    physician.post(f"{directive}/versions", change)
    answer = physician.post(f"{directive}/versions", {**change, "reason": "Earlier"})
    assert answer.status_code == 409
    assert 'value="Earlier"' in answer.text
    assert "newer version (2)" in answer.text


def test_a_signature_under_an_older_version_is_refused(physician: Pages, directive: str) -> None:
    physician.post(f"{directive}/versions", {**TEXT, "reason": "Later", "after_version": "1"})
    answer = signed(physician, directive)
    assert answer.status_code == 409
    assert "newer version (2)" in answer.text


@pytest.mark.parametrize(
    ("username", "secret", "said"),
    [
        ("physician", "not the password", "do not belong together"),
        ("physician", hospital.PIN, "do not belong together"),
        ("technologist", hospital.PASSWORD, "may not sign this"),
    ],
)
def test_who_may_not_sign_is_told_so_beside_the_box(
    physician: Pages, directive: str, username: str, secret: str, said: str
) -> None:
    typed = {**SIGNING, "signature.username": username, "signature.secret": secret}
    answer = signed(physician, directive, typed)
    assert answer.status_code == 403
    assert said in answer.text
    assert secret not in answer.text


def test_a_cancelled_directive_says_by_whom_and_why(physician: Pages, directive: str) -> None:
    physician.post(f"{directive}/cancel", {"reason": "Unwell"})
    page = physician.get(directive).text
    assert "by Physician: Unwell" in page
    assert "Sign version" not in page


@pytest.mark.parametrize("tab", ["today", "draft", "all"])
def test_a_draft_stands_under_its_tabs(physician: Pages, directive: str, tab: str) -> None:
    assert directive in physician.get("/directives", tab=tab).text
    assert directive not in physician.get("/directives", tab="signed").text


def test_a_slip_of_the_unit_is_said_while_typing(physician: Pages) -> None:
    typed = {**TEXT, "prescribed": "200", "prescribed_unit": "GBq"}
    assert "Is it mCi and not GBq?" in physician.get("/directives/hints", **typed).text


def test_who_need_not_know_sees_the_reference_alone(
    pages: Callable[[str], Pages], directive: str, reference: str
) -> None:
    auditor = pages("auditor")
    for page in (auditor.get(directive).text, auditor.get("/directives", tab="all").text):
        assert reference in page
        assert not betrays(page)
    assert pages("safety_officer").get(f"/patients/{reference}").status_code == 403


def test_a_scan_leads_to_the_directive_and_to_the_patient(
    physician: Pages, directive: str, reference: str
) -> None:
    number = int(directive.rpartition("/")[2])
    assert physician.get("/scan", code=f"r-{number:06d}").location == f"{directive}#act"
    assert physician.get("/scan", code=reference).location == f"/patients/{reference}#act"
    assert physician.get("/scan", code="P-00000000").location == "/"


def test_identity_leaves_its_table_nowhere(
    physician: Pages, runtime: Runtime, directive: str, reference: str
) -> None:
    physician.post("/patients", CANARY)
    physician.post("/patients/search", {"hospital_number": CANARY["hospital_number"]})
    signed(physician, directive)
    physician.get(f"/patients/{reference}")
    assert traces(runtime) == []


def test_a_vial_is_kept_and_let_go_in_one_tap(
    pages: Callable[[str], Pages], runtime: Runtime, directive: str
) -> None:
    vial_id, bench = hospital.accepted(runtime), pages("technologist")
    number = directive.rpartition("/")[2]
    assert f"Keep V-{vial_id:06d}" in bench.get(directive).text
    keep = {"after_sequence": "1", "directive_id": number}
    bench.post(f"{directive}/vials/{vial_id}", keep)
    assert "This directive" in bench.get(directive).text
    bench.post(f"{directive}/vials/{vial_id}", {"after_sequence": "1", "directive_id": ""})
    assert "This directive" not in bench.get(directive).text


def test_a_vial_of_another_product_is_not_kept(
    pages: Callable[[str], Pages], runtime: Runtime, directive: str
) -> None:
    vial_id = hospital.accepted(runtime, product="y-90-dotatoc")
    keep = {"after_sequence": "1", "directive_id": directive.rpartition("/")[2]}
    answer = pages("technologist").post(f"{directive}/vials/{vial_id}", keep)
    assert answer.status_code == 409
