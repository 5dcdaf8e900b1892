"""A register: a named table an inspector asks for, filled for a period or an instant, and its hash.

Only facts recorded by `known_at` are read, and facts are only added, so the same question has the
same answer and the same hash for ever: whoever asks it, whenever.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from radiopharm.core.audit import instant_text
from radiopharm.core.formatting import instant
from radiopharm.core.people import Site
from radiopharm.core.periods import Period
from radiopharm.core.register_cells import Cell, Kind, plain


class Group(StrEnum):
    """Where a register stands in the list of them."""

    STOCK = "Stock"
    DOSES = "Doses"
    WASTE = "Waste"
    OVERSIGHT = "Oversight"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its name for programs, its title for people, what it holds.

    `share` is how much of the paper's width it takes beside the others.
    """

    name: str
    title: str
    kind: Kind = Kind.TEXT
    share: float = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry, a cell for each column by its name.

    A `void` entry keeps its place, struck through, with who took it back and why; a `mark` is said
    aloud beside an entry that stands: what was done against the rules, what came from old books.
    """

    cells: Mapping[str, Cell]
    void: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """What a register is called, what it answers, and its columns.

    `of_instant` where it shows how things stood at the end, not what happened in a period; `by_lot`
    where it may be asked for one lot alone. `roles` are the only ones who may read it; empty:
    everyone who may read registers.
    """

    name: str
    title: str
    about: str
    group: Group
    columns: tuple[Column, ...]
    of_instant: bool = False
    by_lot: bool = False
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """For which days, as known when, and for which lot alone (empty: every lot)."""

    period: Period
    known_at: datetime
    lot: str = ""

    @property
    def at(self) -> datetime:
        """The instant that a register of an instant shows: the end, or the last that is known."""
        return min(self.period.until, self.known_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A register as it was asked for; `versions` are the rules and data it was made with."""

    register: Register
    site: Site
    asked: Asked
    versions: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def body(self) -> dict[str, Any]:
        """Everything that is shown, as JSON has it: becquerels, microlitres, instants in UTC."""
        return {
            "register": self.register.name,
            "title": self.register.title,
            "site": self.site.name,
            "zone": self.asked.period.zone,
            "from": instant_text(self.asked.period.since),
            "to": instant_text(self.asked.period.until),
            "at": instant_text(self.asked.at) if self.register.of_instant else None,
            "known_at": instant_text(self.asked.known_at),
            "lot": self.asked.lot,
            "versions": list(self.versions),
            "columns": [_column(column) for column in self.register.columns],
            "lines": [self._line(line) for line in self.lines],
        }

    @property
    def sha256(self) -> str:
        """The hash of `body` as canonical JSON: keys sorted, no blanks, UTF-8."""
        return hashlib.sha256(canonical(self.body).encode()).hexdigest()

    @property
    def voids(self) -> int:
        """How many of its entries are void."""
        return sum(1 for line in self.lines if line.void)

    def when(self) -> str:
        """The period or the instant it is for, with the zone: ``May 2026 (Fri 1 …)``."""
        period = self.asked.period
        if self.register.of_instant:
            return instant(self.asked.at, ZoneInfo(period.zone))
        return period.name if period.name == period.days else f"{period.name}: {period.days}"

    def _line(self, line: Line) -> dict[str, Any]:
        cells = {column.name: plain(line.cells[column.name]) for column in self.register.columns}
        return {**cells, "void": line.void, "mark": line.mark}


def code(letter: str, number: int) -> str:
    """What a label says of the record of that number: ``V-000017``."""
    return f"{letter}-{number:06d}"


def canonical(body: Mapping[str, Any]) -> str:
    """One JSON text for *body*, the same on every machine."""
    return json.dumps(
        body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def _column(column: Column) -> dict[str, str]:
    return {"name": column.name, "title": column.title, "unit": column.kind.raw_unit}
