"""A tank's life and the drain's month over HTTP, each act with its reasons and its audit."""

from collections.abc import Callable
from typing import Any

import pytest

from radiopharm.runtime import Runtime
from radiopharm.services import balances
from radiopharm.services.balances import Window
from tests import giving, hospital
from tests.conftest import StandingClock
from tests.doors import Api

DRAIN = {"route": "Sewer east", "permission": "Permit 12/2026", "pack": "de-water"}
SIGNED = {"signature": {"username": "safety_officer", "secret": hospital.PASSWORD}}
FLOAT = {"instrument": "Float F1"}


@pytest.fixture
def officer(api: Callable[[str], Api]) -> Api:
    return api("safety_officer")


def codes(answer: Any) -> set[str]:
    return {error["code"] for error in answer.json["errors"]}


def filling_of(officer: Api) -> str:
    tank = officer.post("/tanks", {"number": "A", "capacity_l": 9000, "rooms": "101, 102"})
    made = officer.post(f"/tanks/{tank.json['id']}/fillings", {})
    assert made.status_code == 201, made.json
    return f"/tanks/fillings/{made.json['id']}"


@pytest.mark.requirement("RQ-41")
def test_a_tank_is_filled_closed_decays_and_is_discharged_once(
    officer: Api, api: Callable[[str], Api], runtime: Runtime, clock: StandingClock
) -> None:
    bench = api("radiopharmacist")
    dose = giving.dispensed(bench, runtime, clock)
    filling = filling_of(officer)
    stay = {"dispensing_id": dose["id"], "room": "101"}
    assert codes(bench.post(f"{filling}/stays", stay)) == {"not_given"}
    bench.post(f"/dispensings/{dose['id']}/administration", giving.given(clock))
    assert codes(bench.post(f"{filling}/stays", {**stay, "room": "9"})) == {"other_room"}
    assert bench.post(f"{filling}/stays", stay).status_code == 200
    clock.move(days=2)
    level = {**FLOAT, "volume_l": 9001, "closes": True}
    assert codes(bench.post(f"{filling}/levels", level)) == {"beyond_capacity"}
    seen = bench.post(f"{filling}/levels", {**level, "volume_l": 8000}).json
    assert seen["state"] == "decaying"
    assert 3.5e9 < seen["contents_bq"]["Lu-177"] < 4.2e9
    assert codes(officer.post(f"{filling}/discharge", {**DRAIN, **SIGNED})) == {"water"}
    clock.move(days=90)
    assert officer.post(f"{filling}/discharge-check", DRAIN).json["allowed"]
    done = officer.post(f"{filling}/discharge", {**DRAIN, **SIGNED})
    assert (done.status_code, done.json["state"]) == (201, "discharged"), done.json
    again = officer.post(f"{filling}/discharge", {**DRAIN, **SIGNED})
    assert "discharged_already" in codes(again)
    drain = officer.get("/drain").json
    assert drain["month_bq"].keys() >= {"Lu-177"}
    assert drain["discharges"][0]["route"] == "Sewer east"


@pytest.mark.requirement("RQ-41")
def test_a_tank_is_not_closed_with_less_than_it_was_read_at_until_that_reading_is_void(
    officer: Api, clock: StandingClock
) -> None:
    filling = filling_of(officer)
    level = {"volume_l": 4_500, "instrument": "Float"}
    assert officer.post(f"{filling}/levels", level).status_code == 200
    clock.move(hours=1)
    close = {"volume_l": 450, "instrument": "Float", "closes": True}
    early = close | {"at": "2026-06-01T12:00:00Z", "volume_l": 99_999}
    assert codes(officer.post(f"{filling}/levels", close)) == {"less_than_read"}
    assert codes(officer.post(f"{filling}/levels", early)) == {"beyond_capacity"}
    wrong = {"reason": "a nought too many"}
    seen = officer.post(f"{filling}/levels/level-1/void", wrong).json
    assert (seen["volume_l"], seen["levels"][0]["void_reason"]) == (None, "a nought too many")
    assert codes(officer.post(f"{filling}/levels/level-1/void", wrong)) == {"void_already"}
    assert officer.post(f"{filling}/levels/level-2/void", wrong).status_code == 404
    assert officer.post(f"{filling}/levels", close).json["volume_l"] == 450


