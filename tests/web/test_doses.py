"""A dose's own page: its figures, its people, its label, its void; and the list of a day."""

import csv
from collections.abc import Callable
from datetime import timedelta

import pytest
import zxingcpp

from radiopharm.runtime import Runtime
from tests import hospital
from tests.conftest import NOON, StandingClock
from tests.documents.conftest import read
from tests.doors import Api, Pages
from tests.web.bench import opened, second, send, signed

TODAY = NOON + timedelta(days=2)


@pytest.fixture
def bench(pages: Callable[[str], Pages], clock: StandingClock) -> Pages:
    clock.now = TODAY
    return pages("radiopharmacist")


@pytest.fixture
def dose(bench: Pages, runtime: Runtime) -> str:
    """The page of a dose of a whole Lutathera vial, to be given in two hours."""
    hospital.accepted(
        runtime, received_at=NOON, reference_at=TODAY, expires_at=TODAY + timedelta(days=3)
    )
    directive_id = hospital.directive(runtime, planned_for=TODAY + timedelta(hours=2))
    return send(bench, signed(opened(bench, directive_id), measured_activity="7.5")).location


@pytest.mark.requirement("RQ-26", "RQ-27")
def test_the_page_shows_the_figures_their_working_and_who_signed(bench: Pages, dose: str) -> None:
    page = bench.get(dose).text
    for said in (
        "7,435<i>MBq",
        "7,400<i>MBq",
        "7,519<i>MBq",
        "+0.5<i>%",
        "Radiopharmacist",
        "bench PIN",
    ):
        assert said in page
    assert "Dispensed by me" in page
    assert "6.647 d" in page
    assert "Canary" not in page


def test_the_page_may_be_loaded_again(bench: Pages, dose: str) -> None:
    assert [bench.get(dose).status_code for _ in range(3)] == [200, 200, 200]


def test_a_scanned_dose_leads_to_its_page(bench: Pages, dose: str) -> None:
    assert bench.get("/scan", code="D-000001").location == f"{dose}#act"


@pytest.mark.requirement("RQ-31")
def test_the_label_carries_the_code_and_counts_its_prints(bench: Pages, dose: str) -> None:
    first, again = (bench.post(f"{dose}/label", {}) for _ in range(2))
    assert first.mimetype == "application/pdf"
    (seen,) = zxingcpp.read_barcodes(read(first.data).pictures[0])
    assert seen.text == "D-000001"
    assert "Reprint" not in read(first.data).texts[0]
    assert "Reprint 1" in read(again.data).texts[0]
    assert "Canary" not in read(first.data).texts[0]
    assert "printed, and 1 reprint" in bench.get(dose).text


@pytest.mark.requirement("RQ-31")
def test_paper_and_label_printer_count_together(bench: Pages, dose: str) -> None:
    bench.post(f"{dose}/label", {})
    zpl = bench.post(f"{dose}/label?format=zpl", {})
    assert (zpl.mimetype, zpl.text.count("^XA")) == ("text/plain", 2)
    assert zpl.text.count("Reprint 1") == 2
    assert "Canary" not in zpl.text


def test_void_asks_whether_it_was_drawn(bench: Pages, dose: str) -> None:
    answer = bench.post(f"{dose}/void", {"reason": "patient unwell"})
    assert answer.status_code == 422
    assert 'value="patient unwell"' in answer.text


def test_what_was_not_drawn_is_back_in_the_book(bench: Pages, dose: str) -> None:
    answer = bench.post(f"{dose}/void", {"drawn": "no", "reason": "unwell"})
    assert answer.status_code == 303
    assert "the book is restored" in bench.get(dose).text
    assert "20.50 mL" in bench.get("/vials/1").text


def test_what_was_drawn_needs_a_place_and_may_go_back(bench: Pages, dose: str) -> None:
    bench.post(f"{dose}/void", {"drawn": "yes", "reason": "unwell"})
    page = bench.get(dose).text
    assert "it must go somewhere" in page
    assert "Open a container for Lu-177" in page
    assert bench.post(f"{dose}/return", {"reason": "untouched"}).status_code == 303
    assert "has its place" in bench.get(dose).text


