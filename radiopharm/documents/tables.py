"""Lists as CSV that a spreadsheet opens and never runs.

A text that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay bare
numbers and instants are ISO 8601 in UTC, so that programs read them too. Where spreadsheets expect
a decimal comma, cells are parted by semicolons.
"""

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO

Cell = str | int | float | Decimal | datetime | None

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_table(
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    bom: bool,
    decimal_comma: bool = False,
) -> bytes:
    """The CSV (RFC 4180, UTF-8) of *rows* under *headings*.

    The *bom* is for spreadsheets, which take UTF-8 for something else without it; programs do
    better without. With a *decimal_comma* 7400.5 is ``7400,5``. Raises ValueError when a row does
    not fit under its headings.
    """
    text = StringIO()
    writer = csv.writer(text, delimiter=";" if decimal_comma else ",", lineterminator="\r\n")
    writer.writerow([_inert(heading) for heading in headings])
    for row in rows:
        cells = zip(headings, row, strict=True)
        writer.writerow([_cell(cell, decimal_comma) for _, cell in cells])
    return text.getvalue().encode("utf-8-sig" if bom else "utf-8")


def _cell(cell: Cell, decimal_comma: bool) -> str:
    match cell:
        case None:
            return ""
        case str():
            return _inert(cell)
        case datetime():
            return _utc(cell)
        case Decimal():
            return _number(f"{cell:f}", decimal_comma)
        case _:
            return _number(str(cell), decimal_comma)


def _number(text: str, decimal_comma: bool) -> str:
    return text.replace(".", ",") if decimal_comma else text


def _inert(text: str) -> str:
    return "'" + text if text.startswith(STARTS_A_FORMULA) else text


def _utc(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("an instant without a zone cannot be exported")
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
