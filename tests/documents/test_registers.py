"""A register says the same in every format, the same data make the same bytes, and none runs."""

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO, StringIO

import pytest
from python_calamine import CalamineWorkbook

from radiopharm.core.people import Site
from radiopharm.core.periods import written
from radiopharm.core.register_cells import Kind
from radiopharm.core.registers import Asked, Column, Filled, Group, Line, Register
from radiopharm.documents.registers import FORMATS, Taken

MADRID = "Europe/Madrid"
JUNE = datetime(2026, 6, 1, 12, tzinfo=UTC)
HALF_PAST_TWO = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
HALF_PAST_TWO_AGAIN = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
SHELF = Register(
    name="shelf",
    title="Shelf",
    about="What stands on it.",
    group=Group.STOCK,
    columns=(
        Column(name="at", title="Since", kind=Kind.INSTANT),
        Column(name="lot", title="Lot"),
        Column(name="held_bq", title="Held", kind=Kind.ACTIVITY),
    ),
)


def line(lot: str = "LT-1", held_bq: int = 7_400_500_000, at: datetime = JUNE, **more: str) -> Line:
    return Line(cells={"at": at, "lot": lot, "held_bq": held_bq}, **more)


def taken(*lines: Line, **more: bool) -> Taken:
    filled = Filled(
        register=SHELF,
        site=Site(id=1, name="Hospital Sant Joan", zone=MADRID),
        asked=Asked(period=written("2026-05", MADRID), known_at=JUNE),
        versions=("Rules of release: us-dis, edition 2026-01-01", "Nuclear data: ICRP-107, 2008"),
        lines=lines,
    )
    return Taken(filled=filled, by="Auditor", at=JUNE, **more)


def table(csv_bytes: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(StringIO(csv_bytes.decode("utf-8-sig")), delimiter=delimiter))


def sheet(xlsx: bytes) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(BytesIO(xlsx))
    return book.get_sheet_by_index(0).to_python()


@pytest.mark.requirement("RQ-44")
@pytest.mark.parametrize("form", FORMATS)
def test_the_same_data_make_the_same_bytes(form: str) -> None:
    make = FORMATS[form].make
    assert make(taken(line(), line("LT-2"))) == make(taken(line(), line("LT-2")))


def test_the_paper_says_site_period_zone_page_versions_who_and_the_hash(printed) -> None:
    said = taken(line())
    (page,) = printed(FORMATS["pdf"].make(said)).texts
    for words in (
        "Hospital Sant Joan", "May 2026: Fri 1 May 2026 – Sun 31 May 2026", MADRID, "page 1 of 1",
        "us-dis, edition 2026-01-01", "Generated Mon 1 Jun 2026 14:00 CEST by Auditor",
        "Reviewed by", said.filled.sha256, "7,400", "1 entry.",
    ):  # fmt: skip
        assert words in page


def test_an_empty_month_is_an_explicit_page(printed) -> None:
    (page,) = printed(FORMATS["pdf"].make(taken())).texts
    assert "No records in May 2026." in page
    assert "No records in May 2026." in str(sheet(FORMATS["xlsx"].make(taken())))


def test_a_void_keeps_its_place_with_its_reason(printed) -> None:
    said = taken(line(void="Wrong patient, by Ana"), line("LT-2"))
    (page,) = printed(FORMATS["pdf"].make(said)).texts
    assert "Void: Wrong patient, by Ana" in page
    assert "2 entries, 1 of them void" in page
    assert table(FORMATS["csv"].make(said))[1][-2:] == ["Wrong patient, by Ana", ""]


def test_what_was_typed_never_acts(printed) -> None:
    evil = "=HYPERLINK(x) #[*bold*]"
    said = taken(line(evil))
    assert evil in printed(FORMATS["pdf"].make(said)).texts[0]
    assert table(FORMATS["csv"].make(said))[1][1] == "'" + evil
    assert sheet(FORMATS["xlsx"].make(said))[-1][1] == evil
    assert b"<f>" not in FORMATS["xlsx"].make(said)


def test_figures_are_numbers_in_the_unit_of_their_heading() -> None:
    heading, entry = sheet(FORMATS["xlsx"].make(taken(line())))[-2:]
    assert heading[2] == "Held (MBq)"
    assert entry[2] == 7400.5
    assert entry[0] == datetime(2026, 6, 1, 14, 0)  # noqa: DTZ001 – a spreadsheet knows no zone
    assert table(FORMATS["csv"].make(taken(line())))[1][2] == "7400.5"


def test_countries_of_the_decimal_comma_get_it_with_semicolons() -> None:
    rows = table(FORMATS["csv"].make(taken(line(), decimal_comma=True)), ";")
    assert rows[1][:3] == ["2026-06-01T12:00:00Z", "LT-1", "7400,5"]


def test_the_hour_that_comes_twice_keeps_its_name(printed) -> None:
    said = taken(line(at=HALF_PAST_TWO), line(at=HALF_PAST_TWO_AGAIN))
    first, second = table(FORMATS["csv"].make(said))[1:]
    (page,) = printed(FORMATS["pdf"].make(said)).texts
    assert (first[0], second[0]) == ("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")
    assert "02:30 CEST" in page
    assert "02:30 CET" in page


def test_the_hash_is_of_the_data_and_of_nothing_else() -> None:
    said = json.loads(FORMATS["json"].make(taken(line())))
    another = replace(taken(line()), by="Safety officer", at=HALF_PAST_TWO)
    assert said["sha256"] == another.filled.sha256
    assert said["sha256"] != taken(line(held_bq=7_400_500_001)).filled.sha256
    assert said["lines"][0] == {
        "at": "2026-06-01T12:00:00.000000Z", "lot": "LT-1", "held_bq": 7_400_500_000,
        "void": "", "mark": "",
    }  # fmt: skip


def test_a_paper_too_long_to_read_says_that_it_is_not_all(
    printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("radiopharm.documents.registers.MOST_ON_PAPER", 1)
    (page,) = printed(FORMATS["pdf"].make(taken(line(), line("LT-2")))).texts
    assert "2 entries; the first 1 are printed here" in page
    assert "LT-2" not in page
