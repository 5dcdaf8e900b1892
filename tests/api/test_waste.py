"""The whole life of a waste container over JSON."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from radiopharm.core.receiving import DeclaredImpurity
from radiopharm.core.states import ContainerState
from radiopharm.runtime import Runtime
from radiopharm.schemas.instants import instant_out
from radiopharm.store import accounts, acts
from tests import hospital
from tests.conftest import StandingClock
from tests.doors import Api

BAG = {"kind": "bag", "nuclide": "Lu-177", "place": "Store B", "description": "Ward bag"}
SIGNATURE = {"username": "safety_officer", "secret": hospital.PASSWORD}
LU177M = DeclaredImpurity(nuclide="Lu-177m", ratio=Decimal("0.0002"))
CLEAN = {
    "background": "0.12",
    "reading": "0.12",
    "unit": "µSv/h",
    "unshielded": True,
    "most_sensitive_scale": True,
}


@pytest.fixture
def officer(api: Callable[[str], Api]) -> Api:
    return api("safety_officer")


def choose(officer: Api, pack: str = "us-dis") -> None:
    body = {"pack": pack, "reason": "Our licence", "signature": SIGNATURE}
    assert officer.post("/rule-pack-choices", body).status_code == 201


def other(*activities: tuple[str, str]) -> dict[str, Any]:
    listed = [{"nuclide": nuclide, "activity": activity} for nuclide, activity in activities]
    return {"source": "other", "description": "Gloves and tubing", "activities": listed}


def sealed_bag(officer: Api, *activities: tuple[str, str], nuclide: str = "Lu-177") -> str:
    bag = officer.post("/waste-containers", {**BAG, "nuclide": nuclide}).json
    path = f"/waste-containers/{bag['id']}"
    filled = officer.post(f"{path}/items", other(*(activities or (("Lu-177", "118 MBq"),))))
    assert filled.status_code == 201, filled.json
    assert officer.post(f"{path}/seal", {"mass_g": 850}).status_code == 200
    return path


def measure(officer: Api, path: str, runtime: Runtime, **changes: Any) -> Any:
    at = runtime.clock().isoformat()
    reading = {"instrument_id": hospital.survey_meter(runtime), "measured_at": at}
    return officer.post(f"{path}/measurements", {**CLEAN, **reading, **changes})


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_survey_is_read_in_the_units_of_its_meter(officer: Api, runtime: Runtime) -> None:
    path = sealed_bag(officer)
    usual = [measure(officer, path, runtime, unit=unit) for unit in ("uSv/h", "mR/h", "mrem/h")]
    assert [answer.json["unit"] for answer in usual] == ["µSv/h", "mR/h", "mrem/h"]
    wrong = measure(officer, path, runtime, unit="mSv/h", reading=0.12).json["errors"]
    assert {error["field"] for error in wrong} == {"unit", "reading"}
    assert "number as a text" in next(it["message"] for it in wrong if it["field"] == "reading")


def releasable(officer: Api, runtime: Runtime, *activities: tuple[str, str]) -> str:
    choose(officer)
    path = sealed_bag(officer, *activities)
    assert measure(officer, path, runtime).status_code == 201
    return path


def release(officer: Api, path: str, *, key: str | None = None, **changes: Any) -> Any:
    body = {"destination": "Ordinary waste", "labels_defaced": True, "signature": SIGNATURE}
    return officer.post(f"{path}/release", {**body, **changes}, key=key)


def codes(answer: Any) -> set[str]:
    return {error["code"] for error in answer.json["errors"]}


def legs(answer: Any) -> dict[str, Any]:
    return {leg["code"]: leg for leg in answer.json["legs"]}


@pytest.mark.requirement("RQ-38")
@pytest.mark.requirement("RQ-40")
def test_a_bag_lives_from_opening_to_release(
    officer: Api, runtime: Runtime, clock: StandingClock
) -> None:
    path = releasable(officer, runtime)
    clock.move(days=90)
    measure(officer, path, runtime)
    check = officer.get(f"{path}/release-check").json
    assert check["releasable"]
    assert release(officer, path).status_code == 201
    bag = officer.get(path).json
    assert bag["state"] == "released"
    assert bag["release"]["measurement_id"] == bag["measurements"][-1]["id"]
    assert all(leg["passed"] for leg in bag["release"]["legs"])


def test_a_vial_s_remainder_leaves_its_book_and_keeps_its_impurity(
    officer: Api, runtime: Runtime
) -> None:
    vial_id = hospital.receive(runtime, impurities=(LU177M,))
    bag = officer.post("/waste-containers", BAG).json
    path = f"/waste-containers/{bag['id']}"
    item = officer.post(
        f"{path}/items", {"source": "vial", "vial_id": vial_id, "after_sequence": 1}
    ).json
    held = {portion["nuclide"]: portion["activity_bq"] for portion in item["contents"]}
    vial = officer.get(f"/vials/{vial_id}").json
    assert vial["volume_ul"] == 0
    assert vial["state"] == "empty"
    assert held["Lu-177m"] / held["Lu-177"] == pytest.approx(0.0002 * 2 ** (-2 / 6.647), rel=0.02)
    assert item["contents"][1]["half_life"] == "160.4 d"


def test_part_of_a_vial_goes_in_by_its_share(officer: Api, runtime: Runtime) -> None:
    vial_id = hospital.receive(runtime)
    bag = officer.post("/waste-containers", BAG).json
    body = {"source": "vial", "vial_id": vial_id, "after_sequence": 1, "volume": "10.25 mL"}
    item = officer.post(f"/waste-containers/{bag['id']}/items", body).json
    vial = officer.get(f"/vials/{vial_id}").json
    assert vial["reference_balance_bq"] == 7_585_000_000 // 2
    assert item["contents"][0]["activity_bq"] == round(vial["activity_bq"])


def test_a_stale_vial_is_refused_and_nothing_goes_in(officer: Api, runtime: Runtime) -> None:
    vial_id = hospital.receive(runtime)
    bag = officer.post("/waste-containers", BAG).json
    path = f"/waste-containers/{bag['id']}"
    body = {"source": "vial", "vial_id": vial_id, "after_sequence": 4}
    answer = officer.post(f"{path}/items", body)
    assert (answer.status_code, codes(answer)) == (409, {"stale"})
    assert officer.get(path).json["items"] == []
    assert officer.get(f"/vials/{vial_id}").json["sequence"] == 1


def test_more_than_a_vial_holds_is_refused(officer: Api, runtime: Runtime) -> None:
    vial_id = hospital.receive(runtime)
    bag = officer.post("/waste-containers", BAG).json
    body = {"source": "vial", "vial_id": vial_id, "after_sequence": 1, "volume": "20.6 mL"}
    answer = officer.post(f"/waste-containers/{bag['id']}/items", body)
    assert (answer.status_code, codes(answer)) == (409, {"insufficient"})


def test_another_nuclide_is_refused_in_words(officer: Api, runtime: Runtime) -> None:
    vial_id = hospital.receive(runtime)
    bag = officer.post("/waste-containers", {**BAG, "nuclide": "I-131"}).json
    body = {"source": "vial", "vial_id": vial_id, "after_sequence": 1}
    answer = officer.post(f"/waste-containers/{bag['id']}/items", body)
    assert codes(answer) == {"other_nuclide"}
    said = answer.json["errors"][0]["message"]
    assert "is for I-131; this is Lu-177" in said
    assert "or a mixed one" in said


def test_a_sealed_container_takes_nothing(officer: Api) -> None:
    path = sealed_bag(officer)
    assert codes(officer.post(f"{path}/items", other(("Lu-177", "1 MBq")))) == {"sealed_already"}
    assert codes(officer.post(f"{path}/seal", {})) == {"sealed_already"}


def test_an_empty_container_is_not_sealed(officer: Api) -> None:
    bag = officer.post("/waste-containers", BAG).json
    assert codes(officer.post(f"/waste-containers/{bag['id']}/seal", {})) == {"empty"}


def test_a_seal_before_the_last_item_is_impossible(officer: Api, clock: StandingClock) -> None:
    bag = officer.post("/waste-containers", BAG).json
    path = f"/waste-containers/{bag['id']}"
    opened = clock().isoformat()
    clock.move(hours=2)
    officer.post(f"{path}/items", other(("Lu-177", "1 MBq")))
    answer = officer.post(f"{path}/seal", {"sealed_at": opened})
    assert (answer.status_code, codes(answer)) == (422, {"before_last_item"})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"source": "vial", "vial_id": 1}, "after_sequence"),
        ({"source": "dose"}, "dispensing_id"),
        ({"source": "other", "description": "x"}, "activities"),
        ({"source": "residue", "residue_id": 1, "vial_id": 1}, "vial_id"),
        ({**other(("Lu-177", "1 MBq"), ("Lu-177", "2 MBq"))}, "activities"),
        ({**other(("Lu-177", "118"))}, "activities.0.activity"),
    ],
)
def test_an_item_names_exactly_its_source(officer: Api, body: Any, field: str) -> None:
    bag = officer.post("/waste-containers", BAG).json
    answer = officer.post(f"/waste-containers/{bag['id']}/items", body)
    assert answer.status_code == 422
    assert field in {error["field"] for error in answer.json["errors"]}


@pytest.mark.requirement("RQ-39")
def test_lu177_with_declared_lu177m_never_passes_the_120_day_rule(
    officer: Api, runtime: Runtime, clock: StandingClock
) -> None:
    path = releasable(officer, runtime, ("Lu-177", "118 MBq"), ("Lu-177m", "23.6 kBq"))
    clock.move(days=2000)
    measure(officer, path, runtime)
    check = officer.get(f"{path}/release-check")
    assert check.json["releasable"] is False
    assert check.json["earliest_at"] is None
    assert check.json["governing"] == "half_life"
    assert "Lu-177m 160.4 d" in legs(check)["half_life"]["message"]
    answer = release(officer, path)
    assert (answer.status_code, codes(answer)) == (409, {"half_life"})


def test_without_lu177m_it_passes_at_once(officer: Api, runtime: Runtime) -> None:
    path = releasable(officer, runtime)
    check = officer.get(f"{path}/release-check").json
    assert (check["releasable"], check["pack"]) == (True, "us-dis")


def test_a_licence_condition_lets_lu177m_out_after_its_hold(
    officer: Api, runtime: Runtime, clock: StandingClock
) -> None:
    path = releasable(officer, runtime, ("Lu-177", "118 MBq"), ("Lu-177m", "23.6 kBq"))
    before = officer.get(f"{path}/release-check", pack="us-licence-condition")
    condition = {
        "number": "29-12345-01, condition 18",
        "wording": "The licensee may hold Lu-177m for decay in storage.",
        "nuclides": ["177mLu"],
        "hold": "10",
        "hold_in": "half-lives",
    }
    assert officer.post("/licence-conditions", condition).status_code == 201
    after = officer.get(f"{path}/release-check", pack="us-licence-condition")
    assert legs(before)["licence_condition"]["passed"] is None
    assert legs(after)["licence_condition"]["passed"] is False
    clock.move(days=1604)
    measure(officer, path, runtime)
    assert release(officer, path, pack="us-licence-condition").status_code == 201


def test_without_a_chosen_pack_the_check_asks_for_one(officer: Api, runtime: Runtime) -> None:
    path = sealed_bag(officer)
    measure(officer, path, runtime)
    check = officer.get(f"{path}/release-check")
    assert legs(check)["rule_pack"]["passed"] is None
    assert (check.json["releasable"], check.json["earliest_at"]) == (False, None)
    assert codes(release(officer, path)) == {"rule_pack"}
    assert officer.get(f"{path}/release-check", pack="us-dis").json["releasable"] is True
    assert officer.get(f"{path}/release-check", pack="none").status_code == 422


def test_ten_half_lives_pass_from_their_very_instant(officer: Api, runtime: Runtime) -> None:
    path = sealed_bag(officer)
    measure(officer, path, runtime)
    check = officer.get(f"{path}/release-check", pack="house-ten-half-lives").json
    assert check["earliest_at"] == "2026-08-06T23:16:48Z"  # 10 × 6.647 d
    just_before = officer.get(
        f"{path}/release-check", pack="house-ten-half-lives", at="2026-08-06T23:16:47.999999Z"
    )
    then = officer.get(
        f"{path}/release-check", pack="house-ten-half-lives", at=check["earliest_at"]
    )
    assert legs(just_before)["ten_half_lives"]["passed"] is False
    assert (then.json["releasable"], legs(then)["ten_half_lives"]["passed"]) == (True, True)


def test_a_bag_is_released_once_however_many_ask(
    app: Flask, officer: Api, runtime: Runtime
) -> None:
    path = releasable(officer, runtime)
    token = hospital.TOKENS["safety_officer"]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: release(Api(app, token), path), range(8)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [201, *[409] * 7]
    assert codes(next(a for a in answers if a.status_code == 409)) >= {"already_left"}


def test_the_same_key_releases_once_and_answers_the_same(officer: Api, runtime: Runtime) -> None:
    path = releasable(officer, runtime)
    first, again = (release(officer, path, key="once") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json


def test_a_release_without_a_key_is_refused(app: Flask, officer: Api, runtime: Runtime) -> None:
    path = releasable(officer, runtime)
    headers = {"Authorization": f"Bearer {hospital.TOKENS['safety_officer']}"}
    body = {"destination": "x", "labels_defaced": True, "signature": SIGNATURE}
    answer = app.test_client().post(f"/api/v1{path}/release", json=body, headers=headers)
    assert answer.status_code == 428


@pytest.mark.parametrize(
    "signature",
    [
        {"username": "safety_officer", "secret": hospital.PIN},
        {"username": "safety_officer", "secret": "a wrong password"},
        {"username": "radiopharmacist", "secret": hospital.PASSWORD},
    ],
)
def test_a_release_needs_the_officer_s_own_password(
    officer: Api, runtime: Runtime, signature: dict[str, str]
) -> None:
    path = releasable(officer, runtime)
    assert release(officer, path, signature=signature).status_code == 403
    assert officer.get(path).json["state"] == "sealed"


@pytest.mark.parametrize("role", ["technologist", "radiopharmacist", "physicist", "auditor"])
def test_only_a_safety_officer_lets_anything_leave(
    api: Callable[[str], Api], officer: Api, runtime: Runtime, role: str
) -> None:
    path = releasable(officer, runtime)
    assert release(api(role), path).status_code == 403
    assert api(role).post(f"{path}/return-to-supplier", {"recipient": "X"}).status_code == 403


def test_a_release_confirms_that_labels_are_defaced(officer: Api, runtime: Runtime) -> None:
    path = releasable(officer, runtime)
    assert codes(release(officer, path, labels_defaced=False)) == {"labels_not_defaced"}


def test_a_signer_who_saw_another_container_is_told(officer: Api, runtime: Runtime) -> None:
    path = releasable(officer, runtime)
    seen = officer.get(path).json["sequence"]
    measure(officer, path, runtime)
    answer = release(officer, path, after_sequence=seen)
    assert (answer.status_code, codes(answer)) == (409, {"stale"})


def test_a_later_worse_reading_stops_the_release(
    officer: Api, runtime: Runtime, clock: StandingClock
) -> None:
    path = releasable(officer, runtime)
    clock.move(hours=1)
    measure(officer, path, runtime, reading="0.13")
    assert codes(release(officer, path)) == {"survey"}


def test_frozen_legs_stay_when_the_site_chooses_anew(officer: Api, runtime: Runtime) -> None:
    path = releasable(officer, runtime)
    kept = release(officer, path).json
    choose(officer, "house-ten-half-lives")
    bag = officer.get(path).json
    assert bag["release"] == kept
    assert [leg["code"] for leg in bag["release"]["legs"]] == ["sealed", "half_life", "survey"]


def test_a_pack_is_chosen_by_an_officer_s_password(officer: Api) -> None:
    body = {"pack": "us-dis", "reason": "x", "signature": {**SIGNATURE, "secret": hospital.PIN}}
    assert officer.post("/rule-pack-choices", body).status_code == 403
    unknown = {"pack": "none", "reason": "x", "signature": SIGNATURE}
    assert officer.post("/rule-pack-choices", unknown).status_code == 422


@pytest.mark.requirement("RQ-42")
def test_lu177m_goes_to_a_licensed_recipient_or_back(officer: Api) -> None:
    first, second = (sealed_bag(officer, ("Lu-177", "1 MBq"), ("Lu-177m", "1 kBq")) for _ in "12")
    unnamed = officer.post(f"{first}/transfer", {"recipient": "Depot"})
    assert unnamed.status_code == 422
    body = {
        "recipient": "Depot",
        "licence_number": "R-1234",
        "licence_until": "2026-05-31",
        "consignment": "C-7",
        "handed_over_by": "Kim",
        "received_at": "2026-06-01T12:00:00Z",
    }
    assert codes(officer.post(f"{first}/transfer", body)) == {"licence_has_ended", "received"}
    body |= {"licence_until": "2026-06-01", "received_by": "Lee"}
    left = officer.post(f"{first}/transfer", body).json
    papers = left["events"][-1]["papers"]
    assert (left["state"], papers["consignment"], papers["received_by"]) == (
        "transferred",
        "C-7",
        "Lee",
    )
    returned = officer.post(f"{second}/return-to-supplier", {"recipient": "Supplier"})
    assert returned.json["state"] == "returned_to_supplier"
    assert codes(officer.post(f"{first}/transfer", body)) == {"already_left"}
    assert officer.get(f"{first}/release-check").json["releasable"] is False


def test_an_open_container_does_not_leave(officer: Api) -> None:
    bag = officer.post("/waste-containers", BAG).json
    body = {"recipient": "Depot", "licence_number": "R-1234"}
    answer = officer.post(f"/waste-containers/{bag['id']}/transfer", body)
    assert codes(answer) == {"sealed"}


def test_a_container_is_seen_at_any_instant(officer: Api, clock: StandingClock) -> None:
    path = sealed_bag(officer)
    officer.post(f"{path}/move", {"place": "Cellar"})
    early = officer.get(path, at="2026-05-31T12:00:00Z").json
    half = officer.get(path, at="2026-06-08T03:31:40.8Z").json
    assert (early["state"], early["contents"]) == ("not_here", [])
    assert half["activity_bq"] == pytest.approx(59e6, rel=1e-9)
    assert half["working"]["items"][0]["elapsed_s"] == pytest.approx(6.647 * 86_400)
    assert half["place"] == "Cellar"


def test_the_list_is_narrowed_and_paged(officer: Api, runtime: Runtime) -> None:
    path = releasable(officer, runtime)
    dirty = sealed_bag(officer)
    released = sealed_bag(officer)
    measure(officer, released, runtime)
    release(officer, released)
    empty = officer.post("/waste-containers", BAG).json

    def ids(**query: str) -> list[str]:
        found = officer.get("/waste-containers", **query).json["items"]
        return [f"/waste-containers/{each['id']}" for each in found]

    assert ids(state="releasable") == [path]
    assert ids(state="sealed") == [path, dirty]
    assert ids(state="released") == [released]
    assert ids(state="open") == [f"/waste-containers/{empty['id']}"]
    first = officer.get("/waste-containers", limit="3").json
    rest = officer.get("/waste-containers", limit="3", after=first["next"]).json
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [3, 1, None]


def test_a_reading_names_a_survey_meter_and_one_unit(officer: Api, runtime: Runtime) -> None:
    path = sealed_bag(officer)
    wrong = measure(officer, path, runtime, instrument_id=hospital.calibrator(runtime))
    assert (wrong.status_code, codes(wrong)) == (422, {"unknown_instrument"})
    assert measure(officer, path, runtime, unit="Bq").status_code == 422
    ahead = measure(officer, path, runtime, measured_at="2026-06-02T12:00:00Z")
    assert codes(ahead) == {"ahead"}


def test_every_figure_of_a_pack_has_source_and_status(officer: Api) -> None:
    packs = {pack["code"]: pack for pack in officer.get("/rule-packs").json["items"]}
    assert {"us-dis", "us-licence-condition", "house-ten-half-lives"} <= packs.keys()
    leg = packs["us-dis"]["legs"][0]
    assert (leg["limit"], leg["unit"], leg["status"]) == ("120", "d", "unverified")
    assert leg["source"]


def test_another_site_s_container_is_not_there(officer: Api, runtime: Runtime) -> None:
    path = sealed_bag(officer)
    with acts.writing(runtime.engine) as db:
        elsewhere = accounts.add_site(db, "Elsewhere", "UTC", runtime.clock())
        accounts.set_user(db, hospital.person(runtime, "safety_officer").id, site_id=elsewhere.id)
    assert officer.get(path).status_code == 404
    assert officer.post(f"{path}/move", {"place": "x"}).status_code == 404


REFUSED = "append-only|not authorized"


@pytest.mark.parametrize("table", ["waste_containers", "waste_items", "waste_item_contents"])
def test_what_went_in_cannot_be_changed_by_hand(officer: Api, runtime: Runtime, table: str) -> None:
    sealed_bag(officer)
    for statement in (f"UPDATE {table} SET id = id + 9", f"DELETE FROM {table}"):
        with pytest.raises(sa.exc.DBAPIError, match=REFUSED), runtime.engine.begin() as db:
            db.exec_driver_sql(statement)


def test_the_list_and_the_page_name_the_same_state(
    officer: Api, runtime: Runtime, clock: StandingClock
) -> None:
    begin = clock()
    path = releasable(officer, runtime)
    sealed_bag(officer)
    clock.move(hours=1)
    release(officer, path)
    returned = sealed_bag(officer)
    officer.post(f"{returned}/return-to-supplier", {"recipient": "Supplier"})
    officer.post("/waste-containers", BAG)
    for at in (begin - timedelta(hours=1), begin, clock()):
        instant = instant_out(at)
        everything = officer.get("/waste-containers", at=instant).json["items"]
        narrowed = {
            each["id"]: state
            for state in map(str, ContainerState)
            for each in officer.get("/waste-containers", at=instant, state=state).json["items"]
        }
        assert narrowed == {each["id"]: each["state"] for each in everything}


@pytest.mark.requirement("RQ-50")
def test_a_release_is_signed_as_its_check_stood_when_it_was_shown(
    officer: Api, runtime: Runtime, clock: StandingClock
) -> None:
    path = releasable(officer, runtime)
    wanted = {"destination": "Ordinary waste", "labels_defaced": True}
    offered = officer.post(f"{path}/sign-ticket", wanted).json
    clock.move(seconds=100)
    answer = release(officer, path, signature={**SIGNATURE, "ticket": offered["ticket"]})
    assert answer.status_code == 201, answer.json
    line = answer.json["signature"]["line"]
    assert line.startswith("Signed by Safety_Officer (safety officer) at")


def test_a_reading_made_since_asks_for_a_new_look_before_a_release_is_signed(
    officer: Api, runtime: Runtime
) -> None:
    path = releasable(officer, runtime)
    wanted = {"destination": "Ordinary waste", "labels_defaced": True}
    sealed = officer.post(f"{path}/sign-ticket", wanted).json["ticket"]
    assert measure(officer, path, runtime, reading="0.11").status_code == 201
    assert codes(release(officer, path, signature={**SIGNATURE, "ticket": sealed})) == {
        "ticket_version"
    }


def test_no_ticket_is_given_while_a_condition_is_not_met(officer: Api) -> None:
    choose(officer)
    offered = officer.post(
        f"{sealed_bag(officer)}/sign-ticket", {"destination": "x", "labels_defaced": False}
    ).json
    assert offered["ticket"] is None
    assert "labels_defaced" in {each.get("field") for each in offered["refusals"]}


def test_a_container_is_opened_again_with_a_reason_and_measured_anew(
    officer: Api, runtime: Runtime, clock: StandingClock
) -> None:
    path = releasable(officer, runtime)
    clock.move(hours=1)
    assert officer.post(f"{path}/reopen", {"reason": ""}).status_code == 422
    opened = officer.post(f"{path}/reopen", {"reason": "A vial was forgotten"})
    assert (opened.status_code, opened.json["state"]) == (200, "open")
    assert opened.json["number"] == "2026-0001-Lu-177-STOREB"
    wiped = {**other(("Lu-177", "20 kBq")), "source": "surface", "articles": 4}
    assert officer.post(f"{path}/items", wiped).json["articles"] == 4
    assert officer.post(f"{path}/seal", {}).json["state"] == "sealed"
    assert codes(release(officer, path)) == {"survey"}
    measure(officer, path, runtime)
    assert release(officer, path).status_code == 201
    listed = officer.get("/waste-containers", state="released").json["items"]
    assert [each["number"] for each in listed] == ["2026-0001-Lu-177-STOREB"]
