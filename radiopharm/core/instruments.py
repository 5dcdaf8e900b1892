"""Instruments: what a reading was taken with, and the line over which a meter speaks itself."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class InstrumentKind(StrEnum):
    """What an instrument measures: the activity in it, or the rate at a surface."""

    ACTIVITY_METER = "activity_meter"
    SURVEY_METER = "survey_meter"


class DialectName(StrEnum):
    """How a meter speaks over its line."""

    VEENSTRA_VDC = "veenstra-vdc"
    CAPINTEC_CRC15 = "capintec-crc15"


PORT = re.compile(
    r"/dev/(tty[A-Za-z]+[0-9]+|pts/[0-9]+|serial/by-(id|path)/[A-Za-z0-9_.:-]+)"
    r"|socket://[A-Za-z0-9.-]+:[0-9]{1,5}"
)
"""A serial port of the machine that serves the pages, or of a serial server in the network; no
other device and no other kind of address may be opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterLine:
    """A meter's line: its dialect, its port, its speed, and the decimal sign the meter writes."""

    dialect: DialectName
    port: str
    baud: int
    decimal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddInstrument:
    """An instrument as its plate and its certificate say it."""

    name: str
    kind: InstrumentKind
    serial: str
    calibration_due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """An instrument of a site; `line` where it can be read by device."""

    id: int
    name: str
    kind: InstrumentKind
    serial: str
    calibration_due_at: datetime | None
    retired_at: datetime | None
    line: MeterLine | None = None

    def is_due(self, at: datetime) -> bool:
        """Whether its calibration has run out by *at*; unknown when no date was entered."""
        return self.calibration_due_at is not None and at >= self.calibration_due_at
