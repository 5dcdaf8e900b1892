"""Instruments: what a reading was taken with."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class InstrumentKind(StrEnum):
    """What an instrument measures: the activity in it, or the rate at a surface."""

    ACTIVITY_METER = "activity_meter"
    SURVEY_METER = "survey_meter"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddInstrument:
    """An instrument as its plate and its certificate say it."""

    name: str
    kind: InstrumentKind
    serial: str
    calibration_due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """An instrument of a site."""

    id: int
    name: str
    kind: InstrumentKind
    serial: str
    calibration_due_at: datetime | None
    retired_at: datetime | None

    def is_due(self, at: datetime) -> bool:
        """Whether its calibration has run out by *at*; unknown when no date was entered."""
        return self.calibration_due_at is not None and at >= self.calibration_due_at
