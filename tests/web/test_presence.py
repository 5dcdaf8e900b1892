"""A vial that somebody has open for dispensing says so to everybody else, for a while."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from radiopharm.runtime import Runtime
from tests import hospital
from tests.conftest import NOON, StandingClock
from tests.doors import Api, Pages
from tests.web.bench import address, boxes, opened, send, signed

TODAY = NOON + timedelta(days=2)
SAID = "Radiopharmacist has had V-000001 open for dispensing since 14:00"


@pytest.fixture
def vial_id(runtime: Runtime, clock: StandingClock) -> int:
    clock.now = TODAY
    times = {"reference_at": TODAY, "expires_at": TODAY + timedelta(days=3)}
    return hospital.accepted(runtime, received_at=NOON, **times)


@pytest.fixture
def directive_id(runtime: Runtime, clock: StandingClock) -> int:
    clock.now = TODAY
    return hospital.directive(runtime, planned_for=TODAY + timedelta(hours=2))


@pytest.fixture
def bench(pages: Callable[[str], Pages], vial_id: int) -> Pages:
    return pages("radiopharmacist")


@pytest.fixture
def colleague(pages: Callable[[str], Pages], bench: Pages) -> Pages:
    return pages("technologist")


def test_another_person_is_told_on_every_page_of_the_vial(
    bench: Pages, colleague: Pages, vial_id: int, directive_id: int, clock: StandingClock
) -> None:
    bench.get(address(directive_id, vial_id))
    clock.move(minutes=3)
    assert SAID in colleague.get(address(directive_id, vial_id)).text
    assert SAID in colleague.get("/dispense/figures", **opened(colleague, directive_id)).text
    assert SAID in colleague.get(f"/vials/{vial_id}").text


def test_the_call_that_proposes_a_draw_says_it_too(
    bench: Pages, api: Callable[[str], Api], vial_id: int, directive_id: int
) -> None:
    bench.get(address(directive_id, vial_id))
    query = {"activity": "7.4 GBq", "for": "2026-06-03T14:00:00Z"}
    answer = api("technologist").get(f"/vials/{vial_id}/draw", **query).json
    assert answer["in_use"] == [{"by": "Radiopharmacist", "since": "2026-06-03T12:00:00Z"}]


def test_nobody_is_told_of_themselves(bench: Pages, vial_id: int, directive_id: int) -> None:
    bench.get(address(directive_id, vial_id))
    assert "open for dispensing" not in bench.get(f"/vials/{vial_id}").text


def test_a_vial_that_is_only_proposed_is_in_nobodys_hand(
    bench: Pages, colleague: Pages, vial_id: int, directive_id: int
) -> None:
    bench.get(address(directive_id))
    assert "open for dispensing" not in colleague.get(f"/vials/{vial_id}").text


def test_it_is_over_after_ten_minutes_and_begins_anew(
    pages: Callable[[str], Pages], vial_id: int, directive_id: int, clock: StandingClock
) -> None:
    pages("radiopharmacist").get(address(directive_id, vial_id))
    clock.move(minutes=10)
    assert "open for dispensing" not in pages("technologist").get(f"/vials/{vial_id}").text
    pages("radiopharmacist").get(address(directive_id, vial_id))
    assert "since 14:10" in pages("technologist").get(f"/vials/{vial_id}").text


def test_a_vial_left_out_is_free_at_once(
    bench: Pages, colleague: Pages, vial_id: int, directive_id: int
) -> None:
    form = opened(bench, directive_id, vial_id)
    send(bench, form | {"drop": str(vial_id)}, "/dispense/look")
    assert "open for dispensing" not in colleague.get(f"/vials/{vial_id}").text


def test_it_locks_nobody_out_and_ends_with_the_dose(
    bench: Pages, colleague: Pages, vial_id: int, directive_id: int
) -> None:
    colleague.get(address(directive_id, vial_id))
    form = boxes(bench.get(address(directive_id, vial_id)).text)
    assert send(bench, signed(form)).status_code == 303
    assert "Radiopharmacist has had" not in colleague.get(f"/vials/{vial_id}").text
