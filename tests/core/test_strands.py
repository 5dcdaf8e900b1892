"""What a strand comes to at most: a daughter is bounded by its own branch of its own parent."""

from math import inf

import pytest

from radiopharm.core.strands import Strand
from tests.core.making_waste import DATA


def most(parent: str, within_s: float, **at_start: float) -> dict[str, float]:
    by_name = {symbol.replace("_", "-"): bq for symbol, bq in at_start.items()}
    return Strand(parent=parent, at_start=by_name, data=DATA).most(0, within_s)


def test_a_daughter_comes_to_what_its_parent_feeds_it_and_no_more() -> None:
    assert most("Sr-90", inf, Sr_90=1e6) == {"Sr-90": 1e6, "Y-90": 1e6}
    assert most("Sr-90", 0, Sr_90=1e6) == {"Sr-90": 1e6, "Y-90": 0}


def test_a_branch_that_leads_elsewhere_does_not_feed_it() -> None:
    fraction = {branch.daughter: branch.fraction for branch in DATA.get("Lu-177m").branches}
    assert 0.2 < fraction["Lu-177"] < 0.25
    grown = most("Lu-177m", inf, Lu_177m=1e6)
    assert grown["Lu-177"] == pytest.approx(1e6 * fraction["Lu-177"], rel=1e-12)


def test_a_daughter_above_what_feeds_it_only_falls() -> None:
    assert most("Sr-90", inf, Sr_90=1e6, Y_90=3e6)["Y-90"] == 3e6


def test_a_daughter_comes_half_way_to_its_parent_in_its_own_half_life() -> None:
    within_s = DATA.get("Y-90").half_life_s
    assert most("Sr-90", within_s, Sr_90=1e6)["Y-90"] == pytest.approx(500_000)
