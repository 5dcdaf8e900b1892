"""A container opened for MIX takes several nuclides, and each is counted wherever waste is."""

from collections.abc import Callable
from typing import Any

import pytest

from tests import hospital
from tests.conftest import StandingClock
from tests.doors import Api, Pages

MIXED = {"kind": "bag", "nuclide": "mix", "place": "Store B"}


@pytest.fixture
def bench(api: Callable[[str], Api]) -> Api:
    return api("radiopharmacist")


@pytest.fixture
def bag(bench: Api) -> dict[str, Any]:
    """A mixed bag with Lu-177, its impurity, and I-131."""
    made: dict[str, Any] = bench.post("/waste-containers", MIXED).json
    for held in (("Lu-177", "200 MBq", "Lu-177m", "40 kBq"), ("I-131", "3 MBq")):
        pairs = zip(held[::2], held[1::2], strict=True)
        activities = [{"nuclide": nuclide, "activity": activity} for nuclide, activity in pairs]
        item = {"source": "other", "description": "gloves", "activities": activities}
        assert bench.post(f"/waste-containers/{made['id']}/items", item).status_code == 201
    return made


def test_it_is_numbered_as_mixed_and_found_by_each_of_its_nuclides(
    bench: Api, bag: dict[str, Any]
) -> None:
    assert bag["number"] == "2026-0001-MIX-STOREB"
    found = {n: len(bench.get("/waste-containers", nuclide=n).json["items"])
             for n in ("Lu-177", "I-131", "MIX", "Y-90")}  # fmt: skip
    assert found == {"Lu-177": 1, "I-131": 1, "MIX": 1, "Y-90": 0}


def test_the_inventory_counts_every_nuclide_in_it(bench: Api, bag: dict[str, Any]) -> None:
    held = {row["nuclide"]: row["waste_bq"] for row in bench.get("/inventory").json["items"]}
    assert {name: round(held[name]) for name in ("Lu-177", "I-131", "Lu-177m")} == {
        "Lu-177": 200_000_000,
        "I-131": 3_000_000,
        "Lu-177m": 40_000,
    }


def test_the_what_if_leaves_out_the_impurity_and_keeps_both_principals(
    bench: Api, bag: dict[str, Any], clock: StandingClock
) -> None:
    clock.move(days=100)
    path = f"/waste-containers/{bag['id']}/release-check"
    check = bench.get(path, pack="us-dis").json
    assert check["ignoring"]["nuclides"] == ["Lu-177m"]


def test_pages_offer_the_mixed_bag_to_a_vial_and_name_what_is_in_it(
    pages: Callable[[str], Pages], bag: dict[str, Any], runtime: Any
) -> None:
    vial_id = hospital.accepted(runtime)
    page = pages("radiopharmacist")
    assert f'value="{bag["id"]}"' in page.get(f"/vials/{vial_id}/discard").text
    assert "I-131, Lu-177</small>" in page.get(f"/waste/{bag['id']}").text
    assert page.get("/waste?nuclide=I-131").text.count("2026-0001-MIX-STOREB") == 1
