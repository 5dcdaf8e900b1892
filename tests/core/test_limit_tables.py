"""For whom a table's default is: lead is not beyond lead, and one alpha branch is enough."""

from dataclasses import replace

import pytest

from radiopharm.core.limit_tables import DEFAULT_FOR
from tests.core.making_rules import make_limit
from tests.core.making_waste import DATA

ALPHA = replace(DATA.get("Po-213").branches[0], daughter="Hg-207")


@pytest.mark.parametrize(
    ("symbol", "light", "heavy_alpha"),
    [("Tl-207", True, False), ("Pb-211", False, False), ("Bi-213", False, True)],
)
def test_a_default_is_for_its_own_part_of_the_table(
    symbol: str, light: bool, heavy_alpha: bool
) -> None:
    assert DEFAULT_FOR["Z ≤ 81"](symbol, DATA) is light
    assert DEFAULT_FOR["Z > 81 with alpha"](symbol, DATA) is heavy_alpha


@pytest.mark.parametrize(("symbol", "beyond_81"), [("Tl-207", False), ("Pb-211", True)])
def test_an_alpha_branch_counts_from_lead_on(symbol: str, beyond_81: bool) -> None:
    changed = replace(DATA.get(symbol), branches=(ALPHA,))
    with_alpha = replace(DATA, nuclides={**DATA.nuclides, symbol: changed})
    assert DEFAULT_FOR["Z > 81 with alpha"](symbol, with_alpha) is beyond_81


@pytest.mark.parametrize("lacking", ["clause", "source"])
def test_a_limit_says_where_it_stands_and_who_says_so(lacking: str) -> None:
    with pytest.raises(ValueError, match="clause and a source"):
        make_limit("1", **{lacking: " "})
