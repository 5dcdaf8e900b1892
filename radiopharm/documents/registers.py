"""A filled register as a paper, a workbook, a CSV or JSON; all say the same and carry its hash."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from radiopharm.core.formatting import instant, instant_to_second
from radiopharm.core.register_cells import exact, heading, shown
from radiopharm.core.registers import Column, Filled, Line, canonical
from radiopharm.documents import typesetting
from radiopharm.documents.spreadsheets import Sheet, workbook
from radiopharm.documents.tables import Cell, csv_table

MOST_ON_PAPER = 2000  # some eighty pages; who needs more wants a spreadsheet
VOID, MARK = "Void", "Remark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A register taken out of the house: by whom and when, and for which spreadsheets."""

    filled: Filled
    by: str
    at: datetime
    decimal_comma: bool = False


class Format(NamedTuple):
    """A way out: the media type and what makes the bytes."""

    mimetype: str
    make: Callable[[Taken], bytes]


def emptiness(filled: Filled) -> str:
    """What an empty register says, for an empty page would be no answer."""
    when = "at this instant" if filled.register.of_instant else f"in {filled.asked.period.name}"
    return f"No records {when}."


def counted(filled: Filled) -> str:
    """How many entries it has: ``12 entries, 1 of them void``."""
    number, voids = len(filled.lines), filled.voids
    said = f"{number} {'entry' if number == 1 else 'entries'}"
    return f"{said}, {voids} of them void" if voids else said


def file_name(filled: Filled, form: str) -> str:
    """``receipts-2026-05-01-2026-05-31.pdf``."""
    period = filled.asked.period
    return f"{filled.register.name}-{period.first}-{period.last}.{form}"


def as_pdf(taken: Taken) -> bytes:
    """A4, lying: the table with voids struck through, where to sign, and the hash of all data."""
    filled = taken.filled
    zone = ZoneInfo(filled.asked.period.zone)
    data = {
        "site": filled.site.name,
        "title": filled.register.title,
        "about": filled.register.about,
        "when": filled.when(),
        "facts": _facts(filled, zone),
        "counted": _on_paper(filled),
        "empty": emptiness(filled),
        "columns": [_column(column) for column in filled.register.columns],
        "lines": [_line(line, filled, zone) for line in filled.lines[:MOST_ON_PAPER]],
        "printed": f"Generated {instant(taken.at, zone)} by {taken.by}",
        "sha256": filled.sha256,
    }
    return typesetting.pdf("register.typ", data, at=filled.asked.known_at)


def as_xlsx(taken: Taken) -> bytes:
    """One sheet; figures are numbers in the unit of their heading, instants dates of the site."""
    filled = taken.filled
    zone = ZoneInfo(filled.asked.period.zone)
    sheet = Sheet(
        title=f"{filled.register.title} · {filled.site.name}",
        above=[
            ("For", filled.when()),
            *_facts(filled, zone),
            ("Generated", f"{instant(taken.at, zone)} by {taken.by}"),
            ("SHA-256", filled.sha256),
            ("", counted(filled) if filled.lines else emptiness(filled)),
        ],
        headings=_headings(filled),
        rows=[_cells(line, filled) for line in filled.lines],
        struck=frozenset(number for number, line in enumerate(filled.lines) if line.void),
    )
    return workbook(sheet, at=filled.asked.known_at, zone=zone)


def as_csv(taken: Taken) -> bytes:
    """The bare table for spreadsheets and programs; instants are in UTC."""
    filled = taken.filled
    rows = [_cells(line, filled) for line in filled.lines]
    return csv_table(_headings(filled), rows, bom=True, decimal_comma=taken.decimal_comma)


def as_json(taken: Taken) -> bytes:
    """The data as hashed, and beside them the hash."""
    body = {**taken.filled.body, "sha256": taken.filled.sha256}
    return json.dumps(json.loads(canonical(body)), indent=1, ensure_ascii=False).encode()


FORMATS: Mapping[str, Format] = {
    "pdf": Format("application/pdf", as_pdf),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "csv": Format("text/csv", as_csv),
    "json": Format("application/json", as_json),
}


def _on_paper(filled: Filled) -> str:
    """How many entries there are, and that a long register's paper does not hold them all."""
    if len(filled.lines) <= MOST_ON_PAPER:
        return counted(filled)
    first = f"the first {MOST_ON_PAPER:,} are printed here, the other formats have all of them"
    return f"{counted(filled)}; {first}"


def _facts(filled: Filled, zone: ZoneInfo) -> list[tuple[str, str]]:
    """Names and values of what the register rests on."""
    lot = [("Lot", filled.asked.lot)] if filled.asked.lot else []
    return [
        ("Time zone", filled.asked.period.zone),
        ("As known", instant_to_second(filled.asked.known_at, zone)),
        *lot,
        *((name, value) for name, _, value in (it.partition(": ") for it in filled.versions)),
    ]


def _column(column: Column) -> dict[str, Any]:
    return {
        "title": heading(column.title, column.kind),
        "right": column.kind.is_figure,
        "share": column.share,
    }


def _line(line: Line, filled: Filled, zone: ZoneInfo) -> dict[str, Any]:
    columns = filled.register.columns
    cells = [shown(line.cells[column.name], column.kind, zone) for column in columns]
    return {"cells": cells, "void": line.void, "mark": line.mark}


def _headings(filled: Filled) -> list[str]:
    return [*(heading(it.title, it.kind) for it in filled.register.columns), VOID, MARK]


def _cells(line: Line, filled: Filled) -> list[Cell]:
    columns = filled.register.columns
    cells = [exact(line.cells[column.name], column.kind) for column in columns]
    return [*cells, line.void or None, line.mark or None]
