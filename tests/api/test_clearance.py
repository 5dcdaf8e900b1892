"""A release check under rules of activity: what is told, what is missing, and by which edition."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from radiopharm.runtime import Runtime
from tests.api.test_waste import BAG, SIGNATURE, choose, legs, measure, other, release
from tests.conftest import StandingClock
from tests.doors import Api

MEDIAN_VIAL = (("Lu-177", "118 MBq"), ("Lu-177m", "23.6 kBq"))


@pytest.fixture
def officer(api: Callable[[str], Api]) -> Api:
    return api("safety_officer")


def sealed(officer: Api, *activities: tuple[str, str], **measured: int) -> str:
    bag = officer.post("/waste-containers", BAG).json
    path = f"/waste-containers/{bag['id']}"
    assert officer.post(f"{path}/items", other(*activities)).status_code == 201
    assert officer.post(f"{path}/seal", measured).status_code == 200
    return path


def decide(officer: Api, *nuclides: str) -> None:
    body = {
        "number": "F 12/26",
        "wording": "Freigabe of hospital waste",
        "nuclides": list(nuclides),
        "hold": "0",
        "hold_in": "d",
    }
    assert officer.post("/licence-conditions", body).status_code == 201


@pytest.mark.requirement("RQ-39")
def test_ninety_days_are_in_truth_1797(officer: Api) -> None:
    path = sealed(officer, *MEDIAN_VIAL, mass_g=100)
    check = officer.get(f"{path}/release-check", pack="de-clearance").json
    assert (check["releasable"], check["governing"]) == (False, "clearance")
    assert check["waits_d"] == pytest.approx(1797.2, abs=0.1)
    assert check["ignoring"]["nuclides"] == ["Lu-177m"]
    assert check["ignoring"]["waits_d"] == pytest.approx(89.9, abs=0.1)
    parts = {part["nuclide"]: part for part in legs(check_of(check))["clearance"]["parts"]}
    assert parts["Lu-177m"]["limit"] == "0.1 Bq/g"
    assert parts["Lu-177m"]["status"] == "verified"


def check_of(check: dict[str, Any]) -> Any:
    """What `legs` reads."""
    return type("Answer", (), {"json": check})


def test_without_a_mass_a_concentration_is_not_computable(officer: Api) -> None:
    path = sealed(officer, *MEDIAN_VIAL)
    check = officer.get(f"{path}/release-check", pack="de-clearance").json
    leg = legs(check_of(check))["clearance"]
    assert (leg["passed"], check["earliest_at"]) == (None, None)
    assert "mass is missing" in leg["message"]


def test_mass_and_volume_are_measured_at_the_seal(officer: Api) -> None:
    path = sealed(officer, ("Lu-177", "1 MBq"), mass_g=850, volume_ml=20_000)
    bag = officer.get(path).json
    assert (bag["mass_g"], bag["volume_ml"]) == (850, 20_000)
    assert officer.post(f"{path}/seal", {"volume_ml": 0}).status_code == 422


def test_a_bag_is_cleared_by_concentration_once_it_is_below(
    officer: Api, runtime: Runtime, clock: StandingClock
) -> None:
    choose(officer, "de-clearance")
    decide(officer, "Lu-177", "Lu-177m")
    path = sealed(officer, ("Lu-177", "118 MBq"), mass_g=100)
    clock.move(days=89)
    refused = release(officer, path)
    assert refused.status_code == 409
    assert {each["code"] for each in refused.json["errors"]} == {"clearance"}
    clock.move(days=1)
    done = release(officer, path)
    assert done.status_code == 201, done.json
    assert done.json["pack_edition"] == "2018-12-31"
    assert all(leg["passed"] for leg in done.json["legs"])


def test_the_edition_in_force_at_the_instant_decides_and_no_release_is_rewritten(
    officer: Api, runtime: Runtime, clock: StandingClock
) -> None:
    was = runtime.reference.rule_packs["us-dis"][0]
    stricter = replace(was.legs[0], limit=Decimal(5))
    becomes = replace(was, effective_from=date(2026, 6, 10), legs=(stricter, *was.legs[1:]))
    packs = {**runtime.reference.rule_packs, "us-dis": (was, becomes)}
    object.__setattr__(runtime, "reference", replace(runtime.reference, rule_packs=packs))
    choose(officer)
    first, second = (sealed(officer, ("Lu-177", "1 MBq")) for _ in range(2))
    for path in (first, second):
        measure(officer, path, runtime)
    assert release(officer, first).status_code == 201
    clock.move(days=20)
    assert release(officer, second).status_code == 409
    kept = officer.get(first).json["release"]
    assert (kept["pack_edition"], kept["legs"][1]["limit"]) == ("2002-10-24", "120 d")


def test_a_pack_not_yet_in_force_cannot_be_asked_for_nor_chosen(officer: Api) -> None:
    path = sealed(officer, ("Lu-177", "1 MBq"))
    early = {"pack": "de-clearance", "at": "2018-12-30T00:00:00Z"}
    answer = officer.get(f"{path}/release-check", **early)
    assert answer.status_code == 422
    body = {"pack": "nowhere", "reason": "x", "signature": SIGNATURE}
    assert officer.post("/rule-pack-choices", body).status_code == 422


def test_every_pack_is_listed_with_its_tables(officer: Api) -> None:
    packs = {each["code"]: each for each in officer.get("/rule-packs").json["items"]}
    table = packs["de-clearance"]["legs"][1]["table"]
    assert table["covers"]["Lu-177m"] == ["Hf-177m", "Lu-177"]
    lutetium = next(each for each in table["limits"] if each["nuclide"] == "Lu-177m")
    assert (lutetium["value"], lutetium["status"]) == ("0.1", "verified")
    assert packs["uk-out-of-scope"]["legs"][0]["table"]["defaults"][0]["status"] == "unverified"


@pytest.mark.requirement("RQ-50")
def test_a_pack_is_chosen_under_the_text_that_was_shown(officer: Api) -> None:
    wanted = {"pack": "de-clearance", "reason": "Our licence"}
    offered = officer.post("/rule-pack-choices/sign-ticket", wanted).json
    assert "Reason: Our licence." in offered["shown"]
    signed = {**SIGNATURE, "ticket": offered["ticket"]}
    changed = officer.post("/rule-pack-choices", {**wanted, "reason": "x", "signature": signed})
    assert changed.json["errors"][0]["code"] == "ticket_changed"
    chosen = officer.post("/rule-pack-choices", {**wanted, "signature": signed})
    assert chosen.json["signature"]["line"].startswith(
        "Signed by Safety_Officer (safety officer) at"
    )


def test_no_ticket_is_given_for_a_pack_that_is_none(officer: Api) -> None:
    nowhere = {"pack": "nowhere", "reason": "x"}
    assert officer.post("/rule-pack-choices/sign-ticket", nowhere).status_code == 422
