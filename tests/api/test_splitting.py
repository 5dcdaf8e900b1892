"""A dose, a residue or part of a vial lies in several containers, and every book still closes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from radiopharm.core.balance import Balance, Route
from radiopharm.runtime import Runtime
from radiopharm.services import balances
from radiopharm.services.balances import Window
from radiopharm.store import acts
from radiopharm.store.tables.shares import waste_shares
from tests import giving, hospital
from tests.api.test_waste_origins import codes, void
from tests.conftest import StandingClock
from tests.doors import Api
from tests.meddling import as_owner
from tests.services.test_balances import balanced

BAG = {"kind": "bag", "nuclide": "Lu-177", "place": "Store B"}
THIRDS = ("33.3333", "33.3333", "33.3334")


@pytest.fixture
def bench(api: Callable[[str], Api]) -> Api:
    return api("radiopharmacist")


@pytest.fixture
def bags(bench: Api) -> list[int]:
    return [bench.post("/waste-containers", BAG).json["id"] for _ in THIRDS]


@pytest.fixture
def dose(bench: Api, runtime: Runtime, clock: StandingClock) -> int:
    return int(giving.dispensed(bench, runtime, clock)["id"])


@pytest.fixture
def returned(bench: Api, dose: int) -> dict[str, Any]:
    """A drawn dose that was voided, as the source of a split."""
    void(bench, {"id": dose}, was_drawn=True)
    return {"source": "dose", "dispensing_id": dose}


@pytest.fixture
def residue(bench: Api, dose: int, clock: StandingClock) -> dict[str, Any]:
    """80 MBq and a becquerel left of a dose that was given, as the source of a split."""
    words = giving.given(clock)
    left = [giving.left("tubing", "80.000001 MBq", words["ended_at"])]
    made = bench.post(f"/dispensings/{dose}/administration", {**words, "residues": left})
    clock.move(days=1)
    return {"source": "residue", "residue_id": made.json["residues"][0]["id"]}


@pytest.fixture
def vial(runtime: Runtime) -> dict[str, Any]:
    """7 mL of a vial, as the source of a split."""
    vial_id = hospital.accepted(runtime)
    return {"source": "vial", "vial_id": vial_id, "after_sequence": 1, "volume": "7 mL"}


def shared(bags: list[int], *percents: str) -> list[dict[str, Any]]:
    return [{"container_id": n, "percent": p} for n, p in zip(bags, percents, strict=False)]


def split(bench: Api, source: dict[str, Any], bags: list[int], *percents: str) -> Any:
    return bench.post("/waste-splits", {**source, "shares": shared(bags, *percents)})


def put_whole(bench: Api, source: dict[str, Any], bag: int) -> Any:
    return bench.post(f"/waste-containers/{bag}/items", source)


@pytest.mark.requirement("RQ-37")
@pytest.mark.parametrize("kind", ["returned", "residue", "vial"])
def test_the_parts_are_the_whole_and_every_balance_closes_to_the_becquerel(
    bench: Api,
    runtime: Runtime,
    clock: StandingClock,
    bags: list[int],
    kind: str,
    request: pytest.FixtureRequest,
) -> None:
    source = request.getfixturevalue(kind)
    clock.move(hours=1)
    made = split(bench, source, bags, *THIRDS)
    assert made.status_code == 201, made.json
    parts = made.json["parts"]
    assert [part["percent"] for part in parts] == list(THIRDS)
    assert all(part[name] == value for part in parts for name, value in source.items()
               if name.endswith("_id"))  # fmt: skip
    waste_bq = sum(portion["activity_bq"] for part in parts for portion in part["contents"])
    divided_at = clock.now
    clock.move(days=3)
    assert before(runtime, divided_at, clock.now).closes
    (found,) = (it.balance for it in balanced(runtime))
    assert found.closes
    assert {str(route): bq for route, bq in found.routes_bq.items()}["waste"] == waste_bq


def before(runtime: Runtime, at: datetime, now: datetime) -> Balance:
    """The balance up to *now* as it was known just before *at*."""
    window = Window(since=None, until=now, known_at=at - timedelta(microseconds=1))
    with runtime.reading() as db:
        (found,) = balances.of_site(db, runtime.reference, 1, window).vials
    assert str(Route.WASTE) not in {
        str(route) for route, bq in found.balance.routes_bq.items() if bq
    }
    return found.balance


def test_every_reason_comes_at_once_and_nothing_went_anywhere(
    bench: Api, bags: list[int], returned: dict[str, Any]
) -> None:
    refused = split(bench, returned, [bags[0], bags[0]], "50.00005", "50")
    assert refused.status_code == 422
    assert codes(refused) == {"named_twice", "too_fine", "not_whole"}
    assert bench.get(f"/waste-containers/{bags[0]}").json["items"] == []


def test_a_sealed_bag_and_another_nuclides_bag_are_both_named(
    bench: Api, bags: list[int], returned: dict[str, Any]
) -> None:
    iodine = bench.post("/waste-containers", {**BAG, "nuclide": "I-131"}).json["id"]
    bench.post(f"/waste-containers/{bags[0]}/items", {
        "source": "other", "description": "gloves",
        "activities": [{"nuclide": "Lu-177", "activity": "1 kBq"}],
    })  # fmt: skip
    assert bench.post(f"/waste-containers/{bags[0]}/seal", {}).status_code == 200
    refused = split(bench, returned, [bags[0], iodine, bags[1]], "20", "30", "50")
    assert refused.status_code == 409
    assert codes(refused) == {"sealed_already", "other_nuclide"}
    assert bench.get(f"/waste-containers/{bags[1]}").json["items"] == []


@pytest.mark.parametrize("kind", ["returned", "residue", "vial"])
def test_what_is_divided_goes_nowhere_else_and_what_lies_somewhere_is_not_divided(
    bench: Api, bags: list[int], kind: str, request: pytest.FixtureRequest
) -> None:
    source = request.getfixturevalue(kind)
    assert split(bench, source, bags, "60", "40").status_code == 201
    for again in (split(bench, source, bags, "50", "50"), put_whole(bench, source, bags[2])):
        assert again.status_code == 409, again.json


def test_a_divided_residue_names_every_place_and_the_vials_entry_cannot_be_undone(
    bench: Api, bags: list[int], residue: dict[str, Any], dose: int, vial: dict[str, Any]
) -> None:
    split(bench, residue, bags, "60", "40")
    (left,) = bench.get(f"/dispensings/{dose}/administration").json["residues"]
    assert left["places"] == shared(bags, "60", "40")
    split(bench, vial, bags, "25", "75")
    undone = bench.post(f"/vials/{vial['vial_id']}/entries/2/reversal",
                        {"after_sequence": 2, "reason": "wrong"})  # fmt: skip
    assert undone.status_code == 409
    assert [f"W-{bag:06d}" in undone.text for bag in bags] == [True, True, False]


SHARE = "INSERT INTO waste_shares (item_id, first_id, after_millionths, upto_millionths) VALUES "
COLUMNS = "container_id, source, dispensing_id, description, put_in_at, recorded_at, actor_id"
ATTACKS = (
    f"INSERT INTO waste_items ({COLUMNS}) SELECT {COLUMNS} FROM waste_items WHERE id = 1",
    f"{SHARE} (4, 1, 600000, 1000000)",  # overlaps the second share
    f"{SHARE} (4, 1, 1000000, 1000001)",  # beyond the whole
    f"{SHARE} (4, 1, 700000, 1000000)",  # begins where none ends
    f"{SHARE} (4, 1, NULL, 1000000)",  # begins at nothing, and is not the first
    f"{SHARE} (3, 3, NULL, 1000000)",  # of what went in whole
)


def test_the_database_itself_lets_nothing_be_put_in_twice(
    runtime: Runtime, bench: Api, bags: list[int], returned: dict[str, Any]
) -> None:
    assert split(bench, returned, bags, "60", "40").status_code == 201
    activities = [{"nuclide": "Lu-177", "activity": "1 kBq"}]
    gloves = {"source": "other", "description": "gloves", "activities": activities}
    assert put_whole(bench, gloves, bags[2]).json["id"] == 3
    meddle(runtime, f"INSERT INTO waste_items ({COLUMNS}, upto_millionths) "
           f"SELECT {COLUMNS.replace('source', chr(39) + 'part' + chr(39))}, 1000000 "
           "FROM waste_items WHERE id = 3")  # fmt: skip
    for attack in ATTACKS:
        with pytest.raises(sa.exc.DBAPIError):
            meddle(runtime, attack)
    with runtime.reading() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(waste_shares)) == 2


def meddle(runtime: Runtime, statement: str) -> None:
    """What somebody who owns the database can write into it."""
    with acts.writing(runtime.engine) as db:
        as_owner(db)
        db.exec_driver_sql(statement)
