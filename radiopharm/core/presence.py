"""Who has a vial open for dispensing just now: a courtesy that expires, never a lock, no fact."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """That a person has had a vial open for dispensing since an instant."""

    vial_id: int
    name: str
    since: datetime

    @property
    def vial(self) -> str:
        """The vial's code."""
        return f"V-{self.vial_id:06d}"