def test_a_dose_is_voided_once(bench: Pages, dose: str) -> None:
    for expected in (303, 409):
        answer = bench.post(f"{dose}/void", {"drawn": "no", "reason": "unwell"})
        assert answer.status_code == expected
    assert "is void already" in answer.text


def test_a_dose_of_another_kind_of_person_shows_no_acts(
    pages: Callable[[str], Pages], dose: str
) -> None:
    page = pages("auditor").get(dose)
    assert page.status_code == 200
    assert "Void this dose" not in page.text
    assert pages("auditor").post(f"{dose}/void", {"drawn": "no"}).status_code == 403


def test_an_overridden_rule_stands_on_the_dose(bench: Pages, runtime: Runtime) -> None:
    vial_id = hospital.receive(
        runtime, received_at=NOON, reference_at=TODAY, expires_at=TODAY + timedelta(days=3)
    )
    directive_id = hospital.directive(runtime, planned_for=TODAY)
    form = signed(opened(bench, directive_id, vial_id), already_drawn="yes", **second())
    late = send(bench, form | {"reason": "power cut"})
    page = bench.get(late.location).text
    assert "Recorded although it breaks" in page
    assert "Entered after it was drawn" in page
    assert "Second Pharmacist" in page


def test_the_list_shows_the_doses_of_a_day(bench: Pages, dose: str) -> None:
    assert "D-000001" in bench.get("/doses").text
    assert "D-000001" not in bench.get("/doses", day="2026-06-02").text
    assert "No dose is to be given" in bench.get("/doses", day="2026-06-02").text


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "9999-12-31", "0001-01-01"])
def test_a_day_that_is_none_is_today(bench: Pages, day: str) -> None:
    assert "Doses of Wed 3 Jun 2026" in bench.get("/doses", day=day).text


@pytest.mark.requirement("RQ-46", "RQ-50")
def test_the_export_says_who_signed_when_and_meaning_what(bench: Pages, dose: str) -> None:
    row = exported(bench)
    assert row["signature"] == (
        "Signed by Radiopharmacist (radiopharmacist) at Wed 3 Jun 2026 14:00:00 CEST "
        "(2026-06-03 12:00:00Z) — Dispensed by me"
    )
    assert (row["second_signature"], row["signature_void"]) == ("", "")
    bench.post(f"{dose}/void", {"drawn": "no", "reason": "unwell"})
    assert exported(bench)["signature_void"].startswith("Signature void: record voided Wed 3 Jun")


def exported(bench: Pages) -> dict[str, str]:
    """The one row of the day's export, by its headings."""
    (row,) = csv.DictReader(bench.get("/doses.csv").text.lstrip("\ufeff").splitlines())
    return row


@pytest.mark.requirement("RQ-46")
def test_the_days_doses_are_exported_for_a_spreadsheet(
    bench: Pages, dose: str, api: Callable[[str], Api]
) -> None:
    table = bench.get("/doses.csv")
    assert table.headers["Content-Disposition"] == 'attachment; filename="doses-2026-06-03.csv"'
    heading, row = table.text.lstrip("\ufeff").splitlines()
    assert heading.startswith("dose,state,directive")
    assert row.startswith("D-000001,dispensed,R-000001,P-")
    assert "Canary" not in table.text
    event = api("auditor").get("/audit-events", action="export:taken").json["items"][0]
    assert (event["facts"]["export"], event["facts"]["rows"]) == ("doses", 1)


@pytest.mark.requirement("RQ-35")
def test_a_reaction_is_noted_on_the_page(bench: Pages, dose: str) -> None:
    seen = {
        "kind": "adverse_reaction",
        "observed_at_date": f"{TODAY:%Y-%m-%d}",
        "observed_at_time": "14:00",
        "observed_at_zone": "Europe/Madrid",
        "words": "Nausea after ten minutes",
    }
    assert bench.post(f"{dose}/observations", seen, seen=dose).status_code == 303
    page = bench.get(dose).text
    assert "Adverse reaction, " in page
    assert "Nausea after ten minutes" in page
    again = bench.post(f"{dose}/observations", {**seen, "words": ""}, seen=dose)
    assert again.status_code == 422
    assert "This is needed." in again.text
