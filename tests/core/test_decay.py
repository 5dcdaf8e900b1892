"""Activity is a pure function of time, before and after the reference, and never impossible."""

import math
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiopharm.core.decay import (
    OutOfRange,
    UndefinedBefore,
    chain_activities,
    contents,
    decay_factor,
    elapsed_until,
    seconds,
)
from radiopharm.core.nuclides import NuclearData, UnknownNuclide
from radiopharm.core.reference import Reference
from radiopharm.core.working import CHAIN, SINGLE, explain

DAY_S = 86_400.0
HALF_LIVES_S = st.floats(1e-3, 1e15)
PERIODS = st.floats(-300, 300)  # elapsed time counted in half-lives


@given(half_life_s=HALF_LIVES_S)
def test_one_half_life_halves(half_life_s: float) -> None:
    assert decay_factor(half_life_s, half_life_s) == pytest.approx(0.5, rel=1e-15)


@given(half_life_s=HALF_LIVES_S, first=PERIODS, second=PERIODS)
def test_splitting_an_interval_changes_nothing(
    half_life_s: float, first: float, second: float
) -> None:
    a, b = first * half_life_s, second * half_life_s
    apart = decay_factor(a, half_life_s) * decay_factor(b, half_life_s)
    assert apart == pytest.approx(decay_factor(a + b, half_life_s), rel=1e-12)


@given(half_life_s=HALF_LIVES_S, periods=PERIODS)
def test_there_and_back_is_where_one_was(half_life_s: float, periods: float) -> None:
    elapsed_s = periods * half_life_s
    product = decay_factor(elapsed_s, half_life_s) * decay_factor(-elapsed_s, half_life_s)
    assert product == pytest.approx(1, rel=1e-12)


@given(half_life_s=HALF_LIVES_S, first=PERIODS, second=PERIODS)
def test_later_is_never_more(half_life_s: float, first: float, second: float) -> None:
    early, late = sorted((first * half_life_s, second * half_life_s))
    assert decay_factor(late, half_life_s) <= decay_factor(early, half_life_s)


def test_a_vial_is_stronger_before_its_reference() -> None:
    assert decay_factor(-47 * 3_600, 574_300.8) == pytest.approx(1.2265, abs=1e-4)


def test_a_thousand_half_lives_are_the_limit_both_ways() -> None:
    assert 0 < decay_factor(1_000.0, 1.0) < 1e-300
    assert decay_factor(-1_000.0, 1.0) > 1e300
    for elapsed_s in (1_000.001, -1_000.001, math.inf, -math.inf, math.nan):
        with pytest.raises(OutOfRange):
            decay_factor(elapsed_s, 1.0)


def test_elapsed_time_is_real_time_across_a_change_of_clocks() -> None:
    paris = ZoneInfo("Europe/Paris")
    a, b = datetime(2026, 3, 28, 12, tzinfo=paris), datetime(2026, 3, 29, 12, tzinfo=paris)
    assert seconds(a, b) == 23 * 3_600
    assert seconds(b, a) == -23 * 3_600


def test_an_instant_without_zone_is_refused() -> None:
    aware = datetime(2026, 3, 28, tzinfo=UTC)
    with pytest.raises(ValueError, match="offset"):
        seconds(aware, aware.replace(tzinfo=None))


def test_elapsed_until_is_the_inverse_of_decay() -> None:
    elapsed_s = elapsed_until(9_250.0, 7_400.0, 574_300.8)
    assert 9_250 * decay_factor(elapsed_s, 574_300.8) == pytest.approx(7_400, rel=1e-14)
    assert elapsed_until(7_400.0, 9_250.0, 574_300.8) == pytest.approx(-elapsed_s)
    with pytest.raises(ValueError, match="above zero"):
        elapsed_until(1.0, 0.0, 1.0)


def test_at_the_reference_the_declared_amounts_stand_exactly(icrp: NuclearData) -> None:
    initial = {"Lu-177": 7_400_000_001.0, "Lu-177m": 0.1, "I-131": 3.3}
    now = chain_activities(initial, 0, icrp)
    assert now == initial | {"Xe-131m": 0.0}


