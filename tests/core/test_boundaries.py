"""Every leg of every pack at its limit exactly, and one step to either side."""

import math
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiopharm.core.legs import judge
from radiopharm.core.rule_packs import LegRule
from radiopharm.core.waste import Container
from tests.core.making_waste import (
    DATA,
    DAY,
    MICROSECOND,
    PACKS,
    START,
    check,
    make_condition,
    make_container,
    make_item,
    make_portion,
    make_survey,
)

AT_LIMIT = {"<=": (True, True, False), "<": (True, False, False)}
NUCLIDES = st.sampled_from(["Lu-177", "Lu-177m", "Y-90", "Sr-90", "I-131", "Tc-99m"])
ALONE = ("Y-90", "F-18", "Cu-64")  # nothing radioactive grows from them


def listed(rule: LegRule) -> str:
    """A nuclide of the rule's table; any, where it has none."""
    return next(each for each in ALONE if rule.table is None or each in rule.table.limits)


def amounts(rule: LegRule) -> list[Container]:
    """A becquerel less than allowed in 100 g or 1 m³, exactly so much, and one more."""
    symbol = listed(rule)
    limit = rule.table.limits[symbol].value if rule.table else rule.limit * 1000
    if rule.kind == "concentration":
        limit *= 100
    elif rule.kind == "per_volume":
        limit *= 10
    return [
        make_container(
            make_portion(symbol, activity_bq=int(limit) + step), mass_g=100, volume_ml=10**6
        )
        for step in (-1, 0, 1)
    ]


def half_lives(rule: LegRule) -> list[Container]:
    exactly = float(rule.limit) * 86_400
    steps = (math.nextafter(exactly, 0), exactly, math.nextafter(exactly, math.inf))
    return [make_container(make_portion("Y-90", half_life_s=step)) for step in steps]


def readings(rule: LegRule) -> list[Container]:
    exactly = rule.limit * Decimal("0.10")
    steps = (exactly - Decimal("1e-9"), exactly, exactly + Decimal("1e-9"))
    return [make_container("Y-90", surveys=(make_survey(reading=step),)) for step in steps]


EITHER_SIDE: dict[str, Callable[[LegRule], list[Container]]] = {
    "half_life_limit": half_lives,
    "licence_condition": half_lives,
    "survey": readings,
    **dict.fromkeys(
        ("concentration", "total_activity", "liquid_concentration", "per_volume", "per_article"),
        amounts,
    ),
}
LEGS = [(code, rule) for code, pack in PACKS.items() for rule in pack.legs]
STEPPED = [(code, rule) for code, rule in LEGS if rule.kind in EITHER_SIDE]


@pytest.mark.requirement("RQ-39")
@pytest.mark.parametrize(("pack", "rule"), STEPPED, ids=[f"{p}-{r.code}" for p, r in STEPPED])
def test_a_leg_at_its_limit_and_one_step_to_either_side(pack: str, rule: LegRule) -> None:
    cases = EITHER_SIDE[rule.kind](rule)
    found = tuple(
        judge(rule, each, START + DAY * (rule.kind == "survey"), DATA).passed is True
        for each in cases
    )
    assert found == AT_LIMIT[rule.operator]


@pytest.mark.parametrize("pack", ["house-ten-half-lives", "fr-decay"])
def test_a_wait_at_its_limit_and_a_microsecond_to_either_side(pack: str) -> None:
    rule = next(leg for leg in PACKS[pack].legs if leg.kind == "n_half_lives")
    over_at = START + timedelta(hours=641)  # ten half-lives of Y-90
    found = tuple(
        judge(rule, make_container("Y-90"), over_at + step, DATA).passed
        for step in (-MICROSECOND, timedelta(0), MICROSECOND)
    )
    assert found == {">=": (False, True, True), ">": (False, False, True)}[rule.operator]


def test_every_other_leg_has_a_test_of_its_own() -> None:
    elsewhere = {"n_half_lives", "progeny_half_life", "authority_decision", "per_month", "per_year"}
    assert {rule.kind for _, rule in LEGS} - EITHER_SIDE.keys() <= elsewhere


def filled(*portions: tuple[str, int]) -> Container:
    condition = make_condition("Lu-177", "Lu-177m", "Y-90", "Sr-90", "I-131", "Tc-99m")
    items = tuple(make_item(make_portion(nuclide, activity_bq=bq)) for nuclide, bq in portions)
    return Container(
        items=items,
        sealed_at=START,
        mass_g=850,
        volume_ml=2_000,
        licence_conditions=(condition,),
    )


@pytest.mark.requirement("RQ-39")
@pytest.mark.parametrize("pack", PACKS)
@settings(max_examples=4)
@given(
    there=st.tuples(NUCLIDES, st.integers(1, 10**9)),
    more=st.tuples(NUCLIDES, st.integers(0, 10**9)),
)
def test_adding_anything_never_makes_it_releasable_earlier_under_any_pack(
    pack: str, there: tuple[str, int], more: tuple[str, int]
) -> None:
    before = check(filled(there), pack).earliest_at
    after = check(filled(there, more), pack).earliest_at
    assert after is None or (before is not None and before <= after)


@pytest.mark.requirement("RQ-39")
@pytest.mark.parametrize("pack", PACKS)
@settings(max_examples=4)
@given(
    nuclide=NUCLIDES,
    bq=st.integers(1, 10**9),
    at=st.integers(0, 5_000),
    wait=st.integers(0, 5_000),
)
def test_waiting_never_revokes_what_holds_under_any_pack(
    pack: str, nuclide: str, bq: int, at: int, wait: int
) -> None:
    now, later = (check(filled((nuclide, bq)), pack, START + t * DAY) for t in (at, at + wait))
    held = {leg.code for leg in now.legs if leg.passed}
    assert held <= {leg.code for leg in later.legs if leg.passed}
