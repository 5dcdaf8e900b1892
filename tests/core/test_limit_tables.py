"""For whom a table's default is: lead is not beyond lead, and one alpha branch is enough."""

from dataclasses import replace

import pytest

from radiopharm.core.limit_tables import DEFAULT_FOR
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


def test_lead_that_emits_alpha_is_beyond_81() -> None:
    lead = replace(DATA.get("Pb-211"), branches=(ALPHA,))
    with_alpha = replace(DATA, nuclides={**DATA.nuclides, "Pb-211": lead})
    assert DEFAULT_FOR["Z > 81 with alpha"]("Pb-211", with_alpha)
