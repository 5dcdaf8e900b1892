"""A container is released only when every leg of the pack holds, exactly, and says why."""

import math
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiopharm.core.legs import JUDGES, judge
from radiopharm.core.rule_packs import KINDS
from radiopharm.core.waste import Container, ignoring
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
    verdicts,
)

PACK_CODES = ("us-dis", "house-ten-half-lives", "us-licence-condition")
TEN_HALF_LIVES_OF_Y90 = timedelta(hours=641)
NUCLIDES = st.sampled_from(["Lu-177", "Lu-177m", "Y-90", "Sr-90", "I-131", "Tc-99m", "Ge-68"])


def test_every_kind_of_leg_that_may_be_written_can_be_judged() -> None:
    assert KINDS.keys() == JUDGES.keys()


@pytest.mark.requirement("RQ-39")
@pytest.mark.parametrize(
    ("nuclides", "reading", "sealed", "verdict"),
    [
        (["Lu-177"], "0.10", True, {"sealed": True, "half_life": True, "survey": True}),
        (["Lu-177"], "0.11", True, {"sealed": True, "half_life": True, "survey": False}),
        (["Lu-177"], None, True, {"sealed": True, "half_life": True, "survey": None}),
        (["Lu-177"], "0.10", False, {"sealed": None, "half_life": True, "survey": None}),
        (["Lu-177", "Lu-177m"], "0.10", True, {"sealed": True, "half_life": False, "survey": True}),
        (["Y-90", "Sr-90"], "0.11", True, {"sealed": True, "half_life": False, "survey": False}),
        (["Tc-99m"], "0.10", True, {"sealed": True, "half_life": True, "survey": True}),
    ],
)
def test_us_decay_in_storage(
    nuclides: list[str], reading: str | None, sealed: bool, verdict: dict[str, bool | None]
) -> None:
    surveys = (make_survey(reading=Decimal(reading)),) if reading else ()
    container = make_container(*nuclides, surveys=surveys, sealed_at=START if sealed else None)
    answer = check(container, "us-dis")
    assert verdicts(answer) == verdict
    assert answer.releasable is all(verdict.values())


def test_half_life_of_exactly_the_limit_is_eligible_and_one_step_more_is_not() -> None:
    limit_s = 120 * 86_400.0
    steps = [math.nextafter(limit_s, 0), limit_s, math.nextafter(limit_s, math.inf)]
    answers = [
        check(make_container(make_portion("Y-88", half_life_s=step)), "us-dis") for step in steps
    ]
    assert [answer.releasable for answer in answers] == [True, True, False]


def test_lutetium_177m_is_named_with_its_figures_and_the_ways_out() -> None:
    answer = check(make_container("Lu-177", make_portion("Lu-177m", activity_bq=0)), "us-dis")
    leg = next(leg for leg in answer.legs if leg.code == "half_life")
    assert (leg.passed, leg.value, leg.operator, leg.limit) == (
        False,
        "Lu-177m 160.4 d",
        "<=",
        "120 d",
    )
    for words in ("Lu-177m 160.4 d", "120 d", "licence condition", "supplier", "transfer"):
        assert words in leg.message
    assert (answer.earliest_at, answer.governing) == (None, "half_life")


@pytest.mark.parametrize(
    ("step", "holds"), [(-MICROSECOND, False), (timedelta(0), True), (MICROSECOND, True)]
)
def test_ten_half_lives_are_over_to_the_microsecond(step: timedelta, holds: bool) -> None:
    at = START + TEN_HALF_LIVES_OF_Y90 + step
    answer = check(make_container("Y-90"), "house-ten-half-lives", at)
    assert answer.releasable is holds
    assert answer.earliest_at == START + TEN_HALF_LIVES_OF_Y90
    assert verdicts(answer)["ten_half_lives"] is holds


def test_a_wait_that_ends_between_two_microseconds_ends_at_the_later() -> None:
    portion = make_portion("F-18", half_life_s=100.00000005)
    answer = check(make_container(portion), "house-ten-half-lives")
    assert answer.earliest_at == START + timedelta(seconds=1000, microseconds=1)


