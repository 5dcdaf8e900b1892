"""A figure from outside, with what it says verbatim, where it was seen and whether it was checked.

There is no default for a physical value: where nothing is known there is no `Figure`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar


class Status(StrEnum):
    """Whether a figure was read in the source it names, or still waits for someone to do so."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"


Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Generic[Value]):
    """A value in the unit of its name, as booked, and the text it was read from."""

    value: Value
    text: str
    source: str
    status: Status

    def as_dict(self) -> dict[str, str]:
        """What is printed of it: the text, never the converted value."""
        return {"value": self.text, "source": self.source, "status": self.status.value}
