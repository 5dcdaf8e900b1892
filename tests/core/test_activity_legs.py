"""Limits on activity hold exactly, for good, and never for a nuclide nobody has a limit for."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiopharm.core.figures import Status
from radiopharm.core.legs import judge
from radiopharm.core.sums import rounded_up
from radiopharm.core.verdicts import Leg
from radiopharm.core.waste import Container, PutIn
from tests.core.making_rules import judged, make_limit, make_rule, waits_days
from tests.core.making_waste import (
    DATA,
    DAY,
    MICROSECOND,
    START,
    make_container,
    make_item,
    make_portion,
    make_survey,
)

LU_177_G = {"Lu-177": "100"}
BOTH_G = {"Lu-177": "100", "Lu-177m": "0.1"}
SYMBOLS = ("Lu-177", "Lu-177m", "Y-90", "F-18", "I-131", "Ge-68")
TABLE = {"Lu-177": "100", "Lu-177m": "3", "Y-90": "1000", "F-18": "10", "I-131": "10"}
TABLE |= {"Xe-131m": "40", "Ge-68": "2", "Ga-68": "10"}
ACTIVITIES = st.dictionaries(st.sampled_from(SYMBOLS), st.integers(0, 10**7), min_size=1)
ITEMS = st.lists(ACTIVITIES, min_size=1, max_size=3)


def bag(mass_g: int = 100, **activities_bq: int) -> Container:
    """A bag weighed; `Lu_177m=5` is 5 Bq of Lu-177m."""
    portions = (
        make_portion(name.replace("_", "-"), activity_bq=bq) for name, bq in activities_bq.items()
    )
    return make_container(*portions, mass_g=mass_g)


def leg(
    container: Container, kind: str, *limits: dict[str, str], at: Any = START, **of: Any
) -> Leg:
    return judge(make_rule(kind, *limits, **of), container, at, DATA)


@pytest.mark.parametrize(
    ("operator", "activity_bq", "passed"),
    [
        ("<=", 9_999, True),
        ("<=", 10_000, True),
        ("<=", 10_001, False),
        ("<", 9_999, True),
        ("<", 10_000, False),
        ("<", 10_001, False),
    ],
)
def test_a_limit_is_met_to_the_becquerel_by_the_operator_of_its_source(
    operator: str, activity_bq: int, passed: bool
) -> None:
    found = leg(bag(Lu_177=activity_bq), "concentration", LU_177_G, operator=operator)
    assert found.passed is passed


@pytest.mark.case("SOF-EXACT-ONE")
@pytest.mark.parametrize(("more_bq", "passed"), [(0, True), (1, False)])
def test_fractions_that_add_up_to_one_exactly_are_one(more_bq: int, passed: bool) -> None:
    limits = {"I-131": "10", "In-111": "10", "Lu-177": "100", "Y-90": "1000"}
    covers = {"I-131": frozenset({"Xe-131m"}), "In-111": frozenset({"Cd-111m"})}
    container = bag(1, I_131=1, In_111=2, Lu_177=30, Y_90=400 + more_bq)
    found = leg(container, "concentration", limits, covers=covers)
    assert found.passed is passed
    assert found.value == ("1" if passed else "1.001")


@pytest.mark.case("SOF-CANADA-MIX")
def test_the_exemption_quantity_of_a_mixture_is_a_sum_of_quotients() -> None:
    limits = {"I-131": "1000000", "Lu-177": "10000000", "Y-90": "100000"}
    container = bag(I_131=400_000, Lu_177=5_000_000, Y_90=20_000)
    found = leg(container, "total_activity", limits, covers={"I-131": frozenset({"Xe-131m"})})
    assert (found.passed, found.value) == (False, "1.1")
    assert [part.fraction for part in found.parts] == ["0.4", "0.5", "0.2"]


def test_the_wait_ends_at_the_first_microsecond_that_holds() -> None:
    rule = make_rule("concentration", LU_177_G)
    container = bag(Lu_177=20_000)
    earliest_at = judge(rule, container, START, DATA).earliest_at
    assert earliest_at is not None
    assert abs(earliest_at - START - timedelta(days=6.647)) <= MICROSECOND
    assert judge(rule, container, earliest_at, DATA).passed is True
    assert judge(rule, container, earliest_at - MICROSECOND, DATA).passed is False


@pytest.mark.parametrize(
    ("day", "value", "passed"),
    [(0.4, "1.781", False), (1.0, "0.7723", False), (1.5, "1.057", False), (444.0, "0.9979", True)],
)
def test_of_three_crossings_only_the_last_counts(day: float, value: str, passed: bool) -> None:
    """Performance finding 6: the sum is one at 0.504 d, at 1.40 d and at 443.5 d."""
    limits = {"Lu-177m": "3036638", "Lu-177": "14036", "F-18": "3347"}
    container = bag(Lu_177m=413_000, F_18=176_000)
    found = leg(container, "total_activity", limits, at=START + day * DAY)
    assert (found.value, found.passed) == (value, passed)
    assert found.earliest_at is not None
    assert (found.earliest_at - START) / DAY == pytest.approx(443.5, abs=0.05)
    assert ("rise above that again" in found.message) is (day == 1.0)


def test_what_grows_in_counts() -> None:
    alone = judged(bag(Lu_177m=20_000), make_rule("concentration", {"Lu-177m": "100"}))
    assert alone.earliest_at is None
    fed = judged(bag(Lu_177m=20_000), make_rule("concentration", {"Lu-177m": "100", **LU_177_G}))
    assert waits_days(fed) == pytest.approx(160.4 + 160.4 * 0.2943, rel=1e-2)


def test_a_daughter_that_a_plus_covers_counts_only_where_it_was_put_in_itself() -> None:
    covers = {"Lu-177m": frozenset({"Lu-177"})}
    rule = make_rule("concentration", BOTH_G, covers=covers)
    assert judge(rule, bag(Lu_177m=10), START + 30 * DAY, DATA).passed is True
    both = judge(rule, bag(Lu_177m=10, Lu_177=1_000), START, DATA)
    assert (both.passed, both.value) == (False, "1.1")
    assert judge(rule, bag(Lu_177m=10, Lu_177=1_000), START + 500 * DAY, DATA).passed is True


def test_a_plus_of_one_table_is_none_of_another() -> None:
    without = leg(bag(Lu_177m=10), "concentration", BOTH_G, at=START + 30 * DAY)
    covers = {"Lu-177m": frozenset({"Lu-177"})}
    covered = leg(bag(Lu_177m=10), "concentration", BOTH_G, at=START + 30 * DAY, covers=covers)
    assert [part.nuclide for part in without.parts] == ["Lu-177m", "Lu-177"]
    assert [part.nuclide for part in covered.parts] == ["Lu-177m"]


@pytest.mark.parametrize(
    ("fractions_bq", "passed"),
    [
        ({"Lu_177": 9_000, "Y_90": 10_000}, True),
        ({"Lu_177": 10_000, "Y_90": 10_000}, True),
        ({"Lu_177": 10_000, "Y_90": 10_001}, False),
        ({"Lu_177": 10_001, "Y_90": 1}, False),
        ({"Lu_177": 10_000, "Y_90": 5_000, "F_18": 50}, True),
        ({"Lu_177": 10_000, "Y_90": 9_000, "F_18": 11}, False),
    ],
)
def test_what_is_a_tenth_of_the_limit_together_may_be_left_out(
    fractions_bq: dict[str, int], passed: bool
) -> None:
    limits = {"Lu-177": "100", "Y-90": "1000", "F-18": "10"}
    found = leg(bag(**fractions_bq), "concentration", limits, leave_out=Decimal("0.1"))
    assert found.passed is passed


def test_what_was_left_out_is_said() -> None:
    limits = {"Lu-177": "100", "Y-90": "1000"}
    found = leg(bag(Lu_177=10_000, Y_90=9_000), "concentration", limits, leave_out=Decimal("0.1"))
    assert [(part.nuclide, part.note) for part in found.parts] == [
        ("Lu-177", ""),
        ("Y-90", "left out"),
    ]


@pytest.mark.parametrize(
    ("kind", "limits", "says"),
    [
        ("concentration", LU_177_G, "mass is missing"),
        ("liquid_concentration", LU_177_G, "volume is missing"),
        ("per_volume", None, "volume is missing"),
    ],
)
def test_without_its_measure_a_leg_is_not_computable(
    kind: str, limits: dict[str, str] | None, says: str
) -> None:
    found = judge(make_rule(kind, limits), make_container("Lu-177"), START, DATA)
    assert found.passed is None
    assert found.earliest_at is None
    assert says in found.message


def test_a_container_heavier_than_it_may_be_averaged_over_is_not_computable() -> None:
    most = Decimal(300_000)
    for mass_g, passed in ((300_000, True), (300_001, None)):
        found = leg(bag(mass_g, Lu_177=1), "concentration", LU_177_G, averaging_mass_g=most)
        assert found.passed is passed
    assert "300 kg" in found.message


@pytest.mark.parametrize(
    ("of", "says"),
    [
        ({}, "Lu-177m needs a site entry"),
        ({"unlisted": frozenset({"Lu-177m"})}, "needs a decision by the authority"),
    ],
)
def test_a_nuclide_without_a_limit_is_never_free(of: dict[str, Any], says: str) -> None:
    found = leg(bag(Lu_177=1, Lu_177m=0), "concentration", LU_177_G, **of)
    assert (found.passed, found.earliest_at) == (None, None)
    assert says in found.message


@pytest.mark.parametrize(
    ("symbol", "default", "fraction"),
    [
        ("Lu-177m", "Z ≤ 81", "10"),
        ("Tl-207", "Z ≤ 81", "10"),
        ("Po-211", "Z > 81 with alpha", "100"),
        ("Po-211", "any", "10"),
    ],
)
def test_a_pack_s_default_is_for_what_its_table_leaves_out(
    symbol: str, default: str, fraction: str
) -> None:
    defaults = {"Z ≤ 81": make_limit("1"), "Z > 81 with alpha": make_limit("0.1")}
    defaults = {"any": make_limit("1")} if default == "any" else defaults
    container = make_container(make_portion(symbol, activity_bq=1_000), mass_g=100)
    of = {"defaults": defaults, "unlisted": frozenset({symbol})}
    found = leg(container, "concentration", LU_177_G, **of)
    assert [part.fraction for part in found.parts if part.nuclide == symbol] == [fraction]


def test_a_beta_emitter_beyond_lead_has_no_default_where_only_alpha_has_one() -> None:
    of = {"defaults": {"Z > 81 with alpha": make_limit("0.1")}, "unlisted": frozenset({"Pb-209"})}
    container = make_container(make_portion("Pb-209", activity_bq=1), mass_g=100)
    assert leg(container, "concentration", LU_177_G, **of).passed is None


def test_one_unverified_figure_makes_the_leg_unverified() -> None:
    doubtful = {"any": make_limit("1", status=Status.UNVERIFIED)}
    of = {"defaults": doubtful, "unlisted": frozenset({"Lu-177m"})}
    assert leg(bag(Lu_177=1), "concentration", LU_177_G, **of).status is Status.VERIFIED
    assert leg(bag(Lu_177m=1), "concentration", LU_177_G, **of).status is Status.UNVERIFIED


@pytest.mark.parametrize(
    ("volume_ml", "passed"), [(100_001, True), (100_000, True), (99_999, False)]
)
def test_all_activity_counts_per_tenth_of_a_cubic_metre(volume_ml: int, passed: bool) -> None:
    container = replace(bag(Lu_177=300_000, Y_90=100_000), volume_ml=volume_ml)
    assert leg(container, "per_volume", limit=Decimal(400)).passed is passed


@pytest.mark.parametrize(("more_bq", "passed"), [(-1, True), (0, True), (1, False)])
def test_no_article_hides_in_a_mean(more_bq: int, passed: bool) -> None:
    small = make_item(make_portion("Y-90", activity_bq=1))
    large = make_item(make_portion("Lu-177", activity_bq=40_000 + more_bq))
    container = Container(items=(small, large, small), sealed_at=START)
    assert leg(container, "per_article", limit=Decimal(40)).passed is passed


@pytest.mark.parametrize(("more_bq", "passed"), [(0, True), (1, False)])
def test_articles_alike_share_what_their_item_holds(more_bq: int, passed: bool) -> None:
    alike = replace(make_item(make_portion("Lu-177", activity_bq=120_000 + more_bq)), articles=3)
    container = Container(items=(alike,), sealed_at=START)
    assert leg(container, "per_article", limit=Decimal(40)).passed is passed


def test_a_liquid_is_judged_per_cubic_metre() -> None:
    container = replace(bag(Lu_177=200_000), volume_ml=2_000_000)
    for limit, passed in (("100000", True), ("99999", False)):
        assert leg(container, "liquid_concentration", {"Lu-177": limit}).passed is passed


def test_a_sewer_leg_says_which_account_is_missing() -> None:
    month = leg(bag(Lu_177=1), "per_month", {})
    assert month.passed is None
    assert "Lu-177 needs a site entry" in month.message
    assert "account of discharges" in month.message
    year = leg(bag(Lu_177=37 * 10**9), "per_year", limit=Decimal(37))
    assert year.passed is None
    assert leg(bag(Lu_177=37 * 10**9 + 10**3), "per_year", limit=Decimal(37)).passed is False


def test_items_are_each_judged_by_their_own_half_life() -> None:
    longer = make_portion("Y-90", half_life_s=2 * 230_760.0, activity_bq=400)
    items = (make_item(make_portion("Y-90", activity_bq=400)), make_item(longer))
    container = Container(items=items, sealed_at=START, mass_g=1)
    found = leg(container, "concentration", {"Y-90": "100"}, at=START + timedelta(seconds=461_520))
    assert found.value == "3"
    assert found.passed is False


def test_what_goes_in_later_is_not_in_the_value_but_in_the_verdict() -> None:
    items = (
        make_item(make_portion("Y-90", activity_bq=100)),
        make_item(make_portion("Y-90", activity_bq=900), put_in_at=START + DAY),
    )
    found = leg(Container(items=items, mass_g=1), "concentration", {"Y-90": "100"})
    assert (found.passed, found.value) == (False, "1")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(1), "1"),
        (Fraction(1) + Fraction(1, 10**18), "1.001"),
        (Fraction(999_999, 10**6), "1"),
        (Fraction(123_456), "123,500"),
        (Fraction(0), "0"),
        (Fraction(1, 10**400), "< 0.0001"),
    ],
)
def test_a_sum_is_never_rounded_down_to_its_limit(number: Fraction, text: str) -> None:
    assert rounded_up(number) == text


def items_of(found: list[dict[str, int]]) -> tuple[PutIn, ...]:
    return tuple(
        make_item(
            *(make_portion(symbol, activity_bq=bq) for symbol, bq in each.items()),
            put_in_at=START + n * DAY,
        )
        for n, each in enumerate(found)
    )


RULES = [
    make_rule("concentration", TABLE),
    make_rule("concentration", TABLE, leave_out=Decimal("0.1")),
    make_rule("concentration", TABLE, covers={"Lu-177m": frozenset({"Lu-177"})}, operator="<"),
    make_rule("total_activity", TABLE),
    make_rule("per_article", limit=Decimal(40)),
]


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=40)
@given(items=ITEMS, more=ACTIVITIES)
def test_more_of_anything_never_makes_it_releasable_earlier(
    rule: Any, items: list[dict[str, int]], more: dict[str, int]
) -> None:
    richer = [*items[:-1], {**items[-1], **{s: items[-1].get(s, 0) + bq for s, bq in more.items()}}]
    before, after = (
        judge(rule, Container(items=items_of(each), mass_g=850), START, DATA).earliest_at
        for each in (items, richer)
    )
    assert before is not None
    assert after is not None
    assert after >= before - MICROSECOND


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=40)
@given(items=ITEMS, wait=st.timedeltas(0 * DAY, 9_000 * DAY), more=st.timedeltas(0 * DAY, 99 * DAY))
def test_waiting_never_revokes_what_holds_for_good(
    rule: Any, items: list[dict[str, int]], wait: timedelta, more: timedelta
) -> None:
    container = Container(items=items_of(items), mass_g=850)
    now, then = (judge(rule, container, START + t, DATA) for t in (wait, wait + more))
    assert now.earliest_at == then.earliest_at
    assert not (now.passed and not then.passed)


@pytest.mark.parametrize("rule", RULES[:2])
@settings(max_examples=40)
@given(items=ITEMS, share=st.floats(0, 1))
def test_after_the_earliest_instant_the_sum_is_never_above_its_limit(
    rule: Any, items: list[dict[str, int]], share: float
) -> None:
    container = Container(items=items_of(items), mass_g=850)
    earliest_at = judge(rule, container, START, DATA).earliest_at
    assert earliest_at is not None
    later = judge(rule, container, earliest_at + share**4 * 3_000 * DAY, DATA)
    counted = [Fraction(p.fraction.replace(",", "")) for p in later.parts if _counts(p)]
    assert sum(counted) <= 1 + Fraction(len(counted), 1_000)


def _counts(part: Any) -> bool:
    return part.note != "left out" and not part.fraction.startswith("<")


def test_the_volume_is_said_in_litres() -> None:
    container = replace(bag(Lu_177=1), volume_ml=2_500)
    assert "in 2.50 L" in leg(container, "liquid_concentration", LU_177_G).message


def test_what_can_be_computed_has_its_own_instant_while_something_is_missing() -> None:
    weighed, unmeasured = make_rule("concentration", LU_177_G), make_rule("per_volume")
    found = judged(bag(Lu_177=20_000), weighed, unmeasured)
    assert (found.earliest_at, found.governing) == (None, "per_volume")
    assert found.computable_at == judged(bag(Lu_177=20_000), weighed).earliest_at
    assert judged(bag(Lu_177=20_000), unmeasured).computable_at is None


def test_what_never_holds_has_no_instant_whatever_can_be_computed() -> None:
    never = make_rule("half_life_limit", limit=Decimal(1))
    found = judged(bag(Lu_177=1), never, make_rule("concentration", LU_177_G))
    assert (found.earliest_at, found.computable_at) == (None, None)


def test_a_limit_beyond_the_calendar_is_never_met() -> None:
    found = leg(bag(1, Tc_99=10**9), "concentration", {"Tc-99": "1"})
    assert (found.passed, found.earliest_at) == (False, None)


@pytest.mark.parametrize(
    ("reading", "unit", "passed"),
    [
        ("4.999", "µSv/h", True),
        ("5", "µSv/h", True),
        ("5.001", "µSv/h", False),
        ("5", "cps", None),
    ],
)
def test_a_dose_rate_is_judged_whatever_the_background(
    reading: str, unit: str, passed: bool | None
) -> None:
    survey = make_survey(reading=Decimal(reading), reading_unit=unit, background_unit=unit)
    container = make_container("Lu-177", surveys=(survey,))
    found = leg(container, "dose_rate", limit=Decimal(5), at=START + DAY)
    assert (found.passed, found.limit) == (passed, "5 µSv/h")


def test_no_reading_is_no_dose_rate() -> None:
    found = leg(make_container("Lu-177", surveys=()), "dose_rate", at=START + DAY)
    assert found.passed is None


def test_items_are_added_up_at_the_instant_of_the_last() -> None:
    items = (
        make_item(make_portion("Y-90", activity_bq=1_000)),
        make_item(make_portion("Y-90", activity_bq=1_000), put_in_at=START + timedelta(hours=64.1)),
    )
    at = START + timedelta(hours=64.1)
    found = leg(Container(items=items, mass_g=1), "concentration", {"Y-90": "1000"}, at=at)
    assert found.value == "1.5"


def test_the_value_between_items_is_of_what_had_gone_in() -> None:
    instants = (START, START + DAY, START + 3 * DAY)
    portion = make_portion("Y-90", activity_bq=1_000)
    items = tuple(make_item(portion, put_in_at=at) for at in instants)
    found = leg(Container(items=items, mass_g=1), "concentration", {"Y-90": "1000"}, at=START + DAY)
    assert found.value == rounded_up(Fraction(1 + 0.5 ** (24 / 64.1)))
