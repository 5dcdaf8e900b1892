"""Doses over JSON: proposed, dispensed, refused with every reason, voided."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from radiopharm.runtime import Runtime
from radiopharm.schemas.instants import instant_out
from tests import hospital
from tests.conftest import NOON, StandingClock
from tests.doors import Api

SIGNATURE = {"username": "radiopharmacist", "secret": hospital.PASSWORD, "meaning": ""}
SECOND = {"username": "second", "secret": hospital.PASSWORD}


@pytest.fixture
def bench(api: Callable[[str], Api]) -> Api:
    return api("radiopharmacist")


@pytest.fixture
def dose_of(runtime: Runtime, clock: StandingClock) -> Callable[..., dict[str, Any]]:
    """A whole Lutathera vial against its directive, two days later, measured as calculated."""

    def body(**changes: Any) -> dict[str, Any]:
        vial_id = changes.pop("vial_id", None) or hospital.accepted(runtime)
        directive_id = changes.pop("directive_id", None) or hospital.directive(runtime)
        clock.now = max(clock.now, NOON + timedelta(days=2))
        draw = {"vial_id": vial_id, "after_sequence": 1, **changes.pop("draw", {})}
        return {
            "directive_id": directive_id,
            "draws": [draw],
            "measured_activity": "7.4 GBq",
            "measured_at": instant_out(clock.now),
            "instrument_id": hospital.calibrator(runtime),
            "signature": SIGNATURE,
            **changes,
        }

    return body


@pytest.mark.requirement("RQ-24")
def test_the_proposed_volume_holds_the_wanted_activity_when_it_is_given(
    bench: Api, runtime: Runtime
) -> None:
    vial_id = hospital.accepted(runtime, volume_ul=25_000, activity_bq=9_250_000_000)
    at = instant_out(NOON + timedelta(days=4))
    answer = bench.get(f"/vials/{vial_id}/draw", activity="7.4 GBq", **{"for": at}).json
    assert answer["volume_ml"] == pytest.approx(24.638, abs=0.0005)
    assert answer["refusals"] == []


@pytest.mark.requirement("RQ-26", "RQ-27")
def test_a_dose_shows_prescribed_calculated_and_measured_at_one_instant(
    bench: Api, dose_of: Callable[..., dict[str, Any]]
) -> None:
    dose = bench.post("/dispensings", dose_of()).json
    decayed = 2 ** (-2 / 24 / 6.647)
    assert dose["state"] == "dispensed"
    assert dose["calculated_mbq"] == pytest.approx(7585 * decayed, abs=1e-6)
    assert dose["measured_at_administration_mbq"] == pytest.approx(7400 * decayed, rel=1e-12)
    assert dose["deviation"] == pytest.approx(decayed - 1, rel=1e-12)


@pytest.mark.requirement("RQ-29")
def test_a_directive_is_dispensed_once(
    bench: Api, runtime: Runtime, dose_of: Callable[..., dict[str, Any]]
) -> None:
    first = dose_of()
    assert bench.post("/dispensings", first).status_code == 201
    again = dose_of(directive_id=first["directive_id"], vial_id=hospital.accepted(runtime))
    answer = bench.post("/dispensings", again)
    assert answer.status_code == 409
    assert [e["code"] for e in answer.json["errors"]] == ["already_dispensed"]


def test_every_reason_is_given_at_once(
    bench: Api, runtime: Runtime, dose_of: Callable[..., dict[str, Any]]
) -> None:
    vial_id = hospital.receive(runtime)
    directive_id = hospital.directive(runtime, signed=False)
    body = dose_of(vial_id=vial_id, directive_id=directive_id, measured_activity="5 GBq")
    body["draws"][0]["volume"] = "21 mL"
    codes = {e["code"] for e in bench.post("/dispensings", body).json["errors"]}
    assert codes == {
        "directive_not_signed",
        "not_accepted",
        "insufficient",
        "deviation_needs_second_person",
        "deviation_needs_reason",
    }


@pytest.mark.requirement("RQ-30")
def test_a_second_person_and_a_reason_allow_what_deviates(
    bench: Api, dose_of: Callable[..., dict[str, Any]]
) -> None:
    body = dose_of(measured_activity="5 GBq", reason="half dose agreed", second=SECOND)
    dose = bench.post("/dispensings", body)
    assert dose.status_code == 201
    assert dose.json["meets_event_percentage"] is True


@pytest.mark.requirement("RQ-30")
def test_nobody_is_their_own_second_person(
    bench: Api, dose_of: Callable[..., dict[str, Any]]
) -> None:
    body = dose_of(
        measured_activity="5 GBq", reason="x", second={**SIGNATURE, "username": "Radiopharmacist"}
    )
    answer = bench.post("/dispensings", body)
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (422, "second_person")


@pytest.mark.requirement("RQ-50")
def test_a_wrong_secret_saves_nothing_and_is_counted(
    bench: Api, dose_of: Callable[..., dict[str, Any]]
) -> None:
    body = dose_of()
    wrong = {**body, "signature": {**SIGNATURE, "secret": "not the password"}}
    for _ in range(5):
        assert bench.post("/dispensings", wrong).status_code == 403
    waits = bench.post("/dispensings", body)  # now even the right one
    assert (waits.status_code, waits.headers["Retry-After"]) == (429, "1")
    vial_id = body["draws"][0]["vial_id"]
    assert bench.get(f"/vials/{vial_id}").json["sequence"] == 1


def test_a_stale_page_dispenses_nothing(bench: Api, dose_of: Callable[..., dict[str, Any]]) -> None:
    answer = bench.post("/dispensings", dose_of(draw={"after_sequence": 4}))
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (409, "stale")


def test_two_equal_halves_read_high_close_the_book_at_zero(
    bench: Api, runtime: Runtime, dose_of: Callable[..., dict[str, Any]]
) -> None:
    now = NOON
    vial_id = hospital.accepted(
        runtime,
        product="i-131-mibg-azedra",
        activity_bq=12_487_500_000,
        volume_ul=22_500,
        reference_at=now + timedelta(hours=1),
        expires_at=now + timedelta(days=6),
    )
    for sequence in (1, 2):
        directive_id = hospital.directive(
            runtime, product="i-131-mibg-azedra", prescribed_bq=6_243_750_000
        )
        body = dose_of(
            vial_id=vial_id,
            directive_id=directive_id,
            draw={"after_sequence": sequence, "volume": "11.25 mL"},
            measured_activity="6431.0625 MBq",
            administer_at=instant_out(now + timedelta(days=2)),
            reason="decayed two days",
            second=SECOND,
        )
        dose = bench.post("/dispensings", body).json
        assert dose["draws"][0]["reference_bq"] == 6_243_750_000
    vial = bench.get(f"/vials/{vial_id}").json
    assert (vial["state"], vial["volume_ul"], vial["reference_balance_bq"]) == ("empty", 0, 0)


def test_one_dose_may_be_drawn_from_two_vials(
    bench: Api, runtime: Runtime, dose_of: Callable[..., dict[str, Any]]
) -> None:
    first, second = hospital.accepted(runtime), hospital.accepted(runtime)
    body = dose_of(
        vial_id=first,
        directive_id=hospital.directive(runtime, prescribed_bq=11_000_000_000),
        measured_activity="11 GBq",
    )
    body["draws"].append({"vial_id": second, "after_sequence": 1, "volume": "9.2 mL"})
    dose = bench.post("/dispensings", body).json
    assert [draw["volume_ul"] for draw in dose["draws"]] == [20_500, 9_200]


def test_the_wrong_product_is_named_in_a_sentence(
    bench: Api, runtime: Runtime, dose_of: Callable[..., dict[str, Any]]
) -> None:
    body = dose_of(directive_id=hospital.directive(runtime, product="lu-177-dotatoc"))
    errors = bench.post("/dispensings", body).json["errors"]
    assert "This is Lutathera" in errors[0]["message"]
    assert "The directive says" in errors[0]["message"]


def test_an_undrawn_void_restores_the_book_and_frees_the_directive(
    bench: Api, dose_of: Callable[..., dict[str, Any]]
) -> None:
    body = dose_of()
    dose = bench.post("/dispensings", body).json
    void = bench.post(f"/dispensings/{dose['id']}/void", {"drawn": False, "reason": "unwell"})
    assert void.json["state"] == "void"
    vial_id = body["draws"][0]["vial_id"]
    assert bench.get(f"/vials/{vial_id}").json["reference_balance_bq"] == 7_585_000_000
    body["draws"][0]["after_sequence"] = 3
    assert bench.post("/dispensings", body).status_code == 201


def test_a_dose_that_was_never_drawn_has_found_nothing_beyond_the_book(
    bench: Api, dose_of: Callable[..., dict[str, Any]]
) -> None:
    body = dose_of(
        draw={"volume": "30 mL"}, already_drawn=True, reason="The vial held more", second=SECOND
    )
    dose = bench.post("/dispensings", body).json
    assert dose["draws"][0]["volume_ul"] == 30_000
    bench.post(f"/dispensings/{dose['id']}/void", {"drawn": False, "reason": "wrong vial"})
    vial = bench.get(f"/vials/{body['draws'][0]['vial_id']}").json
    assert (vial["volume_ul"], vial["reference_balance_bq"]) == (20_500, 7_585_000_000)


def test_a_drawn_void_is_a_returned_dose_that_can_go_back(
    bench: Api, dose_of: Callable[..., dict[str, Any]]
) -> None:
    body = dose_of()
    dose = bench.post("/dispensings", body).json
    void = bench.post(f"/dispensings/{dose['id']}/void", {"drawn": True, "reason": "unwell"})
    assert void.json["state"] == "returned"
    back = bench.post(f"/dispensings/{dose['id']}/return", {"reason": "untouched"})
    assert back.json["state"] == "void"
    vial = bench.get(f"/vials/{body['draws'][0]['vial_id']}").json
    assert vial["reference_balance_bq"] == 7_585_000_000


@pytest.mark.parametrize("second", [False, 0, "nobody", []])
def test_a_second_person_who_is_no_object_is_refused_in_words(
    bench: Api, dose_of: Callable[..., dict[str, Any]], second: object
) -> None:
    answer = bench.post("/dispensings", dose_of(second=second))
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "second")


def test_a_dose_cannot_go_back_to_a_vial_that_has_left(
    bench: Api, dose_of: Callable[..., dict[str, Any]]
) -> None:
    body = dose_of(draw={"volume": "20 mL"})
    dose = bench.post("/dispensings", body).json
    discard = {"after_sequence": 2, "reason": "remainder"}
    vial_id = body["draws"][0]["vial_id"]
    assert bench.post(f"/vials/{vial_id}/discard", discard).status_code == 200
    bench.post(f"/dispensings/{dose['id']}/void", {"drawn": True, "reason": "unwell"})
    back = bench.post(f"/dispensings/{dose['id']}/return", {"reason": "untouched"})
    assert (back.status_code, back.json["errors"][0]["code"]) == (409, "vial_gone")


@pytest.mark.requirement("RQ-53")
def test_a_dose_drawn_while_the_system_was_down_is_always_recordable(
    bench: Api, runtime: Runtime, dose_of: Callable[..., dict[str, Any]]
) -> None:
    body = dose_of(
        vial_id=hospital.receive(runtime),
        draw={"volume": "21 mL"},
        already_drawn=True,
        reason="power cut",
        second=SECOND,
    )
    dose = bench.post("/dispensings", body).json
    assert dose["already_drawn"] is True
    assert {"not_accepted", "insufficient"} <= set(dose["overridden"])
    entries = bench.get(f"/vials/{body['draws'][0]['vial_id']}/ledger").json["items"]
    assert [e["kind"] for e in entries] == ["received", "assayed", "drawn"]
    assert entries[-1]["volume_after_ul"] == 0


def test_a_late_entry_needs_a_reason_and_a_second_person(
    bench: Api, dose_of: Callable[..., dict[str, Any]]
) -> None:
    answer = bench.post("/dispensings", dose_of(already_drawn=True))
    assert {e["code"] for e in answer.json["errors"]} == {"reason", "second_person"}


def test_a_bench_pin_signs_a_dose(bench: Api, dose_of: Callable[..., dict[str, Any]]) -> None:
    signature = {"username": "technologist", "secret": hospital.PIN}
    assert bench.post("/dispensings", dose_of(signature=signature)).status_code == 201


def test_one_draw_may_stand_at_the_top(bench: Api, dose_of: Callable[..., dict[str, Any]]) -> None:
    body = dose_of()
    draw = body.pop("draws")[0]
    body = {**body, "after_sequence": draw["after_sequence"], "volume": "20.5 mL"}
    assert bench.post(f"/vials/{draw['vial_id']}/dispensings", body).status_code == 201


def test_pieces_are_counted_and_kept(bench: Api, dose_of: Callable[..., dict[str, Any]]) -> None:
    body = dose_of(pieces=2)
    assert bench.post("/dispensings", body | {"pieces": 0}).status_code == 422
    assert bench.post("/dispensings", body).json["pieces"] == 2
    assert bench.get("/dispensings/1").json["working"]["pieces"] == 2


@pytest.mark.requirement("RQ-31")
def test_labels_are_printed_by_call_and_a_copy_of_the_call_is_no_reprint(
    bench: Api, dose_of: Callable[..., dict[str, Any]]
) -> None:
    path = f"/dispensings/{bench.post('/dispensings', dose_of()).json['id']}/labels"
    paper = bench.post(path, None, key="first")
    assert (paper.mimetype, paper.headers["X-Print"]) == ("application/pdf", "1")
    assert bench.post(path, None, key="first").data == paper.data
    again = bench.post(f"{path}?format=zpl", None, key="second")
    assert (again.mimetype, again.headers["X-Print"]) == ("text/plain", "2")
    assert "Reprint 1" in again.text


def test_a_pin_signs_for_a_program_only_while_the_site_has_no_workstation(
    bench: Api, runtime: Runtime, dose_of: Callable[..., dict[str, Any]]
) -> None:
    dose = dose_of(signature={"username": "radiopharmacist", "secret": hospital.PIN})
    hospital.enrol(runtime)
    refused = bench.post("/dispensings", dose)
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (422, "pin_here")
    assert bench.post("/dispensings", {**dose, "signature": SIGNATURE}).status_code == 201
