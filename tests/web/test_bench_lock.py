"""The shared bench without script: lock, unlock, switch, and what was typed comes back."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from radiopharm.runtime import Runtime
from radiopharm.store.tables.bench import drafts
from radiopharm.store.tables.doses import dispensings
from tests import hospital
from tests.conftest import StandingClock
from tests.doors import Api, Pages
from tests.web.bench import address, opened, send, signed

pytestmark = pytest.mark.requirement("RQ-48")
Sign = Callable[[str], Pages]
HERE = "/receive"


@pytest.fixture
def bench(pages: Sign) -> Pages:
    return pages("technologist")


@pytest.fixture
def number(runtime: Runtime, clock: StandingClock) -> int:
    """A directive for two hours from now, with a vial for it."""
    now = clock()
    hospital.accepted(runtime, reference_at=now, expires_at=now + timedelta(days=3))
    return hospital.directive(runtime, planned_for=now + timedelta(hours=2))


def enter(bench: Pages, who: str, secret: str = hospital.PASSWORD, **more: str) -> int:
    """Give a secret at the door of this browser."""
    form = {"username": who, "password": secret, **more}
    return bench.post("/sign-in", form, seen="/sign-in?switch=yes").status_code


def rows(runtime: Runtime, table: sa.Table) -> int:
    with runtime.reading() as db:
        return db.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_an_idle_session_locks_and_its_person_goes_on(bench: Pages, clock: StandingClock) -> None:
    clock.move(minutes=10)
    assert bench.get(HERE).location == "/sign-in?next=/receive"
    assert "Technologist" in bench.get("/sign-in").text
    assert enter(bench, "technologist", next=HERE) == 303
    assert bench.get(HERE).status_code == 200


def test_a_session_that_is_used_stays_open(bench: Pages, clock: StandingClock) -> None:
    for _ in range(4):
        clock.move(minutes=9)
        assert bench.get(HERE).status_code == 200


def test_asking_how_long_it_is_open_does_not_keep_it_open(
    bench: Pages, clock: StandingClock
) -> None:
    clock.move(minutes=9)
    assert bench.get("/session").json["lock_in_s"] == 60
    clock.move(minutes=1)
    assert bench.get("/session").json == {"stage": "locked", "person": None, "lock_in_s": 0}


def test_saying_that_one_is_there_keeps_it_open(bench: Pages, clock: StandingClock) -> None:
    clock.move(minutes=9)
    assert bench.get("/session", active="1").json["lock_in_s"] == 600


def test_a_lock_that_nobody_opens_ends(bench: Pages, clock: StandingClock) -> None:
    bench.post("/lock", {})
    clock.move(minutes=30)
    assert "Technologist" not in bench.get("/sign-in").text
    assert bench.get("/session").json["stage"] == "ended"


def test_no_session_is_longer_than_a_shift(bench: Pages, clock: StandingClock) -> None:
    for _ in range(100):
        clock.move(minutes=7)
        bench.get("/calculator")
    clock.move(minutes=7)
    assert bench.get("/session").json["stage"] == "open"
    clock.move(minutes=9)
    assert "/sign-in" in bench.get(HERE).location


def test_a_lock_stands_in_the_audit_with_who_locked(bench: Pages, pages: Sign) -> None:
    bench.post("/lock", {})
    shown = pages("auditor").get("/audit").text
    assert "session:locked" in shown


def test_unlocking_makes_a_new_session_and_the_old_one_is_dead(bench: Pages) -> None:
    old = bench.cookie("rp")
    bench.post("/lock", {})
    enter(bench, "technologist")
    assert bench.cookie("rp") != old
    bench.bring("rp", old)
    assert "/sign-in" in bench.get(HERE).location


@pytest.mark.parametrize("act", ["/lock", "/sign-out"])
def test_what_was_shown_leaves_the_browser(bench: Pages, act: str) -> None:
    answer = bench.post(act, {})
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_switch_sweeps_the_browser_and_says_who_works_now(bench: Pages) -> None:
    bench.post("/lock", {"switch": "yes"})
    form = {"username": "physician", "password": hospital.PASSWORD}
    answer = bench.post("/sign-in", form, seen="/sign-in?switch=yes")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Now working: Physician." in bench.get("/today").text


def test_a_switch_locks_the_former_session_at_once(bench: Pages) -> None:
    former = bench.cookie("rp")
    bench.post("/lock", {"switch": "yes"})
    enter(bench, "physician")
    bench.bring("rp", former)
    assert bench.get("/session").json["stage"] == "locked"


def test_the_door_of_a_switch_names_nobody_to_sign_as(bench: Pages) -> None:
    bench.post("/lock", {"switch": "yes"})
    page = bench.get("/sign-in", switch="yes").text
    assert re.search(r'autocomplete="off" value=""[^>]*name="username"', page)


def test_a_piece_of_a_locked_page_is_401(app: Flask, bench: Pages) -> None:
    bench.post("/lock", {})
    script = {"Sec-Fetch-Mode": "cors"}
    assert bench.get("/dispense/figures", headers=script).status_code == 401


def test_a_program_goes_on_while_its_person_is_locked(
    bench: Pages, api: Callable[..., Api]
) -> None:
    bench.post("/lock", {})
    assert api("technologist").get("/vials").status_code == 200


def test_a_form_sent_after_the_lock_comes_back_and_is_sent_once(
    bench: Pages, runtime: Runtime, clock: StandingClock, number: int
) -> None:
    form = signed(opened(bench, number), reason="Late courier")
    clock.move(minutes=10)
    refused = bench.send("/dispense", form)
    assert (refused.status_code, rows(runtime, dispensings)) == (303, 0)
    enter(bench, "technologist")
    back = opened(bench, number)
    assert (back["measured_activity"], back["reason"]) == ("7.4", "Late courier")
    assert back["signature.secret"] == ""
    back["signature.secret"] = hospital.PIN
    assert [send(bench, back).status_code for _ in range(2)] == [303, 303]
    assert (rows(runtime, dispensings), rows(runtime, drafts)) == (1, 0)


def test_a_form_sent_after_the_session_ended_comes_back_too(
    bench: Pages, runtime: Runtime, clock: StandingClock, number: int
) -> None:
    form = signed(opened(bench, number))
    clock.move(minutes=41)
    assert bench.send("/dispense", form).status_code == 303
    enter(bench, "technologist")
    assert opened(bench, number)["measured_activity"] == "7.4"


def test_what_one_typed_is_shown_to_nobody_else(
    bench: Pages, pages: Sign, runtime: Runtime
) -> None:
    bench.post("/drafts?page=receiving.show", {"lot": "LT-77"})
    bench.post("/lock", {"switch": "yes"})
    enter(bench, "radiopharmacist")
    assert "LT-77" not in bench.get(HERE).text
    bench.post("/lock", {"switch": "yes"})
    enter(bench, "technologist")
    assert "LT-77" in bench.get(HERE).text


def test_a_draft_never_holds_a_secret(bench: Pages, runtime: Runtime) -> None:
    typed = {"signature.secret": "271828", "password": "hidden", "lot": "LT-77"}
    bench.post("/drafts?page=receiving.show", typed)
    with runtime.reading() as db:
        assert db.scalar(sa.select(drafts.c.typed)) == '{"lot": "LT-77"}'


def test_a_draft_is_kept_for_half_a_day(bench: Pages, pages: Sign, clock: StandingClock) -> None:
    bench.post("/drafts?page=receiving.show", {"lot": "LT-77"})
    clock.move(hours=12)
    assert "LT-77" not in pages("technologist").get(HERE).text


def test_a_draft_can_be_given_up(bench: Pages) -> None:
    bench.post("/drafts?page=receiving.show", {"lot": "LT-77"})
    assert "It was not sent." in bench.get(HERE).text
    bench.post("/drafts/discard?page=receiving.show", {})
    assert "LT-77" not in bench.get(HERE).text


def test_a_page_of_the_former_person_cannot_send_as_the_next(
    bench: Pages, runtime: Runtime, number: int
) -> None:
    form = signed(opened(bench, number))
    bench.post("/lock", {"switch": "yes"})
    enter(bench, "radiopharmacist")
    assert bench.send("/dispense", form).status_code == 403
    assert rows(runtime, dispensings) == 0


def test_a_tab_reopened_after_a_switch_is_the_next_persons(bench: Pages, number: int) -> None:
    bench.get(address(number))
    bench.post("/lock", {})
    enter(bench, "radiopharmacist")
    page = bench.get(address(number))
    assert page.headers["Cache-Control"] == "no-store"
    assert "Technologist" not in page.text
    assert opened(bench, number)["signature.username"] == "radiopharmacist"


def test_two_tabs_signing_the_same_dose_make_one(
    bench: Pages, runtime: Runtime, number: int
) -> None:
    tabs = [signed(opened(bench, number)) for _ in range(2)]
    assert [send(bench, tab).status_code for tab in tabs] == [303, 409]
    assert rows(runtime, dispensings) == 1


def test_a_session_revoked_while_a_form_is_filled_in_writes_nothing(
    bench: Pages, pages: Sign, runtime: Runtime, number: int
) -> None:
    form = signed(opened(bench, number))
    pages("admin").post("/accounts/technologist/disable", {"reason": "Left"})
    assert bench.send("/dispense", form).status_code == 403
    assert rows(runtime, dispensings) == 0
    assert bench.get(address(number)).location.startswith("/sign-in")


def test_a_second_sign_in_elsewhere_leaves_the_first_locked(bench: Pages, pages: Sign) -> None:
    pages("technologist")
    assert bench.get("/session").json["stage"] == "locked"


def test_a_fourth_session_ends_the_oldest(bench: Pages, pages: Sign, clock: StandingClock) -> None:
    for _ in range(3):
        clock.move(seconds=1)
        pages("technologist")
    assert bench.get("/session").json["stage"] == "ended"
