"""Tables as XLSX: figures are numbers, instants are dates, and nothing in it is a formula.

The same table makes the same bytes: the workbook carries the instant it is given and no other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from radiopharm.documents.tables import Cell

INERT = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
MOST_EXACT = 10**15  # a spreadsheet keeps fifteen digits; a longer whole number stays a text
WIDEST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table with what is said above it, and which of its rows are struck through."""

    title: str
    above: Sequence[tuple[str, str]]
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    struck: frozenset[int] = field(default_factory=frozenset)


def workbook(sheet: Sheet, *, at: datetime, zone: ZoneInfo) -> bytes:
    """The XLSX of a sheet, dated *at*; its instants stand in *zone*, and name it."""
    made = BytesIO()
    book = xlsxwriter.Workbook(made, INERT)
    book.set_properties({"title": sheet.title, "created": at.astimezone(UTC).replace(tzinfo=None)})
    _Writer(book, zone).write(sheet)
    book.close()
    return made.getvalue()


class _Writer:
    """Writes one sheet; each format is made once."""

    def __init__(self, book: xlsxwriter.Workbook, zone: ZoneInfo) -> None:
        self._book, self._zone = book, zone
        self._formats: dict[tuple[str, bool], Any] = {}
        self._page = book.add_worksheet()

    def write(self, sheet: Sheet) -> None:
        bold = self._book.add_format({"bold": True})
        self._page.write_string(0, 0, sheet.title, bold)
        for number, (name, value) in enumerate(sheet.above, start=1):
            self._page.write_string(number, 0, name)
            self._page.write_string(number, 1, value)
        top = len(sheet.above) + 2
        heading = self._book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
        for column, text in enumerate(sheet.headings):
            self._page.write_string(top, column, text, heading)
        for number, row in enumerate(sheet.rows):
            for column, cell in enumerate(row):
                self._cell(top + 1 + number, column, cell, number in sheet.struck)
        self._arrange(sheet, top)

    def _arrange(self, sheet: Sheet, top: int) -> None:
        """Headings stay in view, columns are as wide as what they hold, the page lies wide."""
        self._page.freeze_panes(top + 1, 0)
        self._page.repeat_rows(top)
        self._page.set_landscape()
        self._page.fit_to_pages(1, 0)
        for column, heading in enumerate(sheet.headings):
            texts = [heading, *(_text(row[column]) for row in sheet.rows)]
            self._page.set_column(column, column, min(WIDEST, max(map(len, texts)) + 2))

    def _cell(self, row: int, column: int, cell: Cell, struck: bool) -> None:
        match cell:
            case None:
                return
            case datetime():
                local = cell.astimezone(self._zone)
                form = self._format(f'yyyy-mm-dd hh:mm "{local.tzname()}"', struck)
                self._page.write_datetime(row, column, local.replace(tzinfo=None), form)
            case str():
                self._page.write_string(row, column, cell, self._format("", struck))
            case int() if abs(cell) >= MOST_EXACT:
                self._page.write_string(row, column, str(cell), self._format("", struck))
            case _:
                self._page.write_number(row, column, float(cell), self._format("", struck))

    def _format(self, number: str, struck: bool) -> Any:
        if (number, struck) not in self._formats:
            said = {"num_format": number} if number else {}
            struck_through = {"font_strikeout": True} if struck else {}
            self._formats[number, struck] = self._book.add_format({**said, **struck_through})
        return self._formats[number, struck]


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return "2026-01-01 00:00 CEST"
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
