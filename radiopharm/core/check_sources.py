"""Check sources: sealed sources of a site, by which its instruments are checked against decay."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSource:
    """A check source as its certificate says it: so much activity at its reference instant."""

    nuclide: str
    serial: str
    activity_bq: int
    activity_text: str
    reference_at: datetime
    certificate: str
    uncertainty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOut:
    """That a source is used no more, and why."""

    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSource:
    """A check source of a site; `taken_out` from the day it is used no more."""

    id: int
    nuclide: str
    serial: str
    activity_bq: int
    activity_text: str
    reference_at: datetime
    certificate: str
    uncertainty: str
    recorded_at: datetime
    by: str
    taken_out: TakenOut | None = None

    @property
    def name(self) -> str:
        """As people call it at the bench: ``Cs-137, no. 4711``."""
        return f"{self.nuclide}, no. {self.serial}"
