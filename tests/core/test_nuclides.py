"""Nuclides are known by one spelling, and every figure says where it comes from."""

import pytest

from radiopharm.core.durations import parse_duration, parse_half_life
from radiopharm.core.figures import Status
from radiopharm.core.nuclides import NuclearData, UnknownNuclide, canonical
from radiopharm.core.reference import Reference
from radiopharm.core.units import Malformed


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("Lu-177", "Lu-177"),
        ("177Lu", "Lu-177"),
        ("lu177", "Lu-177"),
        ("LU-177", "Lu-177"),
        (" Lu 177 ", "Lu-177"),
        ("177mLu", "Lu-177m"),
        ("177mlu", "Lu-177m"),
        ("LU177M", "Lu-177m"),
        ("99mTc", "Tc-99m"),
        ("99m-Tc", "Tc-99m"),
        ("99Mo", "Mo-99"),
        ("99mo", "Mo-99"),
        ("131I", "I-131"),
        ("i-131", "I-131"),
        ("111in", "In-111"),
        ("90mY", "Y-90m"),
        ("90Y", "Y-90"),
    ],
)
def test_a_nuclide_is_spelled_one_way(text: str, symbol: str) -> None:
    assert canonical(text) == symbol


@pytest.mark.parametrize(
    "text", ["", "Lu", "177", "Lu-177m1", "Lu-1777", "Lu-177;", "¹⁷⁷Lu", "Lu-١٧٧"]
)
def test_what_is_no_nuclide_is_refused(text: str) -> None:
    with pytest.raises(UnknownNuclide):
        canonical(text)


def test_a_nuclide_without_data_is_unknown_never_assumed(icrp: NuclearData) -> None:
    with pytest.raises(UnknownNuclide, match="ICRP-107 has no data for Cf-252"):
        icrp.get("Cf-252")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("72 h", 259_200.0),
        ("6.647 d", 574_300.8),
        ("64.10 h", 230_760.0),
        ("28.79 y", 908_523_901.8432),
        ("67.71 min", 4_062.6),
        ("4.2 µs", 4.2e-6),
        ("0.600 Py", 1.8934155648e22),
    ],
)
def test_a_duration_is_read_exactly(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["72", "72h", "-3 d", "0 d", "3 weeks", "6.6443(9) d", "1e3 s", ""]
)
def test_a_duration_in_any_other_form_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        parse_duration(text)


def test_the_bracket_is_the_uncertainty_of_the_last_digits() -> None:
    assert parse_half_life("67.842(16) min") == (4_070.52, 0.96)
    assert parse_half_life("6.647 d") == (574_300.8, None)


def test_a_chain_lists_parents_before_daughters(icrp: NuclearData) -> None:
    assert icrp.chain("Lu-177", "Lu-177m") == ("Lu-177m", "Lu-177")
    order = icrp.chain("Ac-225")
    assert order[0] == "Ac-225"
    assert set(order) == {"Ac-225", "Fr-221", "At-217", "Bi-213", "Po-213", "Tl-209", "Pb-209"}
    assert order.index("Pb-209") == len(order) - 1


@pytest.mark.requirement("RQ-01")
def test_every_nuclide_carries_its_own_source(reference: Reference) -> None:
    for data in reference.nuclear_data.values():
        for nuclide in data.nuclides.values():
            assert nuclide.source
            assert nuclide.data_set in reference.nuclear_data
            assert nuclide.status is Status.VERIFIED


def test_what_the_second_set_borrows_shows_whose_it_is(reference: Reference) -> None:
    nubase = reference.nuclear_data["NUBASE2020"]
    assert nubase.get("Lu-177").half_life_text == "6.6443(9) d"
    assert nubase.get("Lu-177").branches_from == "ICRP-107"
    assert nubase.get("Lu-177m").branches[1].fraction == 0.2270
    assert nubase.get("Tc-99").data_set == "ICRP-107"


def test_a_label_half_life_replaces_one_value_and_says_so(icrp: NuclearData) -> None:
    label = icrp.with_half_life("I-131", 693_014.4, "8.021 d", "Azedra US label")
    assert label.get("I-131").half_life_s == 693_014.4
    assert label.get("I-131").source == "Azedra US label"
    assert label.get("I-131").branches == icrp.get("I-131").branches
    assert icrp.get("I-131").half_life_text == "8.02070 d"


@pytest.mark.parametrize("half_life_s", [0.0, -1.0, float("nan"), float("inf")])
def test_a_half_life_is_a_positive_number(icrp: NuclearData, half_life_s: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        icrp.with_half_life("I-131", half_life_s, "?", "?")
