"""Instruments over JSON."""

from collections.abc import Callable

from tests.doors import Api

METER = {"name": "Calibrator B", "kind": "activity_meter", "serial": "CB-7"}


def test_an_added_instrument_is_in_the_list(api: Callable[[str], Api]) -> None:
    made = api("physicist").post("/instruments", METER)
    assert made.status_code == 201
    assert made.json in api("technologist").get("/instruments").json["items"]


def test_a_serial_number_is_there_once(api: Callable[[str], Api]) -> None:
    api("physicist").post("/instruments", METER)
    again = api("physicist").post("/instruments", METER)
    assert (again.status_code, again.json["errors"][0]["field"]) == (422, "serial")


def test_not_everybody_adds_instruments(api: Callable[[str], Api]) -> None:
    assert api("technologist").post("/instruments", METER).status_code == 403
