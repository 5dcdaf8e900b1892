"""An exported list opens in a spreadsheet as what it is, and runs nothing."""

import csv
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from io import StringIO

import pytest

from radiopharm.documents.tables import csv_table


def read(table: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(table.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_a_text_that_looks_like_a_formula_is_made_inert(start: str) -> None:
    evil = start + 'HYPERLINK("//x")'
    assert read(csv_table([evil], [[evil]], bom=False)) == [["'" + evil], ["'" + evil]]


def test_numbers_stay_numbers() -> None:
    row = [-375_000_000, -0.03, Decimal("0.0002"), 7.4e9]
    assert csv_table(list("abcd"), [row], bom=False) == (
        b"a,b,c,d\r\n-375000000,-0.03,0.0002,7400000000.0\r\n"
    )


def test_instants_are_utc_and_nothing_is_an_empty_cell() -> None:
    at = datetime(2026, 3, 14, 9, 30, tzinfo=timezone(timedelta(hours=1)))
    assert read(csv_table(["at", "until"], [[at, None]], bom=False))[1] == [
        "2026-03-14T08:30:00Z",
        "",
    ]
    assert read(csv_table(["at"], [[at.astimezone(UTC)]], bom=False))[1] == ["2026-03-14T08:30:00Z"]


def test_commas_quotes_and_lines_inside_a_text_survive() -> None:
    text = 'Poured off, "second" pot\nµ'
    assert read(csv_table(["note"], [[text]], bom=True))[1] == [text]


def test_the_byte_order_mark_is_there_when_asked_for() -> None:
    assert csv_table(["lot"], [], bom=True) == b"\xef\xbb\xbflot\r\n"
    assert csv_table(["lot"], [], bom=False) == b"lot\r\n"


@pytest.mark.parametrize("row", [["1"], ["1", "2", "3"]])
def test_a_row_that_does_not_fit_its_headings_is_an_error(row: list[str]) -> None:
    with pytest.raises(ValueError, match="zip"):
        csv_table(["a", "b"], [row], bom=False)


def test_an_instant_without_a_zone_is_an_error() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        csv_table(["at"], [[datetime(2026, 3, 14)]], bom=False)  # noqa: DTZ001
