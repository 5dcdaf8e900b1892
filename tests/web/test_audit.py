"""The trail as people search it."""

import csv
import re
from io import StringIO
from urllib.parse import unquote

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from radiopharm.runtime import Runtime
from radiopharm.services import audits
from radiopharm.store import acts
from radiopharm.store.tables.derived import job_runs
from tests import hospital
from tests.conftest import StandingClock


def rows(response: TestResponse) -> list[list[str]]:
    return list(csv.reader(StringIO(response.text.removeprefix("\ufeff"))))


def listed(response: TestResponse) -> set[str]:
    """The acts that a page lists."""
    return set(re.findall(r'"What" class="code">([\w:-]+)<', response.text))


def test_the_trail_answers_who_what_old_new_when_why(pages, runtime: Runtime) -> None:
    vial_id = hospital.accepted(runtime)

    page = pages("safety_officer").get("/audit", about=f"V-{vial_id:06d}")

    assert listed(page) == {"vial:received", "vial:accepted"}
    assert "LT-26-0311" in page.text


def test_a_time_window_is_read_in_the_zone_of_the_site(
    pages, runtime: Runtime, clock: StandingClock
) -> None:
    hospital.receive(runtime)
    clock.move(hours=2)
    hospital.accepted(runtime)

    shown = pages("auditor").get("/audit", to_date="2026-06-01", to_time="15:00")

    assert listed(shown) == {"vial:received"}  # 14:00 in Madrid, and not the two of 16:00


def test_a_saved_view_shows_refusals_of_access_only(pages, runtime: Runtime) -> None:
    hospital.receive(runtime)
    pages("physician").get("/accounts")

    shown = pages("admin").get("/audit", view="refusals")

    assert listed(shown) == {"session:access-refused"}


def test_an_unreadable_code_says_what_a_code_is(pages) -> None:
    answer = pages("auditor").get("/audit", about="seventeen")
    assert answer.status_code == 422
    assert "V-000017" in answer.text


def test_an_export_holds_what_is_found_and_is_an_event(pages, runtime: Runtime) -> None:
    hospital.accepted(runtime)
    browser = pages("safety_officer")

    taken = rows(browser.get("/audit/export.csv", action="vial:accepted"))

    assert [row[5] for row in taken] == ["What", "vial:accepted"]
    assert "export:taken" in browser.get("/audit", view="taken-out").text


def test_pages_of_fifty_follow_without_gap(pages, runtime: Runtime) -> None:
    for _ in range(55):
        hospital.receive(runtime)
    browser = pages("auditor")
    first = browser.get("/audit", action="vial:received").text
    after = re.findall(r"after=([\w=%-]+)", first)[-1]

    second = browser.get("/audit", action="vial:received", after=unquote(after)).text

    assert first.count('id="event-') == 50
    assert second.count('id="event-') == 5


@pytest.mark.requirement("RQ-49")
def test_the_chain_is_verified_on_demand_and_the_first_bad_record_named(
    pages, app: Flask, runtime: Runtime
) -> None:
    browser = pages("safety_officer")
    assert "The chain holds" in browser.get("/audit/verification").text
    with runtime.engine.connect() as db, db.begin():
        db.exec_driver_sql("UPDATE audit_heads SET mac = hash")
    assert "First bad record: site:1, event 1" in browser.get("/audit/verification").text


@pytest.mark.parametrize(("faults", "tone"), [(0, "tone-ok"), (1, "tone-stop")])
def test_the_last_check_of_the_job_shows_whether_it_found_a_fault(
    pages, runtime: Runtime, clock: StandingClock, faults: int, tone: str
) -> None:
    run = {"job": audits.JOB, "slot": clock(), "started_at": clock(), "ended_at": clock()}
    with acts.writing(runtime.engine) as db:
        db.execute(
            job_runs.insert().values(**run, changed=faults, message="said", started_by="clock")
        )
    assert f'class="stat {tone}"' in pages("auditor").get("/audit").text


def test_a_technologist_does_not_see_the_trail(pages) -> None:
    assert pages("technologist").get("/audit").status_code == 403


def test_an_act_with_nothing_before_it_is_shown_too(pages, api, runtime: Runtime) -> None:
    vial_id = hospital.accepted(runtime)
    body = {"after_sequence": 1, "place": "Safe A1", "reason": "first place"}
    assert api("radiopharmacist").post(f"/vials/{vial_id}/move", body).status_code == 200

    page = pages("safety_officer").get("/audit", about=f"V-{vial_id:06d}")

    assert "vial:moved" in listed(page)


def test_what_changed_stands_beside_what_it_was(pages, api, runtime: Runtime) -> None:
    vial_id, officer = hospital.accepted(runtime), api("safety_officer")
    bag = {"kind": "bag", "nuclide": "Lu-177", "place": "Store B"}
    bag_id = officer.post("/waste-containers", bag).json["id"]
    officer.post(f"/waste-containers/{bag_id}/move", {"place": "Cellar"})
    newer = {"impurities": [{"nuclide": "Lu-177m", "ratio": "0.05 %"}], "reason": "certificate B"}
    body = {"after_sequence": 1, **newer}
    api("radiopharmacist").post(f"/vials/{vial_id}/compositions", body)
    auditor = pages("auditor")

    moved = rows(auditor.get("/audit/export.csv", about=f"W-{bag_id:06d}"))
    certified = rows(auditor.get("/audit/export.csv", about=f"V-{vial_id:06d}"))

    assert any("place: Store B → Cellar" in row for row in moved)
    assert any("impurities: {} → {'Lu-177m': '0.0005'}; version: 2" in row for row in certified)


def test_the_safety_officer_proves_a_vial_and_takes_its_extract_out(
    pages, runtime: Runtime
) -> None:
    vial_id = hospital.accepted(runtime)
    browser = pages("safety_officer")

    proved = browser.get("/audit/verification/part", about=f"V-{vial_id:06d}")
    taken = browser.get("/audit/trail.jsonl", about=f"V-{vial_id:06d}")
    whole = browser.get("/audit/trail.jsonl").text.splitlines()

    assert "Its events stand in the chain" in proved.text
    assert f'"extract": "vial:{vial_id}"' in taken.text
    assert len(whole) > len(taken.text.splitlines())
    assert browser.get("/audit", view="taken-out").text.count('class="code">export:taken<') == 2
    assert browser.get("/audit/verification/part", about="V-999999").status_code == 404
