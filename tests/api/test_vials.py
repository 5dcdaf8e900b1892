"""Vials over JSON: received, looked at, accepted."""

from collections.abc import Callable

import pytest

from tests.doors import Api

LUTATHERA = {
    "product": "lutathera",
    "lot": "LT-26-0311",
    "reference_activity": "7585 MBq",
    "volume": "20.5 mL",
    "reference_at": "2026-06-03T14:00:00+02:00",
    "expires_at": "2026-06-06T14:00:00+02:00",
    "received_at": "2026-06-01T12:00:00Z",
}


@pytest.fixture
def pharmacist(api: Callable[[str], Api]) -> Api:
    return api("radiopharmacist")


@pytest.mark.requirement("RQ-14")
def test_a_received_vial_shows_what_it_holds_now(pharmacist: Api) -> None:
    vial = pharmacist.post("/vials", LUTATHERA).json
    assert vial["state"] == "received"
    assert vial["volume_ml"] == 20.5
    assert vial["activity_mbq"] == pytest.approx(7585 * 2 ** (2 / 6.647), rel=1e-12)


@pytest.mark.requirement("RQ-45")
def test_a_vial_can_be_seen_before_it_came_and_after_it_expired(pharmacist: Api) -> None:
    vial_id = pharmacist.post("/vials", LUTATHERA).json["id"]
    early = pharmacist.get(f"/vials/{vial_id}", at="2026-05-31T12:00:00Z").json
    late = pharmacist.get(f"/vials/{vial_id}", at="2026-06-06T12:00:00Z").json
    assert (early["state"], late["state"]) == ("not_here", "expired")
    assert early["activity_bq"] > late["activity_bq"]


def test_any_two_of_activity_volume_and_concentration_do(pharmacist: Api) -> None:
    body = {k: v for k, v in LUTATHERA.items() if k != "reference_activity"}
    vial = pharmacist.post("/vials", {**body, "concentration": "370 MBq/mL"}).json
    assert vial["reference_balance_bq"] == 7_585_000_000


def test_the_same_key_makes_one_vial(pharmacist: Api) -> None:
    first = pharmacist.post("/vials", LUTATHERA, key="once")
    again = pharmacist.post("/vials", LUTATHERA, key="once")
    assert again.json == first.json
    assert again.headers["Idempotent-Replay"] == "true"
    assert len(pharmacist.get("/vials").json["items"]) == 1


def test_the_same_key_for_another_vial_is_refused(pharmacist: Api) -> None:
    pharmacist.post("/vials", LUTATHERA, key="once")
    answer = pharmacist.post("/vials", {**LUTATHERA, "lot": "other"}, key="once")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["code"] == "key_reused"


def test_every_fault_is_named_at_once(pharmacist: Api) -> None:
    answer = pharmacist.post("/vials", {"product": "lutathera", "reference_activity": "7.4"})
    assert answer.status_code == 422
    fields = {error["field"] for error in answer.json["errors"]}
    assert {"lot", "reference_activity", "reference_at", "expires_at", "received_at"} <= fields


def test_a_stale_acceptance_is_told_how_the_vial_stands(pharmacist: Api) -> None:
    vial_id = pharmacist.post("/vials", LUTATHERA).json["id"]
    answer = pharmacist.post(f"/vials/{vial_id}/accept", {"after_sequence": 7})
    assert answer.status_code == 409
    assert answer.json["now"]["sequence"] == 1


def test_an_auditor_reads_and_may_not_receive(api: Callable[[str], Api]) -> None:
    assert api("auditor").get("/vials").status_code == 200
    assert api("auditor").post("/vials", LUTATHERA).status_code == 403
