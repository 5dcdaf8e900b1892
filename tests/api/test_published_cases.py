"""The published cases through the door that customers use, at the cases' own tolerances.

`tests/core/test_validation_cases.py` runs most cases on the function behind it; here the figure is
the one that the API answers, with the products and rule packs that the house ships.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.conftest import NOON
from tests.core.test_validation_cases import CASES, UNIT_S, span
from tests.doors import Api

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
BY_ID = {case["id"]: case for case in CASES}
FROM = datetime(2026, 6, 1, 10, tzinfo=UTC)


@pytest.fixture
def everyone(api: Callable[[str], Api]) -> Api:
    return api("everyone")


def of_kind(*kinds: str) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in CASES if case["kind"] in kinds]


def close(case: dict[str, Any], expected: Any) -> Any:
    return pytest.approx(expected, rel=case["rel_tol"] or 0, abs=case.get("abs_tol") or 0)


def decayed(door: Api, nuclide: str, activity: str, elapsed_s: float, *impurities: str) -> Any:
    to = FROM + timedelta(seconds=elapsed_s)
    answer = door.get(
        "/decay",
        nuclide=nuclide,
        activity=activity,
        **{"from": FROM.isoformat(), "to": to.isoformat(), "impurity": list(impurities)},
    )
    return {it["nuclide"]: it["activity_bq"] for it in answer.json["contents"]}


@pytest.mark.requirement("RQ-54")
@pytest.mark.parametrize("case", of_kind("decay"))
def test_the_calculator_answers_a_published_decay(everyone: Api, case: dict[str, Any]) -> None:
    inputs = case["inputs"]
    amount = next(inputs[key] for key in inputs if key.startswith("A0"))
    found = decayed(everyone, inputs["nuclide"], f"{amount} MBq", span(inputs, "t"))
    assert found[inputs["nuclide"]] / 1e6 == close(case, case["expected"])


@pytest.mark.requirement("RQ-54")
@pytest.mark.parametrize("case", of_kind("bateman"))
def test_the_calculator_answers_a_published_chain(everyone: Api, case: dict[str, Any]) -> None:
    inputs, expected = case["inputs"], case["expected"]
    (principal, amount), *others = inputs["A0_Bq"].items()
    impurities = [f"{symbol}:{bq / amount}" for symbol, bq in others]
    instants = inputs["t"] if "of" in inputs else [inputs["t"]]
    wanted = [{inputs["of"]: bq} for bq in expected] if "of" in inputs else [expected]
    for t, contents in zip(instants, wanted, strict=True):
        elapsed_s = t * UNIT_S[inputs["unit"]]
        found = decayed(everyone, principal, f"{amount} Bq", elapsed_s, *impurities)
        assert {symbol: found[symbol] for symbol in contents} == close(case, contents)


def test_the_nuclide_table_prints_the_published_half_lives(everyone: Api) -> None:
    case = BY_ID["HL-ICRP107-SECONDS"]
    rows = [it for it in everyone.get("/nuclides").json["items"] if it["data_set"] == "ICRP-107"]
    found = {it["symbol"]: it["half_life_s"] for it in rows}
    assert {symbol: found[symbol] for symbol in case["expected"]} == close(case, case["expected"])


def receive(door: Api, product: str, volume: str, concentration: str, at: str) -> int:
    reference_at = datetime.fromisoformat(at)
    body = {
        "product": product,
        "lot": "1",
        "volume": volume,
        "concentration": concentration,
        "reference_at": at,
        "expires_at": (reference_at + timedelta(days=20)).isoformat(),
        "received_at": min(reference_at, NOON).isoformat(),
    }
    made: int = door.post("/vials", body).json["id"]
    return made


def test_a_vial_decays_by_the_chart_on_its_own_label(everyone: Api) -> None:
    case, at = BY_ID["LABEL-AZEDRA-I131"], "2026-06-01T00:00:00+00:00"
    vial_id = receive(everyone, "i-131-mibg-azedra", "22.5 mL", "555 MBq/mL", at)
    for day, fraction in zip(case["inputs"]["t_d"], case["expected"], strict=True):
        then = datetime.fromisoformat(at) + timedelta(days=day)
        vial = everyone.get(f"/vials/{vial_id}", at=then.isoformat()).json
        assert vial["activity_mbq"] / 12_487.5 == close(case, fraction)


@pytest.mark.case("AZEDRA-VIAL")
def test_a_vial_holds_its_concentration_times_its_volume(everyone: Api) -> None:
    case = BY_ID["AZEDRA-VIAL"]
    concentration = f"{case['inputs']['conc_MBq_mL']} MBq/mL"
    for volume_ml, expected in zip(case["inputs"]["volumes_mL"], case["expected"], strict=True):
        at = FROM.isoformat()
        vial_id = receive(everyone, "i-131-mibg-azedra", f"{volume_ml} mL", concentration, at)
        assert everyone.get(f"/vials/{vial_id}", at=at).json["activity_mbq"] == expected


@pytest.mark.parametrize(
    ("case_id", "product", "volume_ml", "at", "for_at"),
    [
        pytest.param(
            "VOL-LUTATHERA-48H",
            *("lutathera", 25, "2026-06-01T10:00:00Z", "2026-06-03T10:00:00Z"),
            marks=pytest.mark.case("VOL-LUTATHERA-48H"),
        ),
        pytest.param(
            "VOL-LUTATHERA-DST",
            *("lutathera", 25, "2026-03-27T12:00:00+01:00", "2026-03-30T10:00:00+02:00"),
            marks=pytest.mark.case("VOL-LUTATHERA-DST"),
        ),
        pytest.param(
            "AZEDRA-VOL",
            *("i-131-mibg-azedra", 22.5, "2026-06-01T10:00:00Z", "2026-06-02T22:00:00Z"),
            marks=pytest.mark.case("AZEDRA-VOL"),
        ),
    ],
)
def test_a_published_volume_is_proposed_with_its_working(
    everyone: Api, case_id: str, product: str, volume_ml: float, at: str, for_at: str
) -> None:
    case = BY_ID[case_id]
    inputs, expected = case["inputs"], case["expected"]
    concentration = f"{inputs['conc_MBq_mL_at_cal']} MBq/mL"
    vial_id = receive(everyone, product, f"{volume_ml} mL", concentration, at)
    asked = {"activity": f"{inputs['prescribed_MBq']} MBq", "for": for_at}
    draw = everyone.get(f"/vials/{vial_id}/draw", **asked).json
    assert draw["working"]["volume"]["volume_ml"] == close(case, expected)
    assert draw["volume_ml"] == round(expected, 3)
    refused = {refusal["code"] for refusal in draw["refusals"]}
    assert ("insufficient" in refused) is (expected > volume_ml)


@pytest.mark.case("POSSESSION-TOTAL")
def test_the_inventory_adds_up_as_published(everyone: Api) -> None:
    case = BY_ID["POSSESSION-TOTAL"]
    products = {"Lu-177": "lutathera", "I-131": "i-131-mibg", "Y-90": "y-90-dotatoc"}
    for vial in case["inputs"]["vials"]:
        product, activity = products[vial["nuclide"]], f"{vial['A_MBq']} MBq/mL"
        receive(everyone, product, "1 mL", activity, vial["at"])
    holdings = everyone.get("/inventory", at=case["inputs"]["at"]).json["items"]
    found = {it["nuclide"]: it["activity_mbq"] for it in holdings}
    assert {symbol: found[symbol] for symbol in case["expected"]} == close(case, case["expected"])


@pytest.mark.requirement("RQ-40")
@pytest.mark.parametrize(
    ("case_id", "pack", "leg"),
    [
        ("CLEAR-LU177-NAIVE", "de-clearance", "clearance"),
        ("CLEAR-LU177M-CA", "ca-clearance", "clearance"),
        ("UK-40KBQ", "uk-vllw", "article"),
        ("CLEAR-I131-25000", "de-clearance", "clearance"),
        ("CLEAR-ALREADY", "de-clearance", "clearance"),
        ("TANK-DE-LU177", "de-water", "water"),
    ],
)
def test_a_container_waits_as_long_as_published(
    everyone: Api, case_id: str, pack: str, leg: str
) -> None:
    case = BY_ID[case_id]
    inputs = case["inputs"]
    container = filled(everyone, inputs["A0_Bq"], inputs.get("mass_g"), inputs.get("tank_m3"))
    check = everyone.get(f"/waste-containers/{container}/release-check", pack=pack).json
    (found,) = (it for it in check["legs"] if it["code"] == leg)
    wait = datetime.fromisoformat(found["earliest_at"]) - NOON
    assert wait / timedelta(days=1) == close(case, case["expected"])


def filled(door: Api, contents: dict[str, float], mass_g: int | None, m3: float | None) -> int:
    opened = {"kind": "bag", "nuclide": next(iter(contents)), "place": "Decay store"}
    container: int = door.post("/waste-containers", opened).json["id"]
    activities = [{"nuclide": symbol, "activity": f"{bq} Bq"} for symbol, bq in contents.items()]
    item = {"source": "other", "description": "As published", "activities": activities}
    door.post(f"/waste-containers/{container}/items", item)
    measured = {"mass_g": mass_g, "volume_ml": m3 and round(m3 * 10**6)}
    door.post(f"/waste-containers/{container}/seal", measured)
    return container


def test_an_answer_carries_every_digit_of_a_double(everyone: Api) -> None:
    query = {"nuclide": "Lu-177", "activity": "9250 MBq", "from": "2026-06-01T10:00:00Z"}
    answer = everyone.get("/decay", **query, to="2026-06-04T10:00:00Z")
    exact = json.loads(answer.text, parse_float=Decimal)
    assert float(exact["activity_mbq"]) == answer.json["activity_mbq"]
    assert len(exact["activity_bq"].as_tuple().digits) >= 16


@pytest.mark.parametrize("ratio", ["2e-05", "0.00002", "0.002 %"])
def test_an_impurity_may_be_written_as_programs_write_it(everyone: Api, ratio: str) -> None:
    found = decayed(everyone, "Y-90", "3.7 GBq", 0, f"Sr-90:{ratio}")
    assert found == {"Sr-90": 74_000, "Y-90": 3_700_000_000}
