"""A discard into a waste container, over JSON."""

from collections.abc import Callable

from radiopharm.runtime import Runtime
from tests import hospital
from tests.doors import Api


def test_what_is_discarded_into_a_container_is_in_its_book_and_stays_there(
    api: Callable[[str], Api], runtime: Runtime
) -> None:
    bench, vial_id = api("radiopharmacist"), hospital.accepted(runtime)
    bag = {"kind": "bag", "nuclide": "Lu-177", "place": "Store", "description": "Bench"}
    container_id = bench.post("/waste-containers", bag).json["id"]
    body = {"after_sequence": 1, "volume": "1 mL", "container_id": container_id}
    assert bench.post(f"/vials/{vial_id}/discard", body).json["volume_ml"] == 19.5
    undo = {"after_sequence": 2, "reason": "wrong vial"}
    answer = bench.post(f"/vials/{vial_id}/entries/2/reversal", undo)
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (409, "in_waste")
