"""What each pack of the house says of waste that is known from papers and wards, leg by leg.

The days are those of validation_cases.json where it has them; the others are worked by hand from
the figures of the pack: so many half-lives until the governing nuclide is at its limit.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import log2

import pytest

from radiopharm.core.figures import Status
from radiopharm.core.legs import judge
from radiopharm.core.rule_packs import KINDS, edition_at, editions_at
from radiopharm.core.waste import Container, ignoring
from tests.core.making_rules import waits_days
from tests.core.making_waste import (
    DATA,
    DAY,
    PACKS,
    REFERENCE,
    START,
    check,
    make_condition,
    make_container,
    make_portion,
    make_survey,
    verdicts,
)

T_LU_177M, T_LU_177 = 160.4, 6.647
DECISION = make_condition("Lu-177", "Lu-177m", "I-131", hold="0", unit="d")


def median_vial(*, ignore: str = "", **other: object) -> Container:
    """The 118 MBq median vial of the published series, 0.02 % Lu-177m, in 100 g and 1 L."""
    portions = (
        make_portion("Lu-177", activity_bq=118_000_000),
        make_portion("Lu-177m", activity_bq=23_600),
    )
    container = make_container(*portions, mass_g=100, volume_ml=1_000, **other)
    return ignoring(container, {ignore})


@pytest.mark.requirement("RQ-39")
@pytest.mark.parametrize(
    ("pack", "with_it_d", "without_it_d", "governing"),
    [
        ("de-clearance", 1797.2132, 89.9106404425408, "clearance"),
        ("ca-clearance", 1264.89921806728, 89.9106404425408, "clearance"),
        ("ca-exemption-concentration", T_LU_177M * log2(23.6 + 0.0534), 67.83, "exemption"),
        ("ca-exemption-activity", T_LU_177M * log2(2.36 + 0.0005), 23.67, "exemption"),
        ("de-water", T_LU_177M * log2(472 + 53.43), T_LU_177 * log2(1_180_000), "water"),
        ("uk-vllw", T_LU_177M * log2(5.9 * 1.22638), T_LU_177 * log2(29_500), "volume"),
        ("house-ten-half-lives", 1604.0, 66.47, "ten_half_lives"),
        ("us-dis", None, 0.0, "half_life"),
        ("us-licence-condition", None, 0.0, "licence_condition"),
        ("fr-decay", None, 66.47, "half_life"),
        ("eu-clearance", None, 89.9106404425408, "clearance"),
        ("eu-exemption-concentration", None, 67.83, "exemption"),
        ("eu-exemption-activity", None, 23.67, "exemption"),
        ("uk-out-of-scope", None, None, "out_of_scope"),
        ("us-sewer", None, None, "month"),
    ],
)
def test_the_median_vial_waits_with_and_without_its_impurity(
    pack: str, with_it_d: float | None, without_it_d: float | None, governing: str
) -> None:
    real = check(median_vial(), pack)
    ideal = check(median_vial(ignore="Lu-177m"), pack)
    assert real.governing == governing
    assert waits_days(real) == (with_it_d and pytest.approx(with_it_d, rel=1e-4))
    assert waits_days(ideal) == (without_it_d and pytest.approx(without_it_d, rel=1e-4))


def test_every_pack_has_judged_the_median_vial() -> None:
    marks = test_the_median_vial_waits_with_and_without_its_impurity.pytestmark
    rows = next(mark.args[1] for mark in marks if mark.name == "parametrize")
    assert {row[0] for row in rows} == PACKS.keys()


@pytest.mark.case("CLEAR-IT-1BQG")
def test_a_national_figure_a_hundred_times_lower_waits_twice_as_long() -> None:
    lutetium = make_portion("Lu-177", activity_bq=50_000_000)
    container = make_container(lutetium, mass_g=5_000)
    assert waits_days(check(container, "eu-clearance")) == pytest.approx(44.1617, rel=1e-5)


def test_ten_half_lives_do_not_clear_iodine() -> None:
    iodine = make_portion("I-131", activity_bq=50_000_000)
    container = make_container(iodine, mass_g=2_000)
    assert waits_days(check(container, "house-ten-half-lives")) == pytest.approx(80.207)
    assert waits_days(check(container, "de-clearance")) == pytest.approx(90.54, abs=0.02)


@pytest.mark.parametrize(
    ("nuclides", "reading", "day", "verdict"),
    [
        (["Lu-177"], "0.20", 67, (True, True, True, True)),
        (["Lu-177"], "0.201", 67, (True, True, True, False)),
        (["Lu-177"], "0.20", 66, (True, True, False, True)),
        (["Tc-99m"], "0.20", 3, (True, True, True, True)),
        (["I-123"], "0.20", 6, (True, False, True, True)),
        (["I-131"], "0.20", 81, (True, True, True, True)),
        (["Lu-177", "Lu-177m"], "0.20", 1700, (False, True, True, True)),
        (["Sr-90"], "0.20", 67, (False, True, False, True)),
    ],
)
def test_france_asks_for_four_things(
    nuclides: list[str], reading: str, day: int, verdict: tuple[bool, ...]
) -> None:
    surveys = (make_survey(START + day * DAY, reading=Decimal(reading)),)
    answer = check(make_container(*nuclides, surveys=surveys), "fr-decay", START + day * DAY)
    found = verdicts(answer)
    assert tuple(found[c] for c in ("half_life", "progeny", "ten_half_lives", "survey")) == verdict
    assert answer.releasable is all(verdict)


@pytest.mark.parametrize(("half_life_d", "passed"), [("99.9", True), ("100", False)])
def test_a_hundred_days_are_too_long_in_france(half_life_d: str, passed: bool) -> None:
    portion = make_portion("Y-88", half_life_s=float(Decimal(half_life_d) * 86_400))
    assert verdicts(check(make_container(portion), "fr-decay"))["half_life"] is passed


@pytest.mark.parametrize(("more_s", "passed"), [(0.0, False), (1.0, True)])
def test_progeny_must_outlive_its_parent_by_more_than_ten_million_times(
    more_s: float, passed: bool
) -> None:
    exactly_s = DATA.get("Tc-99m").half_life_s * 10**7
    data = DATA.with_half_life("Tc-99", exactly_s + more_s, "long", "test")
    rule = next(leg for leg in PACKS["fr-decay"].legs if leg.code == "progeny")
    assert judge(rule, make_container("Tc-99m"), START, data).passed is passed


def test_ten_half_lives_exactly_are_not_more_than_ten() -> None:
    at = START + timedelta(hours=641)
    for late, passed in ((timedelta(0), False), (timedelta(microseconds=1), True)):
        found = verdicts(check(make_container("Y-90"), "fr-decay", at + late))
        assert found["ten_half_lives"] is passed


@pytest.mark.parametrize(("conditions", "passed"), [((), None), ((DECISION,), True)])
def test_germany_clears_by_a_decision_of_the_authority(
    conditions: tuple[object, ...], passed: bool | None
) -> None:
    container = replace(median_vial(), licence_conditions=conditions)
    answer = check(container, "de-clearance", START + 1798 * DAY)
    assert verdicts(answer) == {"sealed": True, "decision": passed, "clearance": True}
    assert answer.releasable is (passed is True)


def test_a_decision_that_does_not_name_the_impurity_is_none() -> None:
    conditions = (make_condition("Lu-177", hold="0", unit="d"),)
    container = replace(median_vial(), licence_conditions=conditions)
    leg = next(leg for leg in check(container, "de-clearance").legs if leg.code == "decision")
    assert leg.passed is None
    assert leg.message.startswith("Lu-177m needs a site entry")


def test_in_germany_the_daughter_is_covered_and_in_canada_it_is_not() -> None:
    container = make_container(make_portion("Lu-177m", activity_bq=10), mass_g=100)
    at = START + 60 * DAY
    parts = {
        pack: [part.nuclide for part in check(container, pack, at).legs[-1].parts]
        for pack in ("de-clearance", "ca-clearance")
    }
    assert parts == {"de-clearance": ["Lu-177m"], "ca-clearance": ["Lu-177m", "Lu-177"]}


@pytest.mark.parametrize(
    ("pack", "nuclide", "says"),
    [
        ("eu-clearance", "Lu-177m", "needs a decision by the competent authority"),
        ("eu-clearance", "Zn-65", "needs a site entry"),
        ("eu-clearance", "I-131", "Xe-131m is not listed"),
        ("uk-out-of-scope", "Lu-177", "needs a site entry"),
        ("uk-out-of-scope", "Ho-166", "needs a site entry"),
        ("uk-out-of-scope", "Re-188", "needs a site entry"),
        ("ca-clearance", "I-131", "Xe-131m needs a site entry"),
        ("ca-exemption-activity", "Cs-137", "needs a site entry"),
        ("de-clearance", "Ra-223", "needs a site entry"),
        ("us-sewer", "Lu-177", "needs a site entry"),
    ],
)
def test_a_figure_that_nobody_has_seen_is_never_made_up(pack: str, nuclide: str, says: str) -> None:
    container = make_container(make_portion(nuclide, activity_bq=0), mass_g=100)
    answer = check(container, pack, START + 30_000 * DAY)
    assert says in answer.legs[-1 if pack != "us-sewer" else 1].message
    assert (answer.releasable, answer.earliest_at) == (False, None)


@pytest.mark.parametrize(
    ("pack", "nuclide", "limit", "status"),
    [
        ("ca-clearance", "Lu-177m", "1 Bq/g", Status.VERIFIED),
        ("ca-exemption-activity", "Lu-177m", "10,000 Bq", Status.VERIFIED),
        ("ca-exemption-concentration", "Tb-161", "10 Bq/g", Status.VERIFIED),
        ("uk-out-of-scope", "Lu-177m", "0.01 Bq/g", Status.UNVERIFIED),
        ("uk-out-of-scope", "I-131", "1 Bq/g", Status.VERIFIED),
        ("eu-clearance", "I-131", "10 Bq/g", Status.VERIFIED),
    ],
)
def test_each_table_has_its_own_figure(pack: str, nuclide: str, limit: str, status: Status) -> None:
    container = make_container(make_portion(nuclide, activity_bq=1), mass_g=100)
    part = check(container, pack).legs[-1].parts[0]
    assert (part.nuclide, part.limit, part.status) == (nuclide, limit, status)


def test_an_edition_is_in_force_from_midnight_utc_of_its_date() -> None:
    was = PACKS["us-dis"]
    becomes = replace(was, effective_from=date(2030, 1, 1))
    packs = {"us-dis": (was, becomes)}
    midnight = datetime(2030, 1, 1, tzinfo=UTC)
    assert edition_at(packs, "us-dis", midnight - timedelta(microseconds=1)) is was
    assert edition_at(packs, "us-dis", midnight) is becomes
    assert edition_at(packs, "us-dis", datetime(2002, 10, 23, tzinfo=UTC)) is None
    assert editions_at(packs, datetime(1999, 1, 1, tzinfo=UTC)) == ()


def test_every_figure_of_every_pack_says_where_it_is_from() -> None:
    for pack in PACKS.values():
        for leg in pack.legs:
            figures = [leg, *(leg.table.limits.values() if leg.table else ())]
            assert all(figure.clause and figure.source and figure.status for figure in figures)


def test_every_kind_of_leg_but_the_dose_rate_is_used_by_a_pack() -> None:
    used = {leg.kind for editions in REFERENCE.rule_packs.values() for leg in editions[-1].legs}
    assert KINDS.keys() - used == {"dose_rate"}