def test_an_open_container_could_be_sealed_now() -> None:
    answer = check(make_container("Lu-177", sealed_at=None), "us-dis", START + 5 * DAY)
    assert (answer.earliest_at, answer.governing) == (START + 5 * DAY, "sealed")


def test_a_figure_is_never_rounded_up_to_a_limit_that_is_not_reached() -> None:
    at = START + TEN_HALF_LIVES_OF_Y90 - MICROSECOND
    leg = check(make_container("Y-90"), "house-ten-half-lives", at).legs[1]
    assert (leg.value, leg.limit) == ("9.99 half-lives", "10 half-lives")


def test_the_longest_half_life_counts_from_the_last_item() -> None:
    items = (make_item("I-131"), make_item("Y-90", put_in_at=START + DAY))
    container = Container(items=items, sealed_at=START + DAY)
    answer = check(container, "house-ten-half-lives")
    assert answer.earliest_at == START + DAY + timedelta(seconds=6929884.8)
    assert answer.governing == "ten_half_lives"


def test_ten_half_lives_beyond_the_calendar_are_never() -> None:
    answer = check(make_container("Tc-99"), "house-ten-half-lives")
    assert (answer.earliest_at, answer.governing) == (None, "ten_half_lives")


@pytest.mark.parametrize(
    ("conditions", "at", "passed", "says"),
    [
        ((), 2000 * DAY, None, "needs a site entry"),
        ((make_condition("Sr-90"),), 2000 * DAY, None, "Lu-177m 160.4 d needs a site entry"),
        ((make_condition("Lu-177m"),), 1603 * DAY, False, "9.99 half-lives"),
        ((make_condition("Lu-177m"),), 1604 * DAY, True, "condition 18"),
        ((make_condition("Lu-177m", hold="400", unit="d"),), 399 * DAY, False, "399.00 d"),
        ((make_condition("Lu-177m", hold="400", unit="d"),), 400 * DAY, True, "400 d"),
        ((make_condition("Lu-177m", hold="0", unit="d"),), 2 * DAY, True, "0 d"),
    ],
)
def test_lutetium_177m_is_held_as_the_licence_says(
    conditions: tuple[object, ...], at: timedelta, passed: bool | None, says: str
) -> None:
    container = make_container("Lu-177", "Lu-177m", licence_conditions=conditions)
    answer = check(container, "us-licence-condition", START + at)
    leg = next(leg for leg in answer.legs if leg.code == "licence_condition")
    assert leg.passed is passed
    assert says in leg.message
    assert answer.releasable is (passed is True)


def test_of_several_conditions_the_strictest_governs() -> None:
    conditions = (make_condition("Lu-177m", hold="30", unit="d"), make_condition("Lu-177m"))
    container = make_container("Lu-177m", licence_conditions=conditions)
    assert check(container, "us-licence-condition").earliest_at == START + 1604 * DAY


def test_a_condition_holds_only_the_nuclides_it_names() -> None:
    conditions = (make_condition("Lu-177m"), make_condition("Sr-90", hold="9999", unit="d"))
    container = make_container("Lu-177m", licence_conditions=conditions)
    assert check(container, "us-licence-condition").earliest_at == START + 1604 * DAY


def test_without_its_licence_condition_a_bag_has_no_date() -> None:
    answer = check(make_container("Lu-177m"), "us-licence-condition")
    assert (answer.earliest_at, answer.governing) == (None, "licence_condition")


def test_a_licence_condition_is_not_asked_for_short_lived_waste() -> None:
    assert check(make_container("Lu-177"), "us-licence-condition").releasable


