"""A meter read over its line: kept as it was sent, and what a dose was measured as."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from radiopharm.core.instruments import MeterLine
from radiopharm.runtime import Runtime
from tests import hospital
from tests.conftest import NOON, StandingClock
from tests.devices.simulator import capintec, crc15, veenstra
from tests.doors import Api

STEADY = b"Lu-177: 7412.5 MBq\r\n"
SIGNATURE = {"username": "radiopharmacist", "secret": hospital.PASSWORD}
Connected = Callable[[MeterLine], int]


@pytest.fixture
def bench(api: Callable[[str], Api]) -> Api:
    return api("radiopharmacist")


@pytest.fixture
def connected(api: Callable[[str], Api], runtime: Runtime) -> Connected:
    """Calibrator A connected over a line; its id."""

    def connect(line: MeterLine) -> int:
        meter = hospital.calibrator(runtime)
        said = {"dialect": line.dialect, "port": line.port, "decimal_sign": line.decimal}
        assert api("physicist").post(f"/instruments/{meter}/line", said).status_code == 200
        return meter

    return connect


@pytest.fixture
def meter(connected: Connected) -> Iterator[int]:
    """A meter that reads 7,412.5 MBq of Lu-177."""
    with veenstra(STEADY) as line:
        yield connected(line)


@pytest.fixture
def dose_of(runtime: Runtime, clock: StandingClock) -> Callable[..., dict[str, Any]]:
    """A whole Lutathera vial two days later, with nothing said of its measurement."""

    def body(**said: Any) -> dict[str, Any]:
        vial_id, directive_id = hospital.accepted(runtime), hospital.directive(runtime)
        clock.now = NOON + timedelta(days=2)
        draws = [{"vial_id": vial_id, "after_sequence": 1}]
        return {"directive_id": directive_id, "draws": draws, "signature": SIGNATURE, **said}

    return body


Body = Callable[..., dict[str, Any]]


def read(bench: Api, meter: int) -> dict[str, Any]:
    answer = bench.post(f"/instruments/{meter}/readings", {})
    assert answer.status_code == 201, answer.json
    found: dict[str, Any] = answer.json
    return found


def codes(answer: Any) -> list[str]:
    return [error["code"] for error in answer.json["errors"]]


@pytest.mark.requirement("RQ-56", "RQ-05")
def test_a_reading_is_kept_as_the_meter_sent_it(bench: Api, meter: int) -> None:
    reading = read(bench, meter)
    assert reading["activity_bq"] == 7_412_500_000
    assert (reading["activity"], reading["nuclide"]) == ("7412.5 MBq", "Lu-177")
    assert reading["raw"] == "Lu-177: 7412.5 MBq\nLu-177: 7412.5 MBq"


@pytest.mark.requirement("RQ-26")
def test_a_dose_takes_what_was_measured_from_the_reading(
    bench: Api, meter: int, dose_of: Body, clock: StandingClock
) -> None:
    body = dose_of()
    reading = read(bench, meter)
    clock.move(minutes=1)
    dose = bench.post("/dispensings", body | {"reading_id": reading["id"]}).json
    assert (dose["measured_by"], dose["reading_id"]) == ("device", reading["id"])
    assert (dose["measured_bq"], dose["measured_at"]) == (7_412_500_000, reading["read_at"])
    assert (dose["instrument_id"], dose["measured_activity"]) == (meter, "7412.5 MBq")


@pytest.mark.requirement("RQ-26")
def test_a_typed_dose_says_so(bench: Api, dose_of: Body, runtime: Runtime) -> None:
    typed = {
        "measured_activity": "7.4 GBq",
        "measured_at": "2026-06-03T12:00:00Z",
        "instrument_id": hospital.calibrator(runtime),
    }
    dose = bench.post("/dispensings", dose_of(**typed)).json
    assert (dose["measured_by"], dose["reading_id"]) == ("typed", None)


def test_a_reading_and_a_typed_value_are_not_both_taken(
    bench: Api, meter: int, dose_of: Body
) -> None:
    body = dose_of(reading_id=read(bench, meter)["id"], measured_activity="7.4 GBq")
    answer = bench.post("/dispensings", body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == ["measured_activity"]


def test_neither_is_too_little(bench: Api, dose_of: Body) -> None:
    answer = bench.post("/dispensings", dose_of())
    missing = {error["field"] for error in answer.json["errors"]}
    assert missing == {"measured_activity", "measured_at", "instrument_id"}


def test_a_reading_stands_for_one_dose(bench: Api, meter: int, dose_of: Body) -> None:
    first, other = dose_of(), dose_of()
    reading = {"reading_id": read(bench, meter)["id"]}
    assert bench.post("/dispensings", first | reading).status_code == 201
    again = bench.post("/dispensings", other | reading)
    assert again.status_code == 409
    assert "reading_used" in codes(again)


@pytest.mark.requirement("RQ-05")
def test_a_meter_on_another_nuclide_is_refused_in_words(
    bench: Api, connected: Connected, dose_of: Body
) -> None:
    body = dose_of()
    with capintec(crc15("I 131", 6, 7.4)) as line:
        reading = read(bench, connected(line))
    answer = bench.post("/dispensings", body | {"reading_id": reading["id"]})
    assert (answer.status_code, codes(answer)) == (409, ["meter_nuclide"])
    assert "set to I-131, this is Lu-177" in answer.json["errors"][0]["message"]


def test_an_unknown_reading_is_a_wrong_value(bench: Api, dose_of: Body) -> None:
    answer = bench.post("/dispensings", dose_of(reading_id=77))
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "reading_id")


def test_what_the_meter_cannot_say_is_answered_and_not_kept(
    bench: Api, connected: Connected
) -> None:
    with veenstra(b"Lu-177: OVER MBq\r\n") as line:
        answer = bench.post(f"/instruments/{connected(line)}/readings", {})
    assert (answer.status_code, codes(answer)) == (409, ["meter_over_range"])


def test_a_meter_without_a_line_is_read_by_eye(bench: Api, runtime: Runtime) -> None:
    answer = bench.post(f"/instruments/{hospital.calibrator(runtime)}/readings", {})
    assert codes(answer) == ["meter_not_connected"]


@pytest.mark.parametrize(
    "port",
    ["/etc/passwd", "spy:///dev/ttyS0?file=/tmp/x", "/dev/../etc/shadow", "socket://h", "/dev/mem"],
)
def test_no_other_door_of_the_machine_is_opened(
    api: Callable[[str], Api], runtime: Runtime, port: str
) -> None:
    said = {"dialect": "veenstra-vdc", "port": port}
    answer = api("admin").post(f"/instruments/{hospital.calibrator(runtime)}/line", said)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "port")


def test_a_line_is_taken_off_again(
    bench: Api, meter: int, api: Callable[[str], Api], connected: Connected
) -> None:
    off = api("physicist").post(f"/instruments/{meter}/line", {})
    assert off.json["port"] is None
    assert codes(bench.post(f"/instruments/{meter}/readings", {})) == ["meter_not_connected"]


def test_who_dispenses_does_not_connect(api: Callable[[str], Api], runtime: Runtime) -> None:
    path = f"/instruments/{hospital.calibrator(runtime)}/line"
    assert api("technologist").post(path, {}).status_code == 403


@pytest.mark.requirement("RQ-26")
def test_a_vials_assay_takes_what_was_measured_from_the_reading(
    bench: Api, meter: int, dose_of: Body
) -> None:
    body = dose_of()
    path = f"/vials/{body['draws'][0]['vial_id']}/assays"
    reading = {"reading_id": read(bench, meter)["id"]}
    assay = {"after_sequence": 1, "reason": "weighed too"}
    assert bench.post(path, assay | {"measured_at": "2026-06-03T12:00:00Z"}).status_code == 422
    answer = bench.post(path, assay | reading)
    assert (answer.status_code, answer.json["measured_by"]) == (201, "device")
    assert answer.json["vial"]["activity_bq"] == 7_412_500_000
    body["draws"][0]["after_sequence"] = 2
    again = bench.post("/dispensings", body | reading)
    assert "reading_used" in codes(again)
    assert "stands for V-000001 already" in again.text


@pytest.mark.requirement("RQ-26", "RQ-33")
def test_a_residue_takes_what_was_measured_from_the_reading(
    bench: Api, connected: Connected, dose_of: Body, clock: StandingClock
) -> None:
    typed = {"measured_activity": "7.4 GBq", "measured_at": "2026-06-03T12:00:00Z"}
    with veenstra(b"Lu-177: 0370.5 MBq\r\n") as line:
        number = connected(line)
        body = dose_of(**typed, instrument_id=number)
        path = f"/dispensings/{bench.post('/dispensings', body).json['id']}"
        clock.move(hours=1)
        left = {"item": "tubing", "reading_id": read(bench, number)["id"]}
    times = {"started_at": "2026-06-03T12:30:00Z", "ended_at": "2026-06-03T12:45:00Z"}
    twice = bench.post(f"{path}/administration", {**times, "residues": [left, left]})
    assert codes(twice) == ["reading_used"]
    given = bench.post(f"{path}/administration", {**times, "residues": [left]}).json
    (residue,) = given["residues"]
    assert (residue["measured_by"], residue["activity"]) == ("device", "370.5 MBq")
    assert residue["measured_bq"] == 370_500_000
    later = {"residues": [left], "reason": "Found under the arm"}
    assert codes(bench.post(f"{path}/residues", later)) == ["reading_used"]