def test_nothing_stays_nothing(icrp: NuclearData) -> None:
    activities = chain_activities({"Ac-225": 0.0}, 10 * DAY_S, icrp)
    assert len(activities) == 7
    assert set(activities.values()) == {0.0}


@given(elapsed_s=st.floats(0, 1e11), ac225=st.floats(0, 1e12), ac227=st.floats(0, 1e6))
def test_no_member_is_ever_negative(
    icrp: NuclearData, elapsed_s: float, ac225: float, ac227: float
) -> None:
    activities = chain_activities({"Ac-225": ac225, "Ac-227": ac227}, elapsed_s, icrp)
    assert all(0 <= activity < math.inf for activity in activities.values())


@given(first=st.floats(0, 1e8), second=st.floats(0, 1e8))
def test_a_chain_may_be_followed_in_two_steps(
    icrp: NuclearData, first: float, second: float
) -> None:
    halfway = chain_activities({"Mo-99": 1e9}, first, icrp)
    at_once = chain_activities({"Mo-99": 1e9}, first + second, icrp)
    assert chain_activities(halfway, second, icrp) == pytest.approx(at_once, rel=1e-11, abs=1e-250)


def test_equal_half_lives_of_parent_and_daughter_are_no_special_case(icrp: NuclearData) -> None:
    equal = icrp.with_half_life("Lu-177m", 574_300.8, "6.647 d", "a test")
    later = chain_activities({"Lu-177m": 1e6}, 574_300.8, equal)
    assert later["Lu-177"] == pytest.approx(0.217 * math.log(2) * 0.5e6, rel=1e-14)


def test_before_the_reference_undeclared_progeny_are_left_out(icrp: NuclearData) -> None:
    earlier = chain_activities({"I-131": 1e9}, -692_988.48, icrp)
    assert earlier == {"I-131": pytest.approx(2e9, rel=1e-15)}


def test_before_the_reference_a_daughter_lacks_what_its_parent_fed_since(
    icrp: NuclearData,
) -> None:
    initial = {"Lu-177": 7.4e9, "Lu-177m": 1.48e6}
    earlier = chain_activities(initial, -5 * DAY_S, icrp)
    alone = 7.4e9 * decay_factor(-5 * DAY_S, 574_300.8)
    assert earlier["Lu-177"] < alone
    assert chain_activities(earlier, 5 * DAY_S, icrp) == pytest.approx(initial, rel=1e-13)


def test_a_composition_that_cannot_have_been_says_since_when_it_can(icrp: NuclearData) -> None:
    initial = {"Y-90": 1e3, "Sr-90": 1e6}
    with pytest.raises(UndefinedBefore) as refused:
        chain_activities(initial, -30 * DAY_S, icrp)
    assert refused.value.nuclide == "Y-90"
    assert -400 < refused.value.elapsed_s < 0
    first = chain_activities(initial, refused.value.elapsed_s, icrp)
    assert first["Y-90"] == pytest.approx(0, abs=1e-6)


def test_a_pure_parent_has_no_earlier_past_with_its_daughter_declared_absent(
    icrp: NuclearData,
) -> None:
    with pytest.raises(UndefinedBefore) as refused:
        chain_activities({"Sr-90": 1e6, "Y-90": 0.0}, -1.0, icrp)
    assert refused.value.elapsed_s == 0


def test_a_daughter_fed_through_an_undeclared_one_has_no_computable_past(
    icrp: NuclearData,
) -> None:
    with pytest.raises(UndefinedBefore) as refused:
        chain_activities({"Ac-225": 1e6, "Bi-213": 1e6}, -60.0, icrp)
    assert refused.value.nuclide == "Bi-213"


def test_backwards_a_long_chain_comes_back_to_itself(icrp: NuclearData) -> None:
    initial = {"Mo-99": 1e9, "Tc-99m": 9e8, "Tc-99": 1e3}
    earlier = chain_activities(initial, -3_600.0, icrp)
    assert chain_activities(earlier, 3_600.0, icrp) == pytest.approx(initial, rel=1e-11)


