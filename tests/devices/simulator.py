"""A meter at the other end of a pseudo-terminal: it streams, or answers when it is asked."""

import contextlib
import os
import select
import struct
import threading
import tty
from collections.abc import Iterator, Sequence
from itertools import chain, repeat

from radiopharm.core.instruments import DialectName, MeterLine
from radiopharm.devices.dialects import DIALECTS

EVERY_S = 0.01
LU_177 = b"Lu-177: 7412.5 MBq\r\n"


def crc15(setting: str, unit: int, value: float) -> bytes:
    """A record of the Capintec: the nuclide padded to six, the unit's number, the value."""
    return struct.pack("<6sbf", setting.ljust(6).encode(), unit, value)


@contextlib.contextmanager
def veenstra(*lines: bytes, decimal: str = ".") -> Iterator[MeterLine]:
    """The line of a meter that streams *lines*, the last one for ever, beginning within one."""
    begun = [lines[0][7:]] if lines else []
    with _meter(DialectName.VEENSTRA_VDC, [*begun, *lines], decimal) as line:
        yield line


@contextlib.contextmanager
def capintec(*records: bytes) -> Iterator[MeterLine]:
    """The line of a meter that answers each request with the next of *records*, then the last."""
    with _meter(DialectName.CAPINTEC_CRC15, records, ".") as line:
        yield line


@contextlib.contextmanager
def _meter(name: DialectName, records: Sequence[bytes], decimal: str) -> Iterator[MeterLine]:
    meter, bench = os.openpty()
    tty.setraw(meter)
    tty.setraw(bench)
    stop = threading.Event()
    said = chain(records, repeat(records[-1])) if records else iter(())
    thread = threading.Thread(
        target=_speak, args=(meter, DIALECTS[name].request, said, stop), daemon=True
    )
    thread.start()
    try:
        yield MeterLine(dialect=name, port=os.ttyname(bench), baud=9600, decimal=decimal)
    finally:
        stop.set()
        thread.join()
        os.close(meter)
        os.close(bench)


def _speak(meter: int, request: bytes, said: Iterator[bytes], stop: threading.Event) -> None:
    heard = b""
    while not stop.wait(EVERY_S):
        if request:
            while select.select([meter], [], [], 0)[0]:
                heard += os.read(meter, 100)
            if request not in heard:
                continue
            heard = b""
        if record := next(said, b""):
            os.write(meter, record)
