"""A site's scheme makes numbers that name year and running number, and is refused in words."""

import pytest

from config.settings import USUAL_NUMBERS
from radiopharm.core.container_numbers import MOST_SIGNS, read


def number(pattern: str, sequence: int = 7, place: str = "Store B / 2") -> str:
    return read(pattern).number(
        year=2026, sequence=sequence, nuclide="Lu-177", place=place, kind="bag"
    )


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (USUAL_NUMBERS, "2026-0007-Lu-177-STOREB2"),
        ("RW/{year}/{sequence}", "RW/2026/0007"),
        ("{sequence}/{year} {kind}", "0007/2026 bag"),
        ("{nuclide}.{year}.{sequence}.X", "Lu-177.2026.0007.X"),
    ],
)
def test_a_number_says_what_the_scheme_names(pattern: str, expected: str) -> None:
    assert number(pattern) == expected


@pytest.mark.parametrize("pattern", [USUAL_NUMBERS, "{place}/{year}-{sequence}-{nuclide}"])
def test_a_place_without_letters_is_left_out_with_its_sign(pattern: str) -> None:
    assert number(pattern, sequence=12_345, place=" / ") == "2026-12345-Lu-177"


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("{sequence}-{place}", "it must name {year}"),
        ("{year}", "it must name {sequence}"),
        ("{year}-{sequence}-{sequence}", "it may name each part once"),
        ("{year}{sequence}", "two parts need a sign between them"),
        ("{year}-{sequence}-{lot}", "its parts are"),
        ("{year}-{sequence:>9}", "its parts are"),
        ("{year}-{sequence!r}", "its parts are"),
        ("{year}-{sequence}<{kind}", "between its parts stand"),
        ("{year}-{sequence}-{", "expected|Single"),
        (f"{'x' * (MOST_SIGNS - 10)}{{year}}-{{sequence}}", "its numbers may have 65 signs"),
    ],
)
def test_a_scheme_that_cannot_be_used_is_refused_in_words(pattern: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read(pattern)


def test_the_longest_number_fits_its_column() -> None:
    pattern = f"{'x' * (MOST_SIGNS - 11)}{{year}}-{{sequence}}"
    assert len(number(pattern, sequence=999_999)) == MOST_SIGNS