def test_too_long_before_is_out_of_range_and_never_infinite(icrp: NuclearData) -> None:
    for half_lives in (999.9, 1_001.0):
        with pytest.raises(OutOfRange):
            chain_activities({"Y-90": 1e15}, -half_lives * 230_760.0, icrp)
    with pytest.raises(OutOfRange):
        chain_activities({"Y-90": 1.0}, math.nan, icrp)


def test_long_after_what_is_gone_is_zero(icrp: NuclearData) -> None:
    assert chain_activities({"Ga-68": 1e9}, 400 * DAY_S, icrp) == {"Ga-68": 0.0}


@pytest.mark.parametrize("activity", [-1.0, math.nan, math.inf])
def test_an_impossible_amount_is_refused(icrp: NuclearData, activity: float) -> None:
    with pytest.raises(ValueError, match="zero or more"):
        chain_activities({"I-131": activity}, 1.0, icrp)
    with pytest.raises(ValueError, match="zero or more"):
        contents(activity, {}, "I-131", 1.0, icrp)


def test_an_unknown_nuclide_is_never_left_out(icrp: NuclearData) -> None:
    with pytest.raises(UnknownNuclide):
        chain_activities({"Lu-177": 1.0, "Cf-252": 1.0}, 1.0, icrp)


def test_contents_are_the_balance_with_its_declared_impurities(icrp: NuclearData) -> None:
    ratios = {"Lu-177m": Decimal("0.0002")}
    held = contents(7_400_000_000, ratios, "Lu-177", 120 * DAY_S, icrp)
    assert held["Lu-177m"] == pytest.approx(881_154.862874543, rel=1e-12)
    assert held["Lu-177"] == pytest.approx(226_681.422660411, rel=1e-12)


def test_half_the_balance_is_half_of_everything(icrp: NuclearData) -> None:
    ratios = {"Sr-90": Fraction(1, 50_000)}
    whole = contents(3_700_000_000, ratios, "Y-90", 60 * DAY_S, icrp)
    half = contents(1_850_000_000, ratios, "Y-90", 60 * DAY_S, icrp)
    assert {symbol: 2 * activity for symbol, activity in half.items()} == pytest.approx(whole)


def test_the_principal_is_no_impurity_of_itself(icrp: NuclearData) -> None:
    with pytest.raises(ValueError, match="impurity of itself"):
        contents(1, {"Y-90": Decimal("0.1")}, "Y-90", 1.0, icrp)


@pytest.mark.requirement("RQ-54")
def test_the_working_shows_what_went_in_and_whose_half_life(reference: Reference) -> None:
    label = reference.products["i-131-mibg-azedra"].nuclear_data(reference.default_nuclear_data)
    reference_at = datetime(2026, 3, 27, 12, tzinfo=timezone(timedelta(hours=1)))
    shown = explain(
        amount_bq=12_487_500_000,
        ratios={},
        principal="I-131",
        reference_at=reference_at,
        at=reference_at + timedelta(days=8),
        data=label,
    ).as_dict()
    assert shown["reference_at"] == "2026-03-27T11:00:00Z"
    assert shown["elapsed_s"] == 8 * DAY_S
    assert shown["half_lives"][0]["half_life"] == "8.021 d"
    assert shown["half_lives"][0]["source"] == "Azedra US label, section 11, table 6"
    assert shown["activity_bq"] == 12_487_500_000 * decay_factor(8 * DAY_S, 8.021 * DAY_S)


def test_the_working_names_the_formula_that_was_used(icrp: NuclearData) -> None:
    at = datetime(2026, 3, 27, tzinfo=UTC)
    given_both = {"amount_bq": 1, "ratios": {}, "reference_at": at, "at": at, "data": icrp}
    assert explain(principal="Y-90", **given_both).formula == SINGLE
    assert explain(principal="I-131", **given_both).formula == CHAIN