@pytest.mark.requirement("RQ-41")
def test_a_closing_that_was_voided_opens_the_tank_and_all_is_reckoned_anew(
    officer: Api, clock: StandingClock
) -> None:
    filling = filling_of(officer)
    close = {"volume_l": 450, "instrument": "Float", "closes": True}
    assert officer.post(f"{filling}/levels", close).json["state"] == "decaying"
    clock.move(hours=1)
    sample = {"nuclide": "Lu-177", "concentration": "2 kBq/L", "instrument": "HPGe"}
    was = officer.post(f"{filling}/samples", sample).json["contents_bq"]["Lu-177"]
    wrong = {"reason": "a nought was missing"}
    assert officer.post(f"{filling}/levels/closing-1/void", wrong).json["state"] == "filling"
    at = {"at": "2026-06-01T12:30:00Z"}
    again = officer.post(f"{filling}/levels", close | at | {"volume_l": 4_500}).json
    assert again["contents_bq"]["Lu-177"] == pytest.approx(10 * was)
    assert officer.post(f"{filling}/levels/reclosing-1/void", wrong).json["state"] == "filling"
    assert officer.post(f"{filling}/levels", close | at).json["levels"][-1]["key"] == "reclosing-2"
    clock.move(days=300)
    gone = officer.post(f"{filling}/discharge", {**DRAIN, **SIGNED})
    assert gone.status_code == 201, gone.json
    assert codes(officer.post(f"{filling}/levels/reclosing-2/void", wrong)) == {"discharged"}


def test_an_excretion_entered_by_the_site_goes_before_the_product_s(
    officer: Api, runtime: Runtime, clock: StandingClock, api: Callable[[str], Api]
) -> None:
    figure = {
        "kind": "excretion",
        "subject": "lutathera",
        "value": "90",
        "source": "x",
        "reason": "x",
    }
    assert officer.post("/drain/figures", figure).status_code == 422
    figure["value"] = "90 % by 48 h"
    assert officer.post("/drain/figures", figure).status_code == 201
    bench = api("radiopharmacist")
    dose = giving.dispensed(bench, runtime, clock)
    bench.post(f"/dispensings/{dose['id']}/administration", giving.given(clock))
    filling = filling_of(officer)
    assert codes(officer.post("/tanks/1/fillings", {})) == {"in_use"}
    seen = bench.post(f"{filling}/stays", {"dispensing_id": dose["id"], "room": "102"}).json
    assert seen["stays"][0]["excretion"] == "90 % by 48 h"
    assert seen["stays"][0]["source"] == "entered by the site: x"
    assert "sealed" in codes(officer.post(f"{filling}/discharge", {**DRAIN, **SIGNED}))


@pytest.mark.requirement("RQ-41")
@pytest.mark.requirement("RQ-37")
def test_what_is_poured_from_a_vial_leaves_its_book_for_the_drain_s_and_stays_there(
    officer: Api, runtime: Runtime, clock: StandingClock, api: Callable[[str], Api]
) -> None:
    vial_id = hospital.accepted(runtime)
    clock.move(days=150)
    pour = {
        **DRAIN,
        "description": "Remainder, rinsed",
        "volume": "20.5 mL",
        "vial_id": vial_id,
        "after_sequence": 1,
    }
    assert codes(officer.post("/drain", {**pour, **SIGNED})) == {"water"}
    clock.move(days=150)
    made = officer.post("/drain", {**pour, **SIGNED})
    assert made.status_code == 201, made.json
    with runtime.reading() as db:
        period = Window(since=None, until=clock.now, known_at=clock.now)
        (found,) = balances.of_site(db, runtime.reference, 1, period).vials
    assert found.balance.closes, found
    assert found.balance.routes_bq["discharged"] == officer.get("/drain").json["month_bq"]["Lu-177"]
    undo = {"after_sequence": 2, "reason": "wrong vial"}
    assert codes(api("radiopharmacist").post(f"/vials/{vial_id}/entries/2/reversal", undo)) == {
        "in_drain"
    }