@pytest.mark.requirement("RQ-40")
@pytest.mark.parametrize(
    ("facts", "passed", "says"),
    [
        ({"reading": Decimal("0.0999999999")}, True, "background"),
        ({"reading": Decimal("0.1")}, True, "background"),
        ({"reading": Decimal("0.1000000001")}, False, "measure again later"),
        ({"reading": Decimal("0.11"), "unshielded": False}, False, "measure again later"),
        ({"unshielded": False}, None, "unshielded"),
        ({"most_sensitive_scale": False}, None, "most sensitive scale"),
        ({"background_unit": "cps"}, None, "one unit"),
        ({"measured_at": START - MICROSECOND}, None, "No survey since the seal"),
        ({"measured_at": START}, True, "background"),
        ({"measured_at": START + 2 * DAY}, True, "background"),
        ({"measured_at": START + 2 * DAY + MICROSECOND}, None, "No survey since the seal"),
    ],
)
def test_a_reading_counts_only_when_it_is_one(
    facts: dict[str, object], passed: bool | None, says: str
) -> None:
    answer = check(make_container("Lu-177", surveys=(make_survey(**facts),)), "us-dis")
    leg = next(leg for leg in answer.legs if leg.code == "survey")
    assert leg.passed is passed
    assert says in leg.message


def test_the_latest_survey_overrides_a_better_one() -> None:
    worse = make_survey(START + 2 * DAY, reading=Decimal("0.2"))
    container = make_container("Lu-177", surveys=(worse, make_survey(START + DAY)))
    assert verdicts(check(container, "us-dis"))["survey"] is False


def test_of_two_surveys_at_one_instant_the_last_recorded_counts() -> None:
    surveys = (make_survey(reading=Decimal("0.2")), make_survey())
    assert check(make_container("Lu-177", surveys=surveys), "us-dis").releasable


def test_what_goes_in_after_the_seal_opens_the_container() -> None:
    items = (make_item("Y-90"), make_item("Y-90", put_in_at=START + MICROSECOND))
    container = Container(items=items, sealed_at=START, surveys=(make_survey(),))
    found = verdicts(check(container, "us-dis"))
    assert (found["sealed"], found["survey"]) == (None, None)


def test_a_container_sealed_later_is_open_until_then() -> None:
    container = make_container("Y-90", sealed_at=START + 3 * DAY)
    answer = check(container, "us-dis")
    assert verdicts(answer)["sealed"] is None


@pytest.mark.parametrize("pack", PACK_CODES)
def test_an_empty_container_is_never_releasable(pack: str) -> None:
    answer = check(Container(sealed_at=START, surveys=(make_survey(),)), pack)
    assert not any(verdicts(answer).values())
    assert answer.earliest_at is None
    assert "Nothing has been put in" in answer.legs[1].message


def test_what_an_impurity_costs_is_seen_side_by_side() -> None:
    container = make_container("Lu-177", "Lu-177m")
    with_it = check(container, "house-ten-half-lives").earliest_at
    without = check(ignoring(container, {"Lu-177m"}), "house-ten-half-lives").earliest_at
    assert (with_it, without) == (START + 1604 * DAY, START + timedelta(days=66.47))


@pytest.mark.parametrize("pack", PACK_CODES)
@given(nuclides=st.lists(NUCLIDES, min_size=1), more=NUCLIDES, late=st.timedeltas(0 * DAY, 9 * DAY))
def test_another_nuclide_never_makes_it_releasable_earlier(
    pack: str, nuclides: list[str], more: str, late: timedelta
) -> None:
    condition = make_condition("Sr-90", "Ge-68", hold="3")
    items = (make_item(*nuclides), make_item(more, put_in_at=START + late))
    sealed = {"sealed_at": START + 9 * DAY, "licence_conditions": (condition,)}
    before = check(Container(items=items[:1], **sealed), pack).earliest_at
    after = check(Container(items=items, **sealed), pack).earliest_at
    assert after is None or (before is not None and before <= after)


@pytest.mark.parametrize("pack", PACK_CODES)
@given(
    nuclides=st.lists(NUCLIDES, min_size=1),
    at=st.timedeltas(0 * DAY, 200_000 * DAY),
    wait=st.timedeltas(0 * DAY, 200_000 * DAY),
)
def test_waiting_never_revokes_what_holds(
    pack: str, nuclides: list[str], at: timedelta, wait: timedelta
) -> None:
    condition = make_condition("Lu-177m", "Sr-90", "Ge-68")
    container = make_container(*nuclides, licence_conditions=(condition,))
    now, later = (verdicts(check(container, pack, START + t)) for t in (at, at + wait))
    assert {code for code in now if now[code]} <= {code for code in later if later[code]}


