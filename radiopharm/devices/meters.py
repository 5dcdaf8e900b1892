"""Read a meter over its line: the machine's own serial port, or one in the network.

A reading is two records in a row that agree, so that neither a settling source nor a disturbed
line passes as one. Whatever goes wrong is a named `Fault`; nothing is tried again behind a back.
"""

import contextlib
from collections.abc import Iterator
from fractions import Fraction

import serial

from radiopharm.core.instruments import MeterLine
from radiopharm.core.readings import Fault, MeterAnswer, Reading
from radiopharm.devices.dialects import DIALECTS, Dialect

PATIENCE_S = 3.0
LONGEST = 80
AGREE = Fraction(1, 100)


def read(line: MeterLine, *, patience_s: float = PATIENCE_S) -> MeterAnswer:
    """What the meter reads now; each record may take *patience_s* seconds.

    Raises `Fault`: not reachable, silent, partial, garbled, over range, below zero, unit, decimal
    sign, unstable.
    """
    dialect = DIALECTS[line.dialect]
    with _opened(line, patience_s) as port:
        if not dialect.request:
            _record(port, dialect)  # the first line of a stream began before we listened
        records = [_record(port, dialect), _record(port, dialect)]
    first, second = (dialect.parse(record, line.decimal) for record in records)
    _require_agreement(first, second)
    return MeterAnswer(reading=second, raw="\n".join(map(dialect.show, records)))


@contextlib.contextmanager
def _opened(line: MeterLine, patience_s: float) -> Iterator[serial.SerialBase]:
    try:
        port = serial.serial_for_url(
            line.port, baudrate=line.baud, timeout=patience_s, write_timeout=patience_s
        )
        with port:
            port.reset_input_buffer()
            yield port
    except (serial.SerialException, OSError) as error:
        raise Fault(
            "meter_not_reachable",
            "The meter's line cannot be opened or broke off. Check the cable, then the port.",
        ) from error


def _record(port: serial.SerialBase, dialect: Dialect) -> bytes:
    if dialect.request:
        port.reset_input_buffer()
        port.write(dialect.request)
    size = dialect.size
    got: bytes = port.read(size) if size else port.read_until(b"\n", LONGEST)
    if not got:
        raise Fault("meter_silent", "The meter says nothing. Is it switched on and set to send?")
    if len(got) < size if size else not got.endswith(b"\n"):
        raise Fault("meter_partial", "The meter's record broke off. Read again; check the cable.")
    return got


def _require_agreement(first: Reading, second: Reading) -> None:
    away = abs(first.activity_bq - second.activity_bq)
    is_steady = away <= AGREE * max(first.activity_bq, second.activity_bq)
    if not is_steady or first.setting != second.setting:
        raise Fault(
            "meter_unstable",
            f"Two readings in a row differ: {first.text} on {first.setting}, then {second.text} "
            f"on {second.setting}. Wait until the meter is steady, then read again.",
        )