def test_what_was_shown_of_one_vial_pours_no_other_nor_more_of_it(
    officer: Api, runtime: Runtime, clock: StandingClock
) -> None:
    one, other = hospital.accepted(runtime), hospital.accepted(runtime)
    clock.move(days=300)
    asked = {**DRAIN, "description": "Remainder", "after_sequence": 1}
    shown = {**asked, "vial_id": one, "volume": "20 mL"}
    offered = officer.post("/drain/sign-ticket", shown).json
    signed = {"signature": {**SIGNED["signature"], "ticket": offered["ticket"]}}
    for edited in ({"vial_id": other}, {"volume": "20.005 mL"}):
        assert codes(officer.post("/drain", {**shown, **edited, **signed})) == {"ticket_changed"}
    assert officer.post("/drain", {**shown, **signed}).status_code == 201


def test_pouring_is_judged_by_a_pack_about_water_and_signed_by_an_officer(
    officer: Api, api: Callable[[str], Api]
) -> None:
    rinse = {
        **DRAIN,
        "description": "Rinse water",
        "volume": "1000 mL",
        "activities": [{"nuclide": "Lu-177", "activity": "100 Bq"}],
    }
    said = officer.post("/drain/check", {**rinse, "pack": "us-dis"}).json
    assert "no_water_leg" in {refusal["code"] for refusal in said["refusals"]}
    assert officer.post("/drain/check", {**rinse, "pack": "us-sewer"}).json["allowed"] is False
    assert officer.post("/drain/check", rinse).json["allowed"] is True
    pharmacist = {"username": "radiopharmacist", "secret": hospital.PASSWORD}
    assert officer.post("/drain", {**rinse, "signature": pharmacist}).status_code == 403
    assert api("technologist").post("/drain", {**rinse, **SIGNED}).status_code == 403


def test_the_month_says_what_is_used_and_is_refused_beyond(officer: Api) -> None:
    figure = {
        "table": "us-sewer/sewer",
        "nuclide": "Lu-177",
        "value": "1000",
        "unit": "Bq/m³",
        "clause": "20 App B Table 3",
        "source": "read by the site",
        "reason": "not in the pack",
        **SIGNED,
    }
    assert officer.post("/site-figures", figure).status_code == 201
    sewage = {"kind": "sewage", "value": "1000", "source": "Water bill", "reason": "first"}
    assert officer.post("/drain/figures", sewage).status_code == 201

    def rinse(activity: str) -> dict[str, Any]:
        declared = [{"nuclide": "Lu-177", "activity": activity}]
        what = {"description": "Rinse", "volume": "1000 mL", "activities": declared}
        return {**DRAIN, "pack": "us-sewer", **what, **SIGNED}

    assert officer.post("/drain", rinse("370 kBq")).status_code == 201
    unsigned = {name: it for name, it in rinse("250 kBq").items() if name != "signature"}
    (month,) = (
        leg for leg in officer.post("/drain/check", unsigned).json["legs"] if leg["code"] == "month"
    )
    assert "2026-06: 37 % used, this discharge would make it 62 %" in month["message"]
    assert codes(officer.post("/drain", rinse("640 kBq"))) == {"month"}
    kept = officer.get("/drain").json
    (part,) = kept["limits"][0]["legs"][0]["parts"]
    assert part["working"] == "370,000 Bq in 1,000 m³"
    assert (kept["sewage_m3"], kept["sewage_source"]) == ("1000", "Water bill")
