"""What else happens to a vial, over JSON."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from radiopharm.runtime import Runtime
from radiopharm.schemas.instants import instant_out
from tests import hospital
from tests.conftest import NOON, StandingClock
from tests.doors import Api


@pytest.fixture
def vial_id(runtime: Runtime) -> int:
    return hospital.accepted(runtime)


@pytest.fixture
def bench(api: Callable[[str], Api]) -> Api:
    return api("radiopharmacist")


def after(sequence: int, **more: Any) -> dict[str, Any]:
    return {"after_sequence": sequence, **more}


def test_a_discard_answers_with_what_is_left(bench: Api, vial_id: int) -> None:
    answer = bench.post(f"/vials/{vial_id}/discard", after(1, volume="10.25 mL"))
    assert answer.status_code == 200
    assert (answer.json["sequence"], answer.json["volume_ml"]) == (2, 10.25)
    assert answer.json["reference_balance_bq"] == 3_792_500_000
    rest = bench.post(f"/vials/{vial_id}/discard", after(2))
    assert (rest.json["state"], rest.json["reference_balance_bq"]) == ("empty", 0)


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("discard", {}),
        ("quarantine", {"reason": "wet"}),
        ("open", {}),
        ("move", {"place": "Hot cell"}),
        ("transfer", {"recipient": "Clinic", "licence": "IRA-1"}),
        ("dilute", {"volume": "1 mL"}),
        ("allocate", {}),
        ("entries/1/reversal", {"reason": "slip"}),
    ],
)
def test_every_act_says_what_its_author_saw(
    bench: Api, vial_id: int, act: str, body: dict[str, str]
) -> None:
    assert bench.post(f"/vials/{vial_id}/{act}", body).status_code == 422
    stale = bench.post(f"/vials/{vial_id}/{act}", {**body, **after(2)})
    assert (stale.status_code, stale.json["errors"][0]["code"]) == (409, "stale")
    assert stale.json["now"]["sequence"] == 1


def test_a_transfer_names_its_recipient_in_the_book(bench: Api, vial_id: int) -> None:
    body = after(1, recipient="University Clinic", licence="IRA-1042", reason="treatment there")
    assert bench.post(f"/vials/{vial_id}/transfer", body).json["state"] == "empty"
    entry = bench.get(f"/vials/{vial_id}/ledger").json["items"][-1]
    assert entry["kind"] == "transferred"
    assert entry["reason"] == "To University Clinic, licence IRA-1042: treatment there"


@pytest.mark.requirement("RQ-42")
def test_what_leaves_a_vial_takes_the_papers_of_a_hand_over(bench: Api, vial_id: int) -> None:
    body = after(1, recipient="Depot", licence="R-1", licence_until="2026-05-31", volume="5 mL")
    body |= {"consignment": "C-7", "documents": "CMR 4711", "handed_over_by": "Kim"}
    wrong = body | {"volume": "500 mL", "received_at": "2026-06-01T12:00:00Z"}
    refused = bench.post(f"/vials/{vial_id}/transfer", wrong).json["errors"]
    assert {it["code"] for it in refused} == {"licence_has_ended", "received", "insufficient"}
    body["licence_until"] = "2026-06-01"
    assert bench.post(f"/vials/{vial_id}/transfer", body).status_code == 200
    received, left = bench.get(f"/vials/{vial_id}/ledger").json["items"]
    assert received["hand_over"] is None
    assert left["hand_over"]["licence_number"] == "R-1"
    papers = left["hand_over"]["papers"]
    assert (papers["consignment"], papers["documents"]) == ("C-7", "CMR 4711")


def test_a_transfer_entered_late_says_why_beside_to_whom(
    bench: Api, clock: StandingClock, vial_id: int
) -> None:
    gone_at = instant_out(clock.now)
    clock.move(hours=1)
    body = after(1, recipient="Depot", licence="R-1", occurred_at=gone_at)
    refused = bench.post(f"/vials/{vial_id}/transfer", body).json["errors"]
    assert [it["code"] for it in refused] == ["late_needs_reason"]
    late = body | {"reason": "the line was down"}
    assert bench.post(f"/vials/{vial_id}/transfer", late).status_code == 200


def test_an_assay_moves_the_book(
    bench: Api, runtime: Runtime, clock: StandingClock, vial_id: int
) -> None:
    clock.move(days=2)
    body = after(
        1,
        measured_activity="7.6 GBq",
        measured_at=instant_out(clock.now),
        instrument_id=hospital.calibrator(runtime),
    )
    answer = bench.post(f"/vials/{vial_id}/assays", body)
    assert answer.status_code == 201
    assert answer.json["vial"]["activity_bq"] == pytest.approx(7.6e9, abs=1)
    assert answer.json["sequence"] == answer.json["vial"]["sequence"] == 2


def test_a_reversal_answers_with_the_vial_as_it_was(bench: Api, vial_id: int) -> None:
    bench.post(f"/vials/{vial_id}/discard", after(1, volume="1 mL"))
    answer = bench.post(f"/vials/{vial_id}/entries/2/reversal", after(2, reason="wrong vial"))
    assert (answer.status_code, answer.json["volume_ml"]) == (201, 20.5)
    again = bench.post(f"/vials/{vial_id}/entries/2/reversal", after(3, reason="wrong vial"))
    assert (again.status_code, again.json["errors"][0]["code"]) == (409, "reversed_already")


def test_an_entry_of_a_dose_is_undone_by_voiding_the_dose(
    bench: Api, runtime: Runtime, clock: StandingClock, vial_id: int
) -> None:
    directive_id = hospital.directive(runtime)
    clock.now = NOON + timedelta(days=2)
    dose = {
        "after_sequence": 1,
        "directive_id": directive_id,
        "measured_activity": "7.4 GBq",
        "measured_at": instant_out(clock.now),
        "instrument_id": hospital.calibrator(runtime),
        "signature": {"username": "radiopharmacist", "secret": hospital.PASSWORD},
    }
    dose_id = bench.post(f"/vials/{vial_id}/dispensings", dose).json["id"]
    answer = bench.post(f"/vials/{vial_id}/entries/2/reversal", after(2, reason="slip"))
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (409, "void_the_dose")
    assert answer.json["now"] == {"dispensing_id": dose_id}


@pytest.mark.parametrize(
    ("act", "body", "role"),
    [
        ("release", {"reason": "clean"}, "technologist"),
        ("entries/1/reversal", {"reason": "slip"}, "technologist"),
        ("transfer", {"recipient": "Clinic"}, "technologist"),
        ("discard", {}, "auditor"),
        ("quarantine", {"reason": "wet"}, "physician"),
    ],
)
def test_not_everybody_does_everything(
    api: Callable[[str], Api], vial_id: int, act: str, body: dict[str, str], role: str
) -> None:
    assert api(role).post(f"/vials/{vial_id}/{act}", {**body, **after(1)}).status_code == 403


def test_a_newer_certificate_counts_from_then_on(bench: Api, vial_id: int) -> None:
    body = after(1, impurities=[{"nuclide": "Lu-177m", "ratio": "0.05 %"}], reason="certificate B")
    answer = bench.post(f"/vials/{vial_id}/compositions", body)
    assert answer.status_code == 201
    assert [i["ratio"] for i in answer.json["impurities"]] == [0.0005]
    assert answer.json["reference_balance_bq"] == 7_585_000_000
    body["impurities"][0]["ratio"] = "0.02 %"
    again = bench.post(f"/vials/{vial_id}/compositions", body)
    assert [i["ratio"] for i in again.json["impurities"]] == [0.0002]


def test_a_new_composition_says_what_and_why(bench: Api, vial_id: int) -> None:
    answer = bench.post(f"/vials/{vial_id}/compositions", after(1, impurities=[]))
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json["errors"]} == {"impurities", "reason"}


def test_another_vials_number_is_not_found(bench: Api) -> None:
    assert bench.post("/vials/999/discard", after(1)).status_code == 404
