"""Every published case is run, or is listed in `tests/data/waiting_cases.toml` with what it awaits.

A case is run here when its kind has a function in `RUNS`, elsewhere by a test marked with its id.
"""

import json
import re
import tomllib
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from radiopharm.core.decay import (
    chain_activities,
    contents,
    decay_factor,
    elapsed_until,
    seconds,
)
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.waste import Container
from tests.core.making_rules import judged, make_rule, waits_days
from tests.core.making_waste import DATA, make_container, make_portion

FOLDER = Path(__file__).parents[1] / "data"
CASES = json.loads((FOLDER / "validation_cases.json").read_text(encoding="utf-8"))
WAITING = tomllib.loads((FOLDER / "waiting_cases.toml").read_text(encoding="utf-8"))
WAITING_IDS = {case for kind in WAITING.values() for case in kind["cases"]}
UNIT_S = {"s": 1.0, "h": 3_600.0, "d": 86_400.0}

Inputs = dict[str, Any]


def decay(inputs: Inputs, icrp: NuclearData) -> float:
    (amount,) = (inputs[key] for key in ("A0_MBq", "A0_Bq_g") if key in inputs)
    return amount * decay_factor(span(inputs, "t"), span(inputs, "half_life"))


def decay_fraction_table(inputs: Inputs, icrp: NuclearData) -> list[float]:
    return [decay_factor(day * 86_400, span(inputs, "half_life")) for day in inputs["t_d"]]


def decay_property(inputs: Inputs, icrp: NuclearData) -> float:
    half_life_s = span(inputs, "half_life")
    return decay_factor(span(inputs, "t1"), half_life_s) * decay_factor(
        span(inputs, "t2"), half_life_s
    )


def half_life_db(inputs: Inputs, icrp: NuclearData) -> dict[str, float]:
    return {symbol: icrp.get(symbol).half_life_s for symbol in inputs["nuclides"]}


def half_life_sensitivity(inputs: Inputs, icrp: NuclearData) -> list[float]:
    half_lives_d = inputs["half_lives_d"]
    return [inputs["A0"] * decay_factor(inputs["t_d"], half_life) for half_life in half_lives_d]


def bateman(inputs: Inputs, icrp: NuclearData) -> dict[str, float] | list[float]:
    unit_s = UNIT_S[inputs["unit"]]
    if "of" not in inputs:
        return chain_activities(inputs["A0_Bq"], inputs["t"] * unit_s, icrp)
    grown = [chain_activities(inputs["A0_Bq"], t * unit_s, icrp) for t in inputs["t"]]
    return [activities[inputs["of"]] for activities in grown]


def bateman_nonnegative(inputs: Inputs, icrp: NuclearData) -> dict[str, float]:
    activities = bateman(inputs, icrp)
    assert isinstance(activities, dict)
    assert len(activities) == 7
    assert min(activities.values()) >= 0
    return {"all_activities_>=": 0.0}


def bateman_max(inputs: Inputs, icrp: NuclearData) -> dict[str, float]:
    """The peak is where as much Xe-131m decays as I-131 makes; found by halving."""
    early, late = 0.0, 100.0
    for _ in range(60):
        day = (early + late) / 2
        activities = chain_activities(inputs["A0_Bq"], day * 86_400, icrp)
        made = inputs["branch"] * activities["I-131"]
        early, late = (day, late) if activities["Xe-131m"] < made else (early, day)
    return {"t_max_d": day, "A_max_Bq": activities["Xe-131m"]}


def equilibrium_ratio(inputs: Inputs, icrp: NuclearData) -> float:
    old = chain_activities({"Lu-177m": 1e9}, 5 * 365 * 86_400.0, icrp)
    return old["Lu-177"] / old["Lu-177m"]


def impurity_ratio(inputs: Inputs, icrp: NuclearData) -> float:
    left = {
        symbol: decay_factor(inputs["t_d"], half_life_d)
        for symbol, half_life_d in inputs["half_lives_d"].items()
    }
    return inputs["r0"] * left["Lu-177m"] / left["Lu-177"]


def impurity_activity(inputs: Inputs, icrp: NuclearData) -> float:
    balance_bq = round(inputs["A_Lu177_GBq"] * 1e9)
    ratios = {"Lu-177m": Fraction(str(inputs["ratio"]))}
    return contents(balance_bq, ratios, "Lu-177", 0.0, icrp)["Lu-177m"] / 1e6


def time_to_activity(inputs: Inputs, icrp: NuclearData) -> float:
    held = inputs["volume_mL"] * inputs["conc_MBq_mL_at_cal"]
    return elapsed_until(held, inputs["target_MBq"], span(inputs, "half_life")) / 3_600


