"""The page that divides one thing among containers shows the parts before and does it once."""

from collections.abc import Callable

import pytest

from radiopharm.runtime import Runtime
from tests import giving, hospital
from tests.conftest import StandingClock
from tests.doors import Api, Pages

BAG = {"kind": "bag", "nuclide": "Lu-177", "place": "Store B"}


@pytest.fixture
def vial_id(runtime: Runtime, api: Callable[[str], Api]) -> int:
    """A vial to be divided, and two bags: containers 1 and 2."""
    for _ in range(2):
        api("radiopharmacist").post("/waste-containers", BAG)
    return hospital.accepted(runtime)


def typed(vial_id: int, *percents: str) -> dict[str, str]:
    lines = {f"shares.{n}.container_id": str(n + 1) for n in range(len(percents))}
    lines |= {f"shares.{n}.percent": percent for n, percent in enumerate(percents)}
    return {"source": "vial", "vial_id": str(vial_id), "after_sequence": "1", **lines}


def test_the_parts_are_shown_first_and_then_lie_in_both_containers(
    pages: Callable[[str], Pages], vial_id: int, clock: StandingClock
) -> None:
    page = pages("radiopharmacist")
    asked = page.get(f"/waste/split?source=vial&vial_id={vial_id}")
    assert "Write the percents" in asked.text or "missing" in asked.text
    looked = page.post("/waste/split", {**typed(vial_id, "60", "40"), "look": "parts"})
    assert looked.status_code == 200
    assert "Together" in looked.text
    done = page.post("/waste/split", typed(vial_id, "60", "40"))
    assert done.status_code == 303
    assert "40 % of" in page.get("/waste/2").text


def test_what_is_no_whole_is_refused_with_what_was_typed(
    pages: Callable[[str], Pages], vial_id: int
) -> None:
    refused = pages("radiopharmacist").post("/waste/split", typed(vial_id, "60", "39.9999"))
    assert refused.status_code == 422
    assert "That is 99.9999 %; 0.0001 % missing." in refused.text
    assert 'value="39.9999"' in refused.text


def test_a_percent_that_cannot_be_read_is_not_summed_as_if_it_were_absent(
    pages: Callable[[str], Pages], vial_id: int
) -> None:
    refused = pages("radiopharmacist").post("/waste/split", typed(vial_id, "60", "40,0"))
    assert refused.status_code == 422
    assert "Use a point as decimal sign: 40.0?" in refused.text
    assert "% missing" not in refused.text


def test_a_percent_that_is_too_fine_is_named(pages: Callable[[str], Pages], vial_id: int) -> None:
    refused = pages("radiopharmacist").post("/waste/split", typed(vial_id, "33.33333", "66.66667"))
    assert "33.33333 % is too fine: write at most 4 decimals." in refused.text


def test_a_divided_dose_names_every_container_it_lies_in(
    pages: Callable[[str], Pages],
    api: Callable[[str], Api],
    runtime: Runtime,
    clock: StandingClock,
    vial_id: int,
) -> None:
    bench = api("radiopharmacist")
    dose_id = giving.dispensed(bench, runtime, clock)["id"]
    bench.post(f"/dispensings/{dose_id}/void", {"drawn": True, "reason": "Patient did not come"})
    page, source = pages("radiopharmacist"), {"source": "dose", "dispensing_id": str(dose_id)}
    assert "Divide among containers" in page.get(f"/doses/{dose_id}").text
    lines = {name: text for name, text in typed(0, "60", "40").items() if "." in name}
    assert page.post("/waste/split", {**lines, **source}).status_code == 303
    shown = page.get(f"/doses/{dose_id}").text
    assert "W-000001</a> <small>60 %</small>" in shown
    assert "W-000002</a> <small>40 %</small>" in shown


@pytest.mark.parametrize("asked", ["", "?source=vial&vial_id=9", "?source=other", "?source=dose"])
def test_an_address_that_names_nothing_to_divide_is_not_found(
    pages: Callable[[str], Pages], vial_id: int, asked: str
) -> None:
    assert pages("radiopharmacist").get(f"/waste/split{asked}").status_code == 404
