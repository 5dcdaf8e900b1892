"""A returned dose and a residue go into waste with what they hold there and then, once."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from radiopharm.core.receiving import DeclaredImpurity
from radiopharm.runtime import Runtime
from radiopharm.schemas.instants import instant_out
from tests import hospital
from tests.conftest import StandingClock
from tests.doors import Api

BAG = {"kind": "bag", "nuclide": "Lu-177", "place": "Store B"}
RATIO = 0.0002
LU177M = DeclaredImpurity(nuclide="Lu-177m", ratio=Decimal("0.0002"))


@pytest.fixture
def bench(api: Callable[[str], Api]) -> Api:
    return api("radiopharmacist")


@pytest.fixture
def dose(bench: Api, runtime: Runtime, clock: StandingClock) -> dict[str, Any]:
    """A whole Lutathera vial with 0.02 % Lu-177m at its reference, which is now."""
    vial_id = hospital.accepted(runtime, impurities=(LU177M,))
    directive_id = hospital.directive(runtime)
    clock.move(days=2)
    body = {
        "directive_id": directive_id,
        "draws": [{"vial_id": vial_id, "after_sequence": 1}],
        "measured_activity": "7.4 GBq",
        "measured_at": instant_out(clock.now),
        "instrument_id": hospital.calibrator(runtime),
        "administer_at": instant_out(clock.now),
        "signature": {"username": "radiopharmacist", "secret": hospital.PASSWORD},
    }
    made: dict[str, Any] = bench.post("/dispensings", body).json
    return made


@pytest.fixture
def bag(bench: Api) -> str:
    return f"/waste-containers/{bench.post('/waste-containers', BAG).json['id']}/items"


def held(answer: Any) -> dict[str, int]:
    assert answer.status_code == 201, answer.json
    return {portion["nuclide"]: portion["activity_bq"] for portion in answer.json["contents"]}


def codes(answer: Any) -> set[str]:
    return {error["code"] for error in answer.json["errors"]}


def void(bench: Api, dose: dict[str, Any], *, was_drawn: bool) -> None:
    body = {"drawn": was_drawn, "reason": "Patient did not come"}
    assert bench.post(f"/dispensings/{dose['id']}/void", body).status_code in (200, 201)


def residue_of(bench: Api, dose: dict[str, Any], clock: StandingClock) -> int:
    """A residue of 370 MBq of Lu-177, read four hours after the start."""
    start = clock.now
    clock.move(hours=4)
    left = {"item": "tubing", "activity": "370 MBq", "measured_at": instant_out(clock.now)}
    body = {
        "started_at": instant_out(start),
        "ended_at": instant_out(start + timedelta(minutes=30)),
        "residues": [left],
    }
    answer = bench.post(f"/dispensings/{dose['id']}/administration", body)
    return int(answer.json["residues"][0]["id"])


@pytest.mark.requirement("RQ-34")
def test_a_returned_dose_goes_in_with_its_impurity_and_has_a_place_then(
    bench: Api, bag: str, dose: dict[str, Any]
) -> None:
    void(bench, dose, was_drawn=True)
    found = held(bench.post(bag, {"source": "dose", "dispensing_id": dose["id"]}))
    assert found == {"Lu-177": 7_585_000_000, "Lu-177m": 1_517_000}
    again = bench.post(bag, {"source": "dose", "dispensing_id": dose["id"]})
    assert (again.status_code, codes(again)) == (409, {"not_returned"})


@pytest.mark.parametrize("voided", [True, False])
def test_a_dose_that_is_nowhere_does_not_go_in(
    bench: Api, bag: str, dose: dict[str, Any], voided: bool
) -> None:
    if voided:
        void(bench, dose, was_drawn=False)
    answer = bench.post(bag, {"source": "dose", "dispensing_id": dose["id"]})
    assert (answer.status_code, codes(answer)) == (409, {"not_returned"})


def test_a_residue_goes_in_as_it_was_read_with_the_dose_s_impurity(
    bench: Api, bag: str, dose: dict[str, Any], clock: StandingClock
) -> None:
    residue_id = residue_of(bench, dose, clock)
    clock.move(days=6.647)
    found = held(bench.post(bag, {"source": "residue", "residue_id": residue_id}))
    since_reference = 4 / 24 + 6.647
    grown = RATIO * 2 ** (since_reference / 6.647 - since_reference / 160.4)
    assert found["Lu-177"] == pytest.approx(185e6, rel=1e-4)  # a little fed by Lu-177m
    assert found["Lu-177m"] / found["Lu-177"] == pytest.approx(grown, rel=1e-4)


def test_a_residue_goes_in_once(
    bench: Api, bag: str, dose: dict[str, Any], clock: StandingClock
) -> None:
    residue_id = residue_of(bench, dose, clock)
    held(bench.post(bag, {"source": "residue", "residue_id": residue_id}))
    again = bench.post(bag, {"source": "residue", "residue_id": residue_id})
    assert (again.status_code, codes(again)) == (409, {"in_waste_already"})


@pytest.mark.parametrize("source", ["dose", "residue"])
def test_waste_has_not_waited_longer_than_it_exists(
    bench: Api, dose: dict[str, Any], clock: StandingClock, source: str
) -> None:
    if source == "dose":
        void(bench, dose, was_drawn=True)
        what = {"dispensing_id": dose["id"]}
    else:
        what = {"residue_id": residue_of(bench, dose, clock)}
    long_ago = instant_out(clock.now - timedelta(days=100))
    opened = bench.post("/waste-containers", {**BAG, "opened_at": long_ago}).json
    items = f"/waste-containers/{opened['id']}/items"
    early = instant_out(clock.now - timedelta(minutes=1))
    for at in (long_ago, early):
        answer = bench.post(items, {"source": source, **what, "put_in_at": at})
        assert (answer.status_code, codes(answer)) == (422, {"before_it_was"})
    held(bench.post(items, {"source": source, **what, "put_in_at": instant_out(clock.now)}))


def test_no_patient_is_named_where_waste_is_handled(
    bench: Api, bag: str, dose: dict[str, Any], api: Callable[[str], Api]
) -> None:
    void(bench, dose, was_drawn=True)
    item = bench.post(bag, {"source": "dose", "dispensing_id": dose["id"]})
    shown = api("technologist").get(bag.removesuffix("/items"))
    for text in (item.text, shown.text):
        assert "Canary" not in text
        assert "P-0" not in text


def test_what_is_not_there_cannot_go_in(bench: Api, bag: str) -> None:
    assert bench.post(bag, {"source": "dose", "dispensing_id": 99}).status_code == 404
    assert bench.post(bag, {"source": "residue", "residue_id": 99}).status_code == 404