@pytest.mark.parametrize("pack", PACK_CODES)
@given(nuclides=st.lists(NUCLIDES, min_size=1))
def test_the_earliest_instant_is_the_first_that_passes(pack: str, nuclides: list[str]) -> None:
    condition = make_condition("Lu-177m", "Sr-90", "Ge-68")
    surveys = (make_survey(START),)
    container = make_container(*nuclides, licence_conditions=(condition,), surveys=surveys)
    earliest_at = check(container, pack).earliest_at
    if earliest_at is not None:
        assert check(container, pack, earliest_at).releasable
        assert not check(container, pack, earliest_at - MICROSECOND).releasable


@pytest.mark.parametrize(
    ("nuclide", "start", "zone", "expected"),
    [
        pytest.param(
            "I-131",
            "2024-02-01T12:00",
            "America/New_York",
            "2024-04-21T21:58:04.800+00:00",
            marks=pytest.mark.case("TENHL-I131-LEAP"),
        ),
        pytest.param(
            "Y-90",
            "2026-10-10T09:00",
            "Europe/London",
            "2026-11-06T01:00:00.000+00:00",
            marks=pytest.mark.case("TENHL-Y90-LONDON"),
        ),
        pytest.param(
            "In-111",
            "2100-02-20T00:00",
            "UTC",
            "2100-03-20T01:07:40.800+00:00",
            marks=pytest.mark.case("TENHL-IN111-CENTURY"),
        ),
    ],
)
def test_ten_half_lives_cross_leap_days_and_summer_time(
    nuclide: str, start: str, zone: str, expected: str
) -> None:
    put_in_at = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone))
    container = Container(items=(make_item(nuclide, put_in_at=put_in_at),), sealed_at=put_in_at)
    answer = check(container, "house-ten-half-lives", put_in_at)
    assert answer.earliest_at == datetime.fromisoformat(expected)


def test_a_passing_half_life_leg_shows_the_longest() -> None:
    leg = check(make_container("Lu-177", "Tc-99m"), "us-dis").legs[1]
    assert (leg.passed, leg.value) == (True, "Lu-177 6.647 d")


@pytest.mark.case("DIS-US-120D")
def test_nuclides_eligible_for_us_decay_in_storage() -> None:
    eligible = "Lu-177 I-131 Y-90 Ga-68 In-111 In-114m I-125 I-124 I-123 Tc-99m Cu-64 F-18 Ac-225"
    too_long_lived = "Lu-177m Sr-90 Ge-68 Ac-227 Zn-65"
    expected = dict.fromkeys((eligible + " Tb-161 Tb-160 Y-88").split(), True)
    expected |= dict.fromkeys(too_long_lived.split(), False)
    found = {n: verdicts(check(make_container(n), "us-dis"))["half_life"] for n in expected}
    assert found == expected


@pytest.mark.case("FR-2XBKG")
@pytest.mark.parametrize(("reading", "passed"), [("0.19", True), ("0.20", True), ("0.21", False)])
def test_a_survey_against_twice_the_background(reading: str, passed: bool) -> None:
    rule = replace(PACKS["us-dis"].legs[1], limit=Decimal(2))
    container = make_container("Lu-177", surveys=(make_survey(reading=Decimal(reading)),))
    leg = judge(rule, container, START + DAY, DATA)
    assert (leg.passed, leg.limit) == (passed, "0.20 µSv/h")


def test_a_pack_may_ask_for_more_than_its_limit() -> None:
    rule = replace(PACKS["house-ten-half-lives"].legs[0], operator=">")
    at = START + TEN_HALF_LIVES_OF_Y90
    legs = [judge(rule, make_container("Y-90"), at + late, DATA) for late in (0 * DAY, MICROSECOND)]
    assert [leg.passed for leg in legs] == [False, True]
    assert legs[0].earliest_at == at + MICROSECOND
