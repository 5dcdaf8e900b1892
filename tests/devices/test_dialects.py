"""What each kind of meter writes becomes a reading exact in becquerels, or a named fault."""

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiopharm.core.instruments import DialectName
from radiopharm.core.readings import Fault, Reading
from radiopharm.devices.dialects import DIALECTS
from tests.devices.simulator import crc15

VEENSTRA = DIALECTS[DialectName.VEENSTRA_VDC]
CAPINTEC = DIALECTS[DialectName.CAPINTEC_CRC15]


def fault(dialect, record: bytes, decimal: str = ".") -> str:
    with pytest.raises(Fault) as said:
        dialect.parse(record, decimal)
    return said.value.code


@pytest.mark.parametrize(
    ("line", "bq", "nuclide"),
    [
        (b"Lu-177: 7412.5 MBq\r\n", 7_412_500_000, "Lu-177"),
        (b"Lu-177: 200.3 mCi\r\n", 7_411_100_000, "Lu-177"),
        (b"Y-90 :    3.700 GBq\r\n", 3_700_000_000, "Y-90"),
        (b"Tc-99m: 0007.4 MBq\n", 7_400_000, "Tc-99m"),
        (b"CAL#12: 1 Ci\r\n", 37_000_000_000, None),
        (b"I-131: 0.0 kBq\r\n", 0, "I-131"),
    ],
)
def test_a_veenstra_line_is_read_exactly(line: bytes, bq: int, nuclide: str | None) -> None:
    reading = VEENSTRA.parse(line, ".")
    assert (reading.activity_bq, reading.nuclide) == (bq, nuclide)


def test_a_meter_that_writes_commas_is_read_where_that_is_agreed() -> None:
    reading = VEENSTRA.parse(b"Lu-177: 7,412 GBq\r\n", ",")
    assert (reading.activity_bq, reading.text) == (7_412_000_000, "7.412 GBq")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"Lu-177: 7,412 GBq\r\n", "meter_decimal_sign"),
        (b"Lu-177: OVER MBq\r\n", "meter_over_range"),
        (b"Lu-177: ****** MBq\r\n", "meter_over_range"),
        (b"Lu-177: -0.02 MBq\r\n", "meter_below_zero"),
        (b"Lu-177: 7412.5 mBq\r\n", "meter_unit"),
        (b"Lu-177: 7412.5 uR/h\r\n", "meter_unit"),
        (b"Lu-177: 74\x8312.5 MBq\r\n", "meter_garbled"),
        (b"Lu-177: 7.412.5 MBq\r\n", "meter_garbled"),
        (b"177: 7412.5\r\n", "meter_garbled"),
        (b"\x00\xff\r\n", "meter_garbled"),
        (b"\r\n", "meter_garbled"),
    ],
)
def test_what_is_no_veenstra_reading_says_why(line: bytes, code: str) -> None:
    assert fault(VEENSTRA, line) == code


def test_a_published_capintec_record_is_read() -> None:
    record = bytes.fromhex("46 20 31 38 20 20 05 cc 85 35 40")  # F 18, unit 5
    reading = CAPINTEC.parse(record, ".")
    assert reading == Reading(
        activity_bq=2_836_291, text="2.836291 MBq", setting="F 18", nuclide="F-18"
    )


@pytest.mark.parametrize(
    ("unit", "bq"), [(2, 92_500), (3, 92_500_000), (4, 92_500_000_000), (5, 2_500_000)]
)
def test_the_capintec_unit_goes_with_the_number(unit: int, bq: int) -> None:
    assert CAPINTEC.parse(crc15("LU177", unit, 2.5), ".").activity_bq == bq


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (crc15("LU177", 9, 2.5), "meter_garbled"),
        (crc15("LU177", 5, float("nan")), "meter_garbled"),
        (crc15("LU177", 5, float("inf")), "meter_over_range"),
        (crc15("LU177", 6, 1e30), "meter_over_range"),
        (crc15("LU177", 5, -1.0), "meter_below_zero"),
        (b"\xff" * 11, "meter_garbled"),
    ],
)
def test_what_is_no_capintec_reading_says_why(record: bytes, code: str) -> None:
    assert fault(CAPINTEC, record) == code


@given(st.binary(max_size=80))
def test_whatever_comes_over_a_line_is_a_reading_or_a_fault(record: bytes) -> None:
    for dialect, said in ((VEENSTRA, record), (CAPINTEC, record[:11].ljust(11, b"\0"))):
        with contextlib.suppress(Fault):
            reading = dialect.parse(said, ".")
            assert 0 <= reading.activity_bq <= 10**15
            assert reading.setting.isprintable()


@given(st.floats(0, 1e5, width=32))
def test_a_float_of_the_wire_is_kept_to_the_becquerel(value: float) -> None:
    (sent,) = struct.unpack("<f", struct.pack("<f", value))
    assert CAPINTEC.parse(crc15("Y90", 5, value), ".").activity_bq == round(sent * 10**6)
