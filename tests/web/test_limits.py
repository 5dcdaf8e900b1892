"""Holding limits: set by the safety officer only, from an instant on, over vials and waste."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from radiopharm.runtime import Runtime
from radiopharm.schemas.instants import instant_out
from tests import giving, hospital
from tests.conftest import StandingClock
from tests.doors import Api, Pages

SET = {
    "nuclide": "lu177",
    "limit": "50",
    "limit_unit": "GBq",
    "source": "Licence 17, clause 4",
    "reason": "Licence renewed",
}


@pytest.mark.requirement("RQ-06")
def test_a_limit_set_by_form_stands_on_the_page_the_board_and_in_the_audit(
    pages: Callable[[str], Pages], api: Callable[[str], Api], runtime: Runtime
) -> None:
    hospital.accepted(runtime)
    officer = pages("safety_officer")
    assert officer.post("/limits", SET).status_code == 303
    shown = officer.get("/limits").text
    assert "Licence 17, clause 4" in shown
    assert "Within" in shown
    assert "of 50" in officer.get("/stock").text
    found = api("auditor").get("/audit-events", action="rules:limit-set").json["items"]
    assert [event["reason"] for event in found] == ["Licence renewed"]


@pytest.mark.requirement("RQ-06")
def test_a_limit_ahead_takes_over_at_its_own_instant(
    api: Callable[[str], Api], clock: StandingClock
) -> None:
    officer = api("safety_officer")
    body = {"nuclide": "Y-90", "source": "Licence 17", "reason": "Renewed"}
    officer.post("/limits", {**body, "limit": "20 GBq"})
    officer.post("/limits", {**body, "limit": "10 GBq", "from_at": "2026-06-08T00:00:00Z"})
    for at, limit_bq in (("2026-06-07T23:59:59Z", 20e9), ("2026-06-08T00:00:00Z", 10e9)):
        assert officer.get("/inventory", at=at).json["items"][0]["limit_bq"] == limit_bq
    assert len(officer.get("/limits").json["items"]) == 2


@pytest.mark.requirement("RQ-06")
def test_a_dose_counts_from_the_draw_until_it_is_given_and_its_residue_until_it_is_waste(
    api: Callable[[str], Api], runtime: Runtime, clock: StandingClock
) -> None:
    bench, found = api("everyone"), []

    def look(at: datetime) -> None:
        (holding,) = bench.get("/inventory", at=instant_out(at)).json["items"]
        found.append([round(holding[name] / 1e6, 1) for name in ("activity_bq", "in_hand_bq")])
        assert holding["total_bq"] == sum(
            holding[name] for name in ("activity_bq", "in_hand_bq", "waste_bq")
        )

    dose = giving.dispensed(bench, runtime, clock)
    drawn_at = clock.now
    look(drawn_at)
    body = giving.given(clock)
    body["residues"] = [giving.left("tubing", "370 MBq", instant_out(clock.now))]
    (residue,) = bench.post(f"/dispensings/{dose['id']}/administration", body).json["residues"]
    look(clock.now)
    bag = bench.post("/waste-containers", {"kind": "bag", "nuclide": "Lu-177", "place": "B"}).json
    inside = {"source": "residue", "residue_id": residue["id"]}
    assert bench.post(f"/waste-containers/{bag['id']}/items", inside).status_code == 201
    look(clock.now)
    look(drawn_at - timedelta(hours=1))
    (before,) = found[3:]
    assert found[:3] == [[0, 7585.0], [0, 370.0], [0, 0]]
    assert (before[0] > 7585, before[1]) == (True, 0)


@pytest.mark.parametrize("role", ["technologist", "radiopharmacist", "physicist", "auditor"])
def test_only_the_safety_officer_sets_a_limit(pages: Callable[[str], Pages], role: str) -> None:
    person = pages(role)
    assert "Set a limit" not in person.get("/limits").text
    assert person.post("/limits", SET).status_code == 403


@pytest.mark.parametrize(
    ("box", "typed", "said"),
    [
        ("nuclide", "Xx-1", "Xx-1"),
        ("limit", "0", "more than 0"),
        ("limit", "much", "number"),
        ("reason", "", "needed"),
        ("source", "", "needed"),
    ],
)
def test_nonsense_in_a_limit_is_named_and_stays_in_its_box(
    pages: Callable[[str], Pages], box: str, typed: str, said: str
) -> None:
    answer = pages("safety_officer").post("/limits", {**SET, box: typed})
    assert answer.status_code == 422
    assert said in answer.text


def test_what_is_in_waste_is_a_column_of_its_own_and_counts_against_the_limit(
    pages: Callable[[str], Pages], api: Callable[[str], Api], runtime: Runtime
) -> None:
    vial = hospital.accepted(runtime)
    officer = api("safety_officer")
    before = officer.get("/inventory").json["items"][0]
    bag = {"kind": "bag", "nuclide": "Lu-177", "place": "Store"}
    made = officer.post("/waste-containers", bag).json["id"]
    body = {"after_sequence": 1, "reason": "Spoilt", "container_id": made}
    assert officer.post(f"/vials/{vial}/discard", body).status_code == 200
    after = officer.get("/inventory").json["items"][0]
    assert (after["vials"], after["containers"], after["activity_bq"]) == (0, 1, 0)
    assert after["waste_bq"] == pytest.approx(before["activity_bq"], abs=1)
    assert after["total_bq"] == after["waste_bq"]
    pages("safety_officer").post("/limits", {**SET, "limit": "1"})
    assert "Over the limit" in pages("safety_officer").get("/limits").text
    assert "stat tone-stop" in pages("safety_officer").get("/stock").text
