"""A site's own figure fills a gap in a table, says whose it is, and replaces nothing."""

from decimal import Decimal
from typing import Any

import pytest

from radiopharm.core.release import Check, release_check
from radiopharm.core.signing import Signing
from radiopharm.core.site_figures import (
    EnterSiteFigure,
    Entry,
    SiteFigure,
    faults,
    with_site_figures,
)
from tests.core.making_waste import DATA, DAY, PACKS, START, make_container, make_portion

UK = PACKS["uk-out-of-scope"]
LU = make_portion("Lu-177", activity_bq=10_000)
BAG = make_container(LU, mass_g=1_000)  # 10 Bq/g when it is closed


def make_figure(value: str = "10", **other: Any) -> SiteFigure:
    given: dict[str, Any] = {"pack": UK.code, "table": "artificial", "nuclide": "Lu-177"}
    given |= {"unit": "Bq/g", "clause": "Schedule 23 Table 2", "source": "read by us"}
    given |= {"from_at": START, "entered_by": "Sol Ferrer"}
    return SiteFigure(value=Decimal(value), **(given | other))


def checked(*figures: SiteFigure) -> Check:
    return release_check(BAG, with_site_figures(UK, figures), START, DATA)


def test_without_an_entry_the_leg_waits_and_with_one_it_is_judged_and_says_whose() -> None:
    (waiting,) = (leg for leg in checked().legs if leg.kind == "concentration")
    (judged,) = (leg for leg in checked(make_figure()).legs if leg.kind == "concentration")
    assert (waiting.passed, judged.passed) == (None, True)
    assert "needs a site entry" in waiting.message
    assert judged.parts[0].note == "site entry by Sol Ferrer, in force since 2026-03-01"
    assert "Schedule 23 Table 2, read by us" in judged.parts[0].source
    assert judged.status == "unverified"


@pytest.mark.parametrize(("value", "passed"), [("10.001", True), ("10", True), ("9.999", False)])
def test_it_decides_exactly_at_the_figure(value: str, passed: bool) -> None:
    (leg,) = (leg for leg in checked(make_figure(value)).legs if leg.kind == "concentration")
    assert leg.passed is passed


@pytest.mark.parametrize("elsewhere", [{"pack": "de-clearance"}, {"table": "other"}])
def test_an_entry_for_another_table_changes_nothing(elsewhere: dict[str, str]) -> None:
    assert checked(make_figure(**elsewhere)).legs == checked().legs


def test_a_figure_of_the_pack_itself_stands_whatever_was_entered() -> None:
    iodine = make_container("I-131", mass_g=1)
    entered = with_site_figures(UK, [make_figure("1000000000000", nuclide="I-131")])
    at = START + DAY
    assert release_check(iodine, entered, at, DATA).legs == release_check(iodine, UK, at, DATA).legs


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({}, None),
        ({"nuclide": "I-131"}, "has_a_figure"),
        ({"nuclide": "Tb-161"}, "has_a_figure"),  # by the pack's default for any other
        ({"nuclide": "Xx-1"}, "unknown_nuclide"),
        ({"unit": "Bq"}, "other_unit"),
        ({"value": Decimal(0)}, "not_positive"),
    ],
)
def test_each_thing_that_is_wrong_with_an_entry_is_said(
    wrong: dict[str, Any], code: str | None
) -> None:
    given: dict[str, Any] = {"pack": UK.code, "table": "artificial", "nuclide": "Lu-177"}
    given |= {"value": Decimal(10), "unit": "Bq/g", "clause": "c", "source": "s", "reason": "r"}
    command = EnterSiteFigure(signature=Signing(username="", secret=""), **(given | wrong))
    entry = Entry(command=command, table=UK.tables[0], data=DATA)
    assert [refusal.code for refusal in faults(entry)] == ([code] if code else [])
