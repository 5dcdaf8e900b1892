"""Consignments: what left under one number stands together, and a receipt is added to it."""

import pytest

from radiopharm.runtime import Runtime
from tests import hospital
from tests.api.test_waste import sealed_bag
from tests.cli.test_safety import sqlite_only
from tests.conftest import StandingClock
from tests.documents.conftest import read
from tests.doors import Api

DEPOT = {"recipient": "Depot", "consignment": "2026/07", "documents": "CMR 4711"}
ONE = "/consignments/one"


@pytest.fixture
def officer(api) -> Api:
    return api("safety_officer")


@pytest.fixture
def gone(officer: Api, api, runtime: Runtime, clock: StandingClock) -> str:
    """A container and, an hour later, 5 mL of a vial, to one depot; its number."""
    bag = sealed_bag(officer)
    licensed = DEPOT | {"licence_number": "R-1", "handed_over_by": "Kim"}
    assert officer.post(f"{bag}/transfer", licensed).status_code == 200
    vial_id = hospital.accepted(runtime)
    clock.move(hours=1)
    taken = DEPOT | {"licence": "R-1", "volume": "5 mL", "after_sequence": 1}
    assert api("radiopharmacist").post(f"/vials/{vial_id}/transfer", taken).status_code == 200
    return DEPOT["consignment"]


@pytest.mark.requirement("RQ-42")
def test_what_left_under_one_number_stands_together(officer: Api, gone: str, api) -> None:
    it = officer.get(ONE, number=gone).json
    assert [piece["code"] for piece in it["pieces"]] == ["W-000001", "V-000001"]
    assert it["recipients"] == ["Depot, licence R-1"]
    assert (it["documents"], it["handed_over_by"], it["received_by"]) == (["CMR 4711"], ["Kim"], [])
    each = [piece["contents_bq"]["Lu-177"] for piece in it["pieces"]]
    assert it["contents_bq"]["Lu-177"] == pytest.approx(sum(each))
    assert officer.get(ONE, number="2026/08").status_code == 404

    undo = {"after_sequence": 2, "reason": "came back at once"}
    assert api("radiopharmacist").post("/vials/1/entries/2/reversal", undo).status_code == 201
    it = officer.get(ONE, number=gone).json
    assert [piece["undone"] for piece in it["pieces"]] == [False, True]
    assert it["contents_bq"]["Lu-177"] == each[0]


@pytest.mark.requirement("RQ-42")
def test_who_received_it_is_added_and_said_with_all_that_is_wrong(
    officer: Api, gone: str, clock: StandingClock
) -> None:
    told = {"number": gone, "received_by": "Lee", "received_at": "2026-06-01T12:30:00Z"}
    early = officer.post("/consignments/receipts", told)
    assert [it["code"] for it in early.json["errors"]] == ["before_it_left"]
    ahead = officer.post("/consignments/receipts", told | {"received_at": "2026-06-02T12:00:00Z"})
    assert [it["code"] for it in ahead.json["errors"]] == ["ahead"]
    clock.move(days=2)
    later = told | {"received_at": "2026-06-02T12:00:00Z", "documents": "Receipt 9"}
    assert officer.post("/consignments/receipts", later).status_code == 201
    it = officer.get(ONE, number=gone).json
    assert (it["received_by"], it["documents"]) == (["Lee"], ["CMR 4711", "Receipt 9"])


def test_the_last_to_leave_comes_first_page_by_page(
    officer: Api, gone: str, clock: StandingClock
) -> None:
    clock.move(hours=1)
    other = DEPOT | {"licence_number": "R-1", "consignment": "9"}
    for _ in "12":
        officer.post(f"{sealed_bag(officer)}/transfer", other)
    first = officer.get("/consignments", limit=1).json
    second = officer.get("/consignments", limit=1, after=first["next"]).json
    assert [it["number"] for it in (*first["items"], *second["items"])] == ["9", gone]
    assert second["next"] is None


@sqlite_only
def test_its_paper_is_the_same_to_the_byte_until_something_is_added(
    officer: Api, gone: str, pages
) -> None:
    page = pages("safety_officer")
    address = f"/consignments/one.pdf?number={gone}"
    paper = page.get(address).data
    text = read(paper).texts[0]
    sha256 = officer.get(ONE, number=gone).json["sha256"]
    for words in ("Consignment", gone, "Depot, licence R-1", "CMR 4711", "W-000001", sha256):
        assert words in text
    assert page.get(address).data == paper
    assert officer.get("/consignments/one.pdf", number=gone).data == paper
    lines = page.get(f"/consignments/one.csv?number={gone}").data.decode().splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == ["W-000001", "V-000001"]
    told = {"number": gone, "received_by": "Lee", "received_at_zone": "UTC"}
    assert page.post("/consignments/one", told).status_code == 422
    when = {"received_at_date": "2026-06-01", "received_at_time": "13:00"}
    assert page.post("/consignments/one", told | when).status_code == 303
    assert "Lee" in page.get(f"/consignments/one?number={gone}").text
    assert "Lee" in page.get("/consignments").text
    assert page.get(address).data != paper
