"""Workstations, badges and one's own sessions: who may be where, and what a PIN opens."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from radiopharm.jobs.registry import find
from radiopharm.jobs.running import run
from radiopharm.runtime import Runtime
from radiopharm.store import sessions
from tests import hospital
from tests.conftest import StandingClock
from tests.doors import Pages
from tests.web.bench import opened, send, signed
from tests.web.test_bench_lock import enter

pytestmark = pytest.mark.requirement("RQ-48")
Sign = Callable[[str], Pages]
HOT_CELL = {"name": "Hot cell 1", "room": "B-112", "kind": "hot_lab"}


@pytest.fixture
def code(pages: Sign) -> str:
    """The code of a workstation that waits for its computer."""
    page = pages("admin").post("/workstations", HOT_CELL).text
    found = re.search(r'id="new-code"[^>]*value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.fixture
def bench(pages: Sign, code: str) -> Pages:
    """The technologist at an enrolled workstation."""
    at = pages("technologist")
    at.post("/workstations/claim", {"code": code})
    at.post("/sign-out", {})
    enter(at, "technologist")
    return at


@pytest.fixture
def number(runtime: Runtime, clock: StandingClock) -> int:
    now = clock()
    hospital.accepted(runtime, reference_at=now, expires_at=now + timedelta(days=3))
    return hospital.directive(runtime, planned_for=now + timedelta(hours=2))


def test_a_workstation_and_who_works_there_stand_on_every_page(bench: Pages) -> None:
    page = bench.get("/stock").text
    assert re.search(r'class="me".*Technologist.*Hot cell 1', page)


def test_a_hot_lab_locks_sooner(bench: Pages) -> None:
    assert bench.get("/session", active="1").json["lock_in_s"] == 300


def test_a_code_makes_one_computer_a_workstation(bench: Pages, pages: Sign, code: str) -> None:
    answer = pages("physician").post("/workstations/claim", {"code": code})
    assert answer.status_code == 422


def test_a_code_is_good_for_a_day(pages: Sign, code: str, clock: StandingClock) -> None:
    clock.move(days=1)
    assert pages("physician").post("/workstations/claim", {"code": code}).status_code == 422


def test_a_pin_resumes_what_its_person_left_locked_here(bench: Pages) -> None:
    bench.post("/lock", {})
    assert enter(bench, "technologist", hospital.PIN) == 303
    assert bench.get("/stock").status_code == 200


def test_a_pin_begins_no_session(bench: Pages) -> None:
    bench.post("/lock", {"switch": "yes"})
    assert enter(bench, "radiopharmacist", hospital.PIN) == 422
    enter(bench, "technologist")
    bench.post("/sign-out", {})
    assert enter(bench, "technologist", hospital.PIN) == 422


def test_a_pin_opens_nothing_at_a_computer_that_is_not_enrolled(pages: Sign) -> None:
    office = pages("technologist")
    office.post("/lock", {})
    assert enter(office, "technologist", hospital.PIN) == 422


def test_after_five_wrong_pins_only_the_password_opens(bench: Pages) -> None:
    bench.post("/lock", {})
    assert [enter(bench, "technologist", "314159") for _ in range(5)] == [422] * 5
    assert enter(bench, "technologist", hospital.PIN) == 422
    assert enter(bench, "technologist") == 303


def test_a_pin_resumes_no_longer_than_the_shift_of_its_password(
    bench: Pages, clock: StandingClock
) -> None:
    for _ in range(24):
        bench.post("/lock", {})
        clock.move(minutes=29)
        assert enter(bench, "technologist", hospital.PIN) == 303
    bench.post("/lock", {})
    clock.move(minutes=25)
    assert enter(bench, "technologist", hospital.PIN) == 422


@pytest.mark.requirement("RQ-24")
def test_a_pin_signs_at_an_enrolled_workstation(bench: Pages, number: int) -> None:
    assert send(bench, signed(opened(bench, number))).status_code == 303


def test_a_pin_signs_nowhere_else_once_the_site_has_a_workstation(
    bench: Pages, pages: Sign, number: int
) -> None:
    office = pages("radiopharmacist")
    answer = send(office, signed(opened(office, number)))
    assert answer.status_code == 422
    assert "A PIN signs only at an enrolled workstation." in answer.text


def test_a_revoked_workstation_is_any_computer(bench: Pages, pages: Sign) -> None:
    office = pages("admin")
    (number,) = re.findall(r"/workstations/(\d+)/revoke", office.get("/workstations").text)
    office.post(f"/workstations/{number}/revoke", {"reason": "Stolen"})
    assert "Hot cell 1" not in bench.get("/stock").text


def badge(office: Pages, username: str) -> str:
    office.post(f"/accounts/{username}/badge", {})
    row = office.get("/accounts").text.split(f'<span class="code">{username}</span>')[1]
    found = re.search(r"U-\w{10}", row)
    assert found is not None
    return found[0]


def test_a_badge_locks_and_names_and_opens_nothing(bench: Pages, pages: Sign) -> None:
    code = badge(pages("admin"), "physician")
    door = bench.get(bench.get("/scan", code=code).location).text
    assert bench.get("/session").json["stage"] == "locked"
    assert 'value="physician"' in door
    assert enter(bench, code, "") == 422
    assert enter(bench, code) == 303


def test_a_badge_scanned_into_the_box_of_the_secret_is_no_try(bench: Pages, pages: Sign) -> None:
    code = badge(pages("admin"), "physician")
    bench.post("/lock", {})
    answer = bench.post("/sign-in", {"username": "technologist", "password": code}, seen="/sign-in")
    assert 'value="physician"' in answer.text
    assert code not in answer.text


def test_a_revoked_badge_names_nobody(bench: Pages, pages: Sign) -> None:
    office = pages("admin")
    code = badge(office, "physician")
    office.post("/accounts/physician/badge/revoke", {})
    bench.post("/lock", {})
    assert enter(bench, code) == 422


def test_a_badge_is_printed(pages: Sign) -> None:
    office = pages("admin")
    badge(office, "physician")
    assert office.post("/accounts/physician/badge.pdf", {}).data.startswith(b"%PDF")


def test_ones_sessions_are_listed_and_ended(bench: Pages, pages: Sign) -> None:
    office = pages("technologist")
    page = office.get("/account").text
    (other,) = re.findall(r'name="session" value="(\w+)"', page)
    assert "Hot cell 1" in page
    office.post("/account/sessions/end", {"session": other})
    assert bench.get("/session").json["stage"] == "ended"


def test_nobody_ends_the_session_of_another(bench: Pages, pages: Sign) -> None:
    office = pages("technologist")
    (other,) = re.findall(r'name="session" value="(\w+)"', office.get("/account").text)
    assert pages("admin").post("/account/sessions/end", {"session": other}).status_code == 404


def test_sessions_long_over_are_removed(
    bench: Pages, runtime: Runtime, clock: StandingClock
) -> None:
    clock.move(days=8)
    run(runtime, find(runtime.settings, "forget-sessions"), clock())
    with runtime.reading() as db:
        person = hospital.person(runtime, "technologist")
        assert sessions.of_person(db, person.id, hospital.FOUNDED) == []
