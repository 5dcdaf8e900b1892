"""What was measured: typed by a hand, or read from a meter's own line and kept as it was sent.

A device reading carries its raw line, its meter's nuclide setting and its person; a dose that
refers to it takes activity, time and instrument from it, so that they cannot differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from radiopharm.core.refusals import Conflict, Refusal

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
    """A device reading as kept; `used_for` is the code of what it was used for, None while it is
    free, and `used_by` the dose where it was one."""

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
    used_for: str | None


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


def refusals(reading: TakenReading | None, nuclides: Sequence[str]) -> tuple[Refusal, ...]:
    """Why a device reading cannot stand for what holds *nuclides*; a typed one always may.

    Where nothing is measured (*nuclides* is empty), the meter may be set to anything.
    """
    if reading is None:
        return ()
    return tuple(filter(None, (_is_free(reading), _is_of(reading, nuclides))))


def _is_free(reading: TakenReading) -> Refusal | None:
    if reading.used_for is None:
        return None
    return Refusal(
        code="reading_used",
        field="reading_id",
        message=f"This reading stands for {reading.used_for} already. Read the meter again.",
    )


def _is_of(reading: TakenReading, nuclides: Sequence[str]) -> Refusal | None:
    if not nuclides or [reading.nuclide] == list(nuclides):
        return None
    return Refusal(
        code="meter_nuclide",
        field="reading_id",
        message=(
            f"The meter was set to {reading.nuclide or reading.setting}, this is "
            f"{' and '.join(nuclides)}. Set the meter, then read again."
        ),
    )
