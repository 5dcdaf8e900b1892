"""What a leg says: its value, its limit, and what to do only where it has not passed."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from radiopharm.core.legs import judge, seal_leg
from tests.core.making_rules import make_rule
from tests.core.making_waste import DATA, DAY, PACKS, START, make_container, make_portion

TEN_HALF_LIVES = PACKS["house-ten-half-lives"].legs[0]


def test_a_seal_says_whether_it_is_there() -> None:
    leg = seal_leg(make_container("Y-90"), START)
    assert (leg.value, leg.limit, leg.message) == ("sealed", "sealed", "Sealed.")
    leg = seal_leg(make_container("Y-90", sealed_at=None), START)
    assert (leg.value, leg.message[:4], leg.waits) == ("open", "Seal", True)


def test_a_leg_that_never_holds_has_no_date_in_json() -> None:
    leg = judge(PACKS["us-dis"].legs[0], make_container("Lu-177m"), START, DATA)
    assert leg.as_dict()["earliest_at"] is None


def test_a_date_in_json_is_utc() -> None:
    leg = judge(TEN_HALF_LIVES, make_container("Y-90"), START, DATA)
    assert str(leg.as_dict()["earliest_at"]).endswith("Z")


def test_of_many_nuclides_the_longest_lived_is_named() -> None:
    leg = judge(PACKS["us-dis"].legs[0], make_container("Lu-177", "Y-90", "I-131"), START, DATA)
    assert leg.value == "I-131 8.02070 d"


@pytest.mark.parametrize(("nuclide", "value"), [("Y-90", "none"), ("I-131", "Xe-131m")])
def test_progeny_is_named(nuclide: str, value: str) -> None:
    rule = next(leg for leg in PACKS["fr-decay"].legs if leg.kind == "progeny_half_life")
    assert judge(rule, make_container(nuclide), START, DATA).value == value


@pytest.mark.parametrize(("day", "says_otherwise"), [(26, True), (27, False)])
def test_what_to_do_is_said_until_the_half_lives_are_over(day: int, says_otherwise: bool) -> None:
    leg = judge(TEN_HALF_LIVES, make_container("Y-90"), START + day * DAY, DATA)
    assert (TEN_HALF_LIVES.otherwise in leg.message) is says_otherwise


def test_more_than_so_many_half_lives_end_at_the_next_microsecond() -> None:
    rule = replace(TEN_HALF_LIVES, operator=">")
    portion = make_portion("F-18", half_life_s=100.00000005)
    leg = judge(rule, make_container(portion), START, DATA)
    assert leg.earliest_at == START + timedelta(seconds=1000, microseconds=1)


def test_a_sum_of_fractions_says_so_and_a_plain_figure_has_its_unit() -> None:
    portion = make_portion("Y-90", activity_bq=500)
    table = judge(
        make_rule("total_activity", {"Y-90": "1000"}), make_container(portion), START, DATA
    )
    assert table.message == "The fractions add up to 0.5 in all; at most 1 allowed."
    article = make_rule("per_article", limit=Decimal(40))
    leg = judge(article, make_container(portion), START, DATA)
    assert leg.message == "0.5 kBq in one item; at most 40 kBq allowed."


@pytest.mark.parametrize(("bq", "words"), [(1_001, "allowed. Keep it."), (1_000, "1 allowed.")])
def test_what_to_do_is_said_only_of_a_sum_above_its_limit(bq: int, words: str) -> None:
    rule = make_rule("total_activity", {"Y-90": "1000"})
    leg = judge(rule, make_container(make_portion("Y-90", activity_bq=bq)), START, DATA)
    assert leg.message.endswith(words)


def test_a_month_s_account_is_missing_and_only_unknown_figures_are_named() -> None:
    rule = make_rule("per_month", {"Y-90": "1000"})
    leg = judge(rule, make_container("Y-90"), START, DATA)
    assert leg.message.startswith("Missing: the account of discharges")
    leg = judge(rule, make_container("F-18"), START, DATA)
    assert leg.message.startswith("F-18 needs a site entry")
