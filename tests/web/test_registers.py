"""Registers at the doors: the page, the files, who may, and what it leaves in the trail."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask

from config.settings import ROOT
from radiopharm.runtime import Runtime
from tests import hospital
from tests.cli.test_safety import sqlite_only
from tests.doors import Pages
from tests.services.test_registers import filled


@sqlite_only
def test_the_list_leads_to_every_file_of_the_period(pages) -> None:
    page = pages("auditor").get("/registers?period=2026-05").text
    assert "May 2026" in page
    assert "/registers/receipts.pdf?from=2026-05-01&amp;to=2026-05-31" in page


def test_a_file_is_an_event_with_the_hash_of_its_data(pages, api, runtime: Runtime) -> None:
    hospital.receive(runtime)
    answer = pages("auditor").get("/registers/receipts.xlsx?period=2026-06")
    event = api("auditor").get("/audit-events", action="export:taken").json["items"][0]

    assert answer.headers["Content-Disposition"].endswith('"receipts-2026-06-01-2026-06-30.xlsx"')
    assert event["facts"]["sha256"] == filled(runtime, "receipts", "2026-06").sha256
    assert (event["facts"]["register"], event["facts"]["rows"]) == ("receipts", 1)


def test_programs_get_the_same(api, runtime: Runtime) -> None:
    hospital.receive(runtime)
    assert "receipts" in [it["name"] for it in api("auditor").get("/registers").json["items"]]
    answer = api("auditor").get("/registers/receipts.json", period="2026-06")
    assert answer.json["sha256"] == filled(runtime, "receipts", "2026-06").sha256


@sqlite_only
def test_what_cannot_be_read_is_said_and_this_month_shown(pages) -> None:
    answer = pages("auditor").get("/registers/receipts?from=2026-05-09&to=2026-05-01")
    assert answer.status_code == 422
    assert "The last day lies before the first." in answer.text
    assert "Jun 2026" in answer.text
    assert pages("auditor").get("/registers/receipts.pdf?period=2026-13").status_code == 422


@pytest.mark.parametrize(
    ("day", "known"),
    [("2026-05-31", "Sun 31 May 2026 23:59:59 CEST"), ("2026-06-01", "Mon 1 Jun 2026 14:00:00")],
)
@sqlite_only
def test_a_day_of_knowing_is_all_of_it_and_today_until_now(pages, day: str, known: str) -> None:
    query = f"period=2026-05&known_at_date={day}&known_at_time="
    assert known in pages("auditor").get(f"/registers/receipts?{query}").text


@sqlite_only
def test_days_that_have_not_begun_have_no_register(pages) -> None:
    answer = pages("auditor").get("/registers/vial-balance.pdf?period=2027")
    assert answer.status_code == 422
    assert "have not begun" in answer.text


@sqlite_only
def test_nobody_asks_for_what_will_be_known(pages) -> None:
    answer = pages("auditor").get("/registers/receipts?known_at=2030-01-01T00:00:00Z")
    assert "Nobody knows yet" in answer.text


@sqlite_only
def test_an_unknown_register_or_format_is_not_there(pages) -> None:
    assert pages("auditor").get("/registers/secrets").status_code == 404
    assert pages("auditor").get("/registers/receipts.exe").status_code == 404


@sqlite_only
def test_one_click_makes_the_bundle_for_the_officer_and_the_auditor_only(pages, api) -> None:
    page = pages("safety_officer").get("/registers?period=2026-05").text
    assert "/registers/bundle.zip?from=2026-05-01&amp;to=2026-05-31" in page
    answer = pages("safety_officer").get("/registers/bundle.zip?period=2026-05")
    by_program = api("auditor").get("/registers/bundle.zip", period="2026-05").data
    event = api("auditor").get("/audit-events", action="export:taken").json["items"][0]

    names = ZipFile(BytesIO(answer.data)).namelist()
    assert "inspection-2026-05-01-2026-05-31/registers/waste-released.pdf" in names
    assert len(event["facts"]["registers"]["receipts"]) == 64
    assert ZipFile(BytesIO(by_program)).namelist() == names
    assert pages("radiopharmacist").get("/registers/bundle.zip").status_code == 403


@pytest.mark.requirement("RQ-46")
def test_the_guide_names_every_file_that_can_be_taken_out(application: Flask) -> None:
    taken_out = (".csv", ".json", ".jsonl", ".zip", ".xlsx", "<form>", "<kind>")
    guide = (ROOT / "docs" / "guide" / "exports.md").read_text(encoding="utf-8")
    files = {it.rule for it in application.url_map.iter_rules() if it.rule.endswith(taken_out)}
    assert [rule for rule in sorted(files) if f"`{rule}`" not in guide] == []


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("file", ["receipts.csv", "bundle.zip"])
def test_a_file_asked_for_in_words_that_cannot_be_read_says_so(
    pages: Callable[[str], Pages], file: str
) -> None:
    answer = pages("safety_officer").get(f"/registers/{file}", **{"from": "1e400", "to": "-"})
    assert (answer.status_code, 'id="error-summary"' in answer.text) == (422, True)
