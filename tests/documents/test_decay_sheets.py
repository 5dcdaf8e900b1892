"""The sheet on the hot-lab wall: one vial's day, true to its rows, on two pages."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import zxingcpp

from radiopharm.documents.decay_sheets import DecaySheet, DecaySheetRow, decay_sheet

PARIS = ZoneInfo("Europe/Paris")
REFERENCE = datetime(2026, 3, 14, 11, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 14, 23, tzinfo=UTC)


def make_rows(start: datetime, count: int = 96, doses: int = 2) -> tuple[DecaySheetRow, ...]:
    """Rows whose figures are easy to find again: 9,000 MBq, 8,999 MBq, …"""
    return tuple(
        DecaySheetRow(
            at=start + timedelta(minutes=15 * n),
            activity_bq=9e9 - n * 1e6,
            bq_per_ul=360_000.0,
            draws=(11_690 + n * 10, *(["not enough"] * (doses - 1)))
            if n < 90
            else ("expired",) * doses,
        )
        for n in range(count)
    )


SHEET = DecaySheet(
    site="University Hospital, hot lab 2",
    code="V-000004",
    product="Lutathera",
    nuclide="Lu-177",
    lot="24A1234",
    state="usable",
    reference_activity_bq=9_250_000_000,
    reference_at=REFERENCE,
    half_life="6.647 d",
    half_life_source="ICRP-107",
    expires_at=REFERENCE + timedelta(hours=72),
    balance_bq=7_400_000_000,
    held_ul=25_000,
    balance_at=REFERENCE,
    usual_doses_bq=(3_700_000_000, 7_400_000_000),
    rows=make_rows(MIDNIGHT),
    zone=PARIS,
    zone_name="Europe/Paris",
    printed_at=MIDNIGHT,
    printed_by="Marie Laurent",
)


@pytest.mark.requirement("RQ-53")
@pytest.mark.parametrize(
    "said",
    [
        "Decay sheet · Sun 15 Mar 2026",
        "V-000004 · Lutathera",
        "24A1234",
        "9,250 MBq (250 mCi)",
        "Reference time Sat 14 Mar 2026 12:00 CET",
        "6.647 d (ICRP-107)",
        "7,400 MBq (200 mCi) at reference time",
        "Balance as of Sat 14 Mar 2026 12:00 CET",
        "Expires Tue 17 Mar 2026 12:00 CET",
        "State usable",
        "3,700 MBq",
        "All times are Europe/Paris",
        "Printed Sun 15 Mar 2026 00:00 CET by Marie Laurent",
        "page 1 of 2",
    ],
)
def test_the_sheet_says_which_vial_and_which_balance(printed, said: str) -> None:
    assert said in printed(decay_sheet(SHEET)).texts[0]


@pytest.mark.requirement("RQ-57")
def test_the_limits_of_use_stand_above_the_table(printed) -> None:
    assert "void after any draw, assay or correction" in printed(decay_sheet(SHEET)).texts[0]


def test_a_row_gives_activity_concentration_and_draws(printed) -> None:
    first, second = printed(decay_sheet(SHEET)).texts
    assert "00:00 CET 9,000 243.2 360.0 11.690 not enough 00:15 CET 8,999 243.2" in first
    assert "23:45 CET 8,905 240.7 360.0 expired expired" in second


def test_volumes_keep_their_microlitres_as_on_the_page(printed) -> None:
    rows = tuple(replace(row, draws=(185, 16_095)) for row in SHEET.rows)
    assert "0.185 16.095" in printed(decay_sheet(replace(SHEET, rows=rows))).texts[0]


def test_an_empty_vial_has_no_concentration(printed) -> None:
    rows = tuple(replace(row, activity_bq=0.0, bq_per_ul=None) for row in SHEET.rows)
    assert "00:00 CET 0 0 — 11.69" in printed(decay_sheet(replace(SHEET, rows=rows))).texts[0]


@pytest.mark.parametrize(
    ("midnight", "count", "first", "last"),
    [
        (datetime(2026, 3, 28, 23, tzinfo=UTC), 92, "01:45 CET", "03:00 CEST"),
        (datetime(2026, 10, 24, 22, tzinfo=UTC), 100, "02:45 CEST", "02:00 CET"),
    ],
)
def test_the_day_of_a_clock_change_tells_its_hours_apart(
    printed, midnight: datetime, count: int, first: str, last: str
) -> None:
    texts = printed(decay_sheet(replace(SHEET, rows=make_rows(midnight, count)))).texts
    assert len(texts) == 2
    assert texts[0].index(first) < texts[0].index(last)


def test_a_sheet_that_runs_past_midnight_names_the_new_day(printed) -> None:
    rows = make_rows(MIDNIGHT + timedelta(hours=6))
    text = printed(decay_sheet(replace(SHEET, rows=rows))).texts[1]
    assert "23:45 CET" in text
    assert "Mon 16 Mar 2026 00:00 CET" in text


@pytest.mark.parametrize("doses", [0, 1, 6])
def test_up_to_six_usual_doses_have_their_columns(printed, doses: int) -> None:
    usual = tuple(range(10**9, (doses + 1) * 10**9, 10**9))
    sheet = replace(SHEET, usual_doses_bq=usual, rows=make_rows(MIDNIGHT, doses=max(doses, 1)))
    if not doses:
        sheet = replace(sheet, rows=tuple(replace(row, draws=()) for row in sheet.rows))
    texts = printed(decay_sheet(sheet)).texts
    assert len(texts) == 2
    assert f"{doses},000 MBq" in texts[0] or not doses


def test_long_names_leave_the_table_its_two_pages(printed) -> None:
    long = "Lutetium (177Lu) oxodotreotide prepared in house " * 3
    pages = printed(decay_sheet(replace(SHEET, product=long, site=long, printed_by=long)))
    assert len(pages.texts) == 2
    assert "23:45 CET" in pages.texts[1]


@pytest.mark.parametrize("evil", ["#panic(1) $x$ *b* @ref", "<script>alert(1)</script>"])
def test_names_are_printed_and_never_obeyed(printed, evil: str) -> None:
    assert evil in printed(decay_sheet(replace(SHEET, product=evil, lot=evil))).texts[0]


def test_the_code_brings_the_scanner_back_to_the_vial(printed) -> None:
    (seen,) = zxingcpp.read_barcodes(printed(decay_sheet(SHEET)).pictures[0])
    assert seen.text == "V-000004"


def test_the_same_sheet_is_the_same_bytes() -> None:
    assert decay_sheet(SHEET) == decay_sheet(SHEET)