def elapsed_time(inputs: Inputs, icrp: NuclearData) -> float:
    return between(inputs, "start", "end") / 3_600


def time_to_clearance(inputs: Inputs, icrp: NuclearData) -> float | None:
    limits = {symbol: str(limit) for symbol, limit in inputs["limit_Bq_g"].items()}
    return _wait("concentration", limits, inputs, mass_g=inputs["mass_g"])


def time_to_activity_total(inputs: Inputs, icrp: NuclearData) -> float | None:
    rule = make_rule("per_article", limit=Decimal(str(inputs["limit_Bq"])) / 1000)
    return waits_days(judged(_container(inputs), rule))


def holding_tank(inputs: Inputs, icrp: NuclearData) -> float | None:
    multiplier = inputs["multiplier"]
    limits = {s: str(limit * multiplier) for s, limit in inputs["limits_Bq_m3"].items()}
    volume_ml = round(inputs["tank_m3"] * 10**6)
    return _wait("liquid_concentration", limits, inputs, volume_ml=volume_ml)


def _wait(kind: str, limits: dict[str, str], inputs: Inputs, **measured: int) -> float | None:
    """Days until the limits hold for good; what the case has no limit for, it does not count."""
    symbols = inputs["A0_Bq"]
    covers = {symbol: frozenset(DATA.chain(symbol)) - limits.keys() for symbol in symbols}
    rule = make_rule(kind, limits, covers=covers)
    return waits_days(judged(_container(inputs, **measured), rule))


def _container(inputs: Inputs, **measured: int) -> Container:
    portions = (make_portion(s, activity_bq=round(bq)) for s, bq in inputs["A0_Bq"].items())
    return make_container(*portions, **measured)


RUNS: dict[str, Callable[[Inputs, NuclearData], Any]] = {
    run.__name__: run
    for run in (
        bateman,
        bateman_max,
        bateman_nonnegative,
        decay,
        decay_fraction_table,
        decay_property,
        elapsed_time,
        equilibrium_ratio,
        half_life_db,
        half_life_sensitivity,
        holding_tank,
        impurity_activity,
        impurity_ratio,
        time_to_activity,
        time_to_activity_total,
        time_to_clearance,
    )
}
RUN_HERE = [case for case in CASES if case["kind"] in RUNS and case["id"] not in WAITING_IDS]


@pytest.mark.requirement("RQ-54")
@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case["id"], marks=pytest.mark.case(case["id"])) for case in RUN_HERE],
)
def test_a_published_case_comes_out(case: dict[str, Any], icrp: NuclearData) -> None:
    result = RUNS[case["kind"]](case["inputs"], icrp)
    expected = case["expected"]
    if isinstance(expected, dict):
        result = {key: result[key] for key in expected}
    tolerance = {"rel": case["rel_tol"] or 0, "abs": case.get("abs_tol") or 0}
    assert result == pytest.approx(expected, **tolerance)


def test_every_published_case_is_run_or_known_to_wait() -> None:
    run = {case["id"] for case in RUN_HERE} | marked_elsewhere()
    assert run | WAITING_IDS == {case["id"] for case in CASES}
    assert not run & WAITING_IDS, "a case that is run waits no more: take it off the list"


def test_a_waiting_case_stands_under_its_kind() -> None:
    kinds = {case["id"]: case["kind"] for case in CASES}
    for kind, waiting in WAITING.items():
        assert {kinds[case] for case in waiting["cases"]} == {kind}
        assert waiting["for"]


def marked_elsewhere() -> set[str]:
    """The ids that tests in other files carry as `case` marks."""
    files = [path for path in FOLDER.parent.rglob("test_*.py") if path != Path(__file__)]
    sources = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return set(re.findall(r'mark\.case\("([^"]+)"\)', sources))


def span(inputs: Inputs, name: str) -> float:
    """The duration *name* in seconds, in whichever unit the case has it."""
    keys = {f"{name}_{unit}": unit_s for unit, unit_s in UNIT_S.items()}
    (elapsed_s,) = (inputs[key] * unit_s for key, unit_s in keys.items() if key in inputs)
    return elapsed_s


def between(inputs: Inputs, start: str, end: str) -> float:
    """Seconds from one local time to the other, both in the zone of the case."""
    zone = ZoneInfo(inputs["tz"])
    a, b = (datetime.fromisoformat(inputs[key]).replace(tzinfo=zone) for key in (start, end))
    return seconds(a, b)
