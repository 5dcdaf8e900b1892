"""A meter is read over a real terminal: steady and whole, or a fault that says what to do."""

import dataclasses

import pytest

from radiopharm.core.instruments import MeterLine
from radiopharm.core.readings import Fault
from radiopharm.devices import meters
from tests.devices.simulator import LU_177, capintec, crc15, veenstra

PATIENCE_S = 0.5


def fault(line: MeterLine) -> str:
    with pytest.raises(Fault) as said:
        meters.read(line, patience_s=PATIENCE_S)
    return said.value.code


def test_a_streaming_meter_is_read_though_we_begin_within_a_line() -> None:
    with veenstra(LU_177) as line:
        answer = meters.read(line, patience_s=PATIENCE_S)
    assert answer.reading.activity_bq == 7_412_500_000
    assert answer.raw == "Lu-177: 7412.5 MBq\nLu-177: 7412.5 MBq"


def test_a_meter_that_waits_for_the_question_is_asked() -> None:
    with capintec(crc15("LU177", 6, 7.5)) as line:
        answer = meters.read(line, patience_s=PATIENCE_S)
    assert (answer.reading.activity_bq, answer.reading.nuclide) == (7_500_000_000, "Lu-177")
    assert answer.raw.splitlines()[0] == "4c 55 31 37 37 20 06 00 00 f0 40"


def test_two_readings_that_differ_are_not_steady() -> None:
    with capintec(crc15("LU177", 6, 7.0), crc15("LU177", 6, 7.5)) as line:
        assert fault(line) == "meter_unstable"


def test_within_a_hundredth_the_newest_stands() -> None:
    with capintec(crc15("LU177", 5, 100.0), crc15("LU177", 5, 101.0)) as line:
        assert meters.read(line, patience_s=PATIENCE_S).reading.activity_bq == 101_000_000


def test_a_dial_turned_between_two_readings_is_not_steady() -> None:
    with capintec(crc15("LU177", 6, 7.5), crc15("I 131", 6, 7.5)) as line:
        assert fault(line) == "meter_unstable"


def test_a_silent_meter_is_not_waited_for_for_ever() -> None:
    with veenstra() as line:
        assert fault(line) == "meter_silent"


def test_a_record_that_breaks_off_is_no_reading() -> None:
    with capintec(crc15("LU177", 6, 7.5)[:7]) as line:
        assert fault(line) == "meter_partial"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"Lu-177: OVER MBq\r\n", "meter_over_range"),
        (b"Lu-177: 7412,5 MBq\r\n", "meter_decimal_sign"),
        (b"Lu#177; 74\x0312 MBq\r\n", "meter_garbled"),
    ],
)
def test_a_fault_on_the_line_is_named(line: bytes, code: str) -> None:
    with veenstra(line) as connected:
        assert fault(connected) == code


def test_a_port_that_is_not_there_is_said_plainly() -> None:
    with veenstra() as line:
        gone = dataclasses.replace(line, port="/dev/ttyUSB77")
    assert fault(gone) == "meter_not_reachable"
