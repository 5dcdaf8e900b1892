"""Products say what is known of them, with its source, and nothing that is not known."""

from fractions import Fraction
from pathlib import Path

import pytest

from radiopharm.core.figures import Status
from radiopharm.core.products import Handling, Product
from radiopharm.core.reference import Reference
from radiopharm.reference import BadReference, load

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture(scope="module")
def lutathera(reference: Reference) -> Product:
    return reference.products["lutathera"]


@pytest.mark.requirement("RQ-02")
def test_the_products_of_the_first_day_are_there(reference: Reference) -> None:
    dispensed = {code for code, product in reference.products.items() if product.is_dispensable}
    assert dispensed == {
        "lutathera",
        "lu-177-dotatate",
        "lu-177-dotatoc",
        "y-90-dotatoc",
        "i-131-mibg-azedra",
        "i-131-mibg",
    }


def test_lutathera_is_given_whole_from_370_megabecquerels_a_millilitre(
    lutathera: Product,
) -> None:
    assert lutathera.handling is Handling.WHOLE_VIAL
    assert lutathera.concentration is not None
    assert lutathera.concentration.value == Fraction(370_000)  # Bq/µL
    assert lutathera.volume_min_ul is not None
    assert lutathera.volume_min_ul.value == 20_500
    assert lutathera.dose_tolerance is not None
    assert lutathera.dose_tolerance.second_person_above == Fraction(1, 5)


def test_a_figure_prints_as_its_source_does(lutathera: Product) -> None:
    assert lutathera.shelf_life_after_calibration_s is not None
    assert lutathera.shelf_life_after_calibration_s.value == 72 * 3_600
    assert lutathera.shelf_life_after_calibration_s.as_dict() == {
        "value": "72 h",
        "source": "Lutathera SmPC, section 6.3",
        "status": "unverified",
    }


def test_what_is_not_known_is_absent(reference: Reference) -> None:
    assert reference.products["i-131-mibg"].concentration is None
    assert reference.products["lu-177-dotatate"].shelf_life_after_calibration_s is None
    assert reference.products["i-131-mibg-azedra"].dose_min_bq is None


def test_an_impurity_ratio_is_exact(reference: Reference) -> None:
    (strontium,) = reference.products["y-90-dotatoc"].usual_impurities
    assert Fraction(strontium.max_ratio.value) == Fraction(2, 100_000)
    assert strontium.max_ratio.status is Status.VERIFIED


def test_a_label_half_life_decides_for_its_product_alone(reference: Reference) -> None:
    site_choice = reference.nuclear_data["NUBASE2020"]
    azedra = reference.products["i-131-mibg-azedra"].nuclear_data(site_choice)
    other = reference.products["i-131-mibg"].nuclear_data(site_choice)
    assert azedra.get("I-131").half_life_text == "8.021 d"
    assert azedra.get("Xe-131m").half_life_text == "11.948(12) d"
    assert other is site_choice


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('concentration = { value = "370 MBq/mL"', 'concentration = { value = "370"', "lutathera"),
        ('status = "verified"', 'status = "checked"', "checked"),
        ('nuclide = "Lu-177"', 'nuclide = "Lu-178"', "Lu-178"),
        ('volume_max = { value = "25 mL"', 'volume_max = { value = "2.5 mL"', "20.5 mL is more"),
        ('handling = "whole-vial"', 'handling = "whole"', "whole"),
        ("thaws = false", 'thaws = "no"', "thaws"),
        ("thaws = false", "", "thaws is missing"),
        ("thaws = false", "thaws = false\nfreezes = true", "unknown: freezes"),
        ('reason_above = "10 %"', 'reason_above = "10"', "lutathera.dose_tolerance"),
        ('display_unit = "GBq"', 'display_unit = "Gbq"', "Gbq"),
        ("[lutathera]", "[lutathera", "products.toml"),
    ],
)
def test_a_malformed_product_stops_the_start(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(BadReference, match=r"products\.toml") as stopped:
        load(spoilt(tmp_path, "products.toml", old, new))
    assert says in str(stopped.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('half_life = "6.647 d"', 'half_life = "6.647"', "ICRP-107.nuclides.Lu-177"),
        ("fraction = 0.783", "fraction = 0.793", "more than all"),
        ('to = "Xe-131m"', 'to = "Xe-133m"', "Xe-133m, daughter of I-131"),
        ('"Hf-177", "Os-188"', '"Os-188"', "Hf-177, daughter of"),
        ("Y-90 = { half_life", "Y90 = { half_life", "is written Y-90"),
        ('falls_back_to = "ICRP-107"', 'falls_back_to = "JEFF"', "JEFF"),
        ('default = "ICRP-107"', 'default = "DDEP"', "DDEP"),
    ],
)
def test_malformed_nuclear_data_stop_the_start(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    with pytest.raises(BadReference, match=r"nuclides\.toml") as stopped:
        load(spoilt(tmp_path, "nuclides.toml", old, new))
    assert says in str(stopped.value)


def spoilt(directory: Path, name: str, old: str, new: str) -> Path:
    """A copy of `config/` in which the first *old* of file *name* is *new*."""
    for source in CONFIG.glob("*.toml"):
        text = source.read_text(encoding="utf-8")
        if source.name == name:
            assert old in text
            text = text.replace(old, new, 1)
        (directory / source.name).write_text(text, encoding="utf-8")
    return directory
