"""What was measured: typed by a hand, or read from a meter's own line and kept as it was sent.

A device reading carries its raw line, its meter's nuclide setting and its person; a dose that
refers to it takes activity, time and instrument from it, so that they cannot differ.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from radiopharm.core.refusals import Conflict

ReadingId = NewType("ReadingId", int)


class Fault(Conflict):
    """What came over a meter's line is no reading; `code` names why, `message` what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one record of a meter says: whole Bq, number and unit as sent, its nuclide setting.

    `nuclide` is the setting in canonical spelling, None where it names none ("CAL#12").
    """

    activity_bq: int
    text: str
    setting: str
    nuclide: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterAnswer:
    """A reading that two records in a row agree on, with those records verbatim."""

    reading: Reading
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenReading:
    """A device reading as kept; `used_by` is the dose it was used for, None while it is free."""

    id: int
    instrument_id: int
    dialect: str
    raw: str
    activity_bq: int
    text: str
    setting: str
    nuclide: str | None
    read_at: datetime
    actor_id: int
    used_by: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a dose was measured as, whole Bq and as written; `reading` where a meter said it."""

    bq: int
    text: str
    at: datetime
    instrument_id: int
    reading: TakenReading | None = None

    @property
    def by(self) -> str:
        """`device` or `typed`, as pages and API tell them apart."""
        return "device" if self.reading else "typed"


def as_measured(reading: TakenReading) -> Measured:
    """A device reading as what was measured: nothing of it is anybody's to change."""
    return Measured(
        bq=reading.activity_bq,
        text=reading.text,
        at=reading.read_at,
        instrument_id=reading.instrument_id,
        reading=reading,
    )
