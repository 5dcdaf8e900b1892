"""An enrolled computer: where it stands decides how soon it locks, and there a bench PIN counts."""

from dataclasses import dataclass
from enum import StrEnum


class WorkstationKind(StrEnum):
    """Where a computer stands."""

    HOT_LAB = "hot_lab"
    OFFICE = "office"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workstation:
    """A computer that an administrator has enrolled."""

    id: int
    site_id: int
    name: str
    room: str
    kind: WorkstationKind
