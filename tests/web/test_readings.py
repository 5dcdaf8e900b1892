"""Reading the meter from the dispensing page, and how a read value differs from a typed one."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from radiopharm.core.instruments import MeterLine
from radiopharm.runtime import Runtime
from tests import hospital
from tests.conftest import NOON, StandingClock
from tests.devices.simulator import LU_177, capintec, crc15, veenstra
from tests.doors import Pages
from tests.web.bench import boxes, opened, send, signed

TODAY = NOON + timedelta(days=2)


@pytest.fixture
def bench(pages: Callable[[str], Pages], clock: StandingClock) -> Pages:
    clock.now = TODAY
    return pages("radiopharmacist")


@pytest.fixture
def directive_id(bench: Pages, runtime: Runtime) -> int:
    """A directive for two hours from now, with a vial accepted for it."""
    times = {"reference_at": TODAY, "expires_at": TODAY + timedelta(days=3)}
    hospital.accepted(runtime, received_at=NOON, **times)
    return hospital.directive(runtime, planned_for=TODAY + timedelta(hours=2))


@pytest.fixture
def connect(pages: Callable[[str], Pages], runtime: Runtime) -> Callable[[MeterLine], None]:
    def connected(line: MeterLine) -> None:
        path = f"/instruments/{hospital.calibrator(runtime)}/line"
        said = {"dialect": str(line.dialect), "port": line.port, "decimal_sign": line.decimal}
        assert pages("physicist").post(path, said).status_code == 303

    return connected


@pytest.fixture
def meter(connect: Callable[[MeterLine], None]) -> Iterator[None]:
    """Calibrator A, which reads 7,412.5 MBq of Lu-177."""
    with veenstra(LU_177) as line:
        connect(line)
        yield


@pytest.mark.usefixtures("meter")
def test_a_dose_is_dispensed_with_what_the_meter_says(bench: Pages, directive_id: int) -> None:
    page = send(bench, opened(bench, directive_id), "/dispense/reading")
    form = boxes(page.text)
    assert "Read by device" in page.text
    assert "7412.5 MBq" in page.text
    assert "measured_activity" not in form
    assert "Within the tolerance" in page.text
    answer = send(bench, form | {"signature.secret": hospital.PIN})
    dose = bench.get(answer.location).text
    assert "read by device" in dose
    assert dose.count("<code>Lu-177: 7412.5 MBq</code>") == 2
    assert "read by device" in bench.get("/vials/1").text


@pytest.mark.usefixtures("meter")
def test_a_read_value_gives_way_to_a_typed_one(bench: Pages, directive_id: int) -> None:
    read = boxes(send(bench, opened(bench, directive_id), "/dispense/reading").text)
    typed = boxes(send(bench, read | {"forget": "reading"}, "/dispense/look").text)
    assert "reading_id" not in typed
    answer = send(bench, signed(typed))
    assert "typed" in re.findall(r"<dt>Read</dt><dd>.*?</dd>", bench.get(answer.location).text)[0]


def test_a_fault_stands_under_the_reading_and_nothing_typed_is_lost(
    bench: Pages, directive_id: int, connect: Callable[[MeterLine], None]
) -> None:
    form = opened(bench, directive_id) | {"reason": "as agreed", "measured_activity": "7.4"}
    with veenstra(b"Lu-177: OVER MBq\r\n") as line:
        connect(line)
        page = send(bench, form, "/dispense/reading")
    assert page.status_code == 409
    assert "The meter is over its range" in page.text
    kept = boxes(page.text)
    assert (kept["reason"], kept["measured_activity"]) == ("as agreed", "7.4")


def test_a_wrong_dial_stops_the_dose_in_words(
    bench: Pages, directive_id: int, connect: Callable[[MeterLine], None]
) -> None:
    with capintec(crc15("I 131", 6, 7.4)) as line:
        connect(line)
        page = send(bench, opened(bench, directive_id), "/dispense/reading")
    assert "The meter was set to I-131, this is Lu-177" in page.text


def test_without_a_line_there_is_nothing_to_press(bench: Pages, directive_id: int) -> None:
    page = bench.get(f"/dispense?directive_id={directive_id}").text
    assert "Read the meter" not in page


def test_a_wrong_port_is_said_beside_its_box(
    pages: Callable[[str], Pages], runtime: Runtime
) -> None:
    path = f"/instruments/{hospital.calibrator(runtime)}/line"
    answer = pages("physicist").post(path, {"dialect": "veenstra-vdc", "port": "/etc/passwd"})
    assert answer.status_code == 422
    assert "Write a serial port" in answer.text
    assert 'value="/etc/passwd"' in answer.text


@pytest.mark.usefixtures("meter")
def test_a_vials_assay_is_read_by_device_and_locked(bench: Pages, directive_id: int) -> None:
    page = bench.post("/vials/1/assay/reading", {"after_sequence": "1", "instrument_id": "1"}).text
    assert "7412.5 MBq" in page
    assert 'name="measured_activity"' not in page
    number = re.findall(r'name="reading_id" value="(\d+)"', page)[0]
    form = {"after_sequence": "1", "reason": "checked", "reading_id": number}
    assert bench.post("/vials/1/assay", form).status_code == 303
    unchosen = bench.post("/vials/1/assay/reading", {"after_sequence": "2"})
    assert (unchosen.status_code, "Choose the meter to read." in unchosen.text) == (409, True)


@pytest.mark.usefixtures("meter")
def test_a_residue_is_read_by_device_and_looks_different(bench: Pages, directive_id: int) -> None:
    dose = send(bench, signed(opened(bench, directive_id))).location
    line = {"residues.1.item": "syringe", "residues.1.instrument_id": "1", "read": "1"}
    page = bench.post(f"{dose}/residues/reading", line | {"route": "intravenous"}).text
    assert 'name="residues.1.reading_id"' in page
    assert 'name="residues.1.activity"' not in page
    assert 'value="intravenous"' in page
    typed = bench.post(
        f"{dose}/residues/reading", {"residues.1.reading_id": "1", "forget": "1"}
    ).text
    assert 'name="residues.1.activity"' in typed
