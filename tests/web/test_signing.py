"""Signing by page: only what was shown, also without script, and never twice from one showing."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from radiopharm.runtime import Runtime
from tests import hospital
from tests.conftest import NOON, StandingClock
from tests.doors import Pages
from tests.web.bench import boxes, opened, send, signed, tickets

TODAY = NOON + timedelta(days=2)
Case = Callable[[], int]


@pytest.fixture
def bench(pages: Callable[[str], Pages], clock: StandingClock) -> Pages:
    clock.now = TODAY
    return pages("radiopharmacist")


@pytest.fixture
def case(bench: Pages, runtime: Runtime) -> Case:
    """A directive for two hours from now, with an accepted vial."""

    def made() -> int:
        times = {"reference_at": TODAY, "expires_at": TODAY + timedelta(days=3)}
        hospital.accepted(runtime, received_at=NOON, **times)
        return hospital.directive(runtime, planned_for=TODAY + timedelta(hours=2))

    return made


def without_script(bench: Pages, form: dict[str, str]) -> str:
    """A first sending by a browser that never asked for the text; the page that comes back."""
    typed = {name: text for name, text in form.items() if name != "csrf_token"}
    answer = bench.post("/dispense", typed)
    assert answer.status_code == 409
    return answer.text


@pytest.mark.requirement("RQ-50")
def test_without_script_the_text_comes_back_to_be_read_and_nothing_typed_is_lost(
    bench: Pages, case: Case
) -> None:
    page = without_script(bench, signed(opened(bench, case()), measured_activity="7.41"))
    assert "Read what you sign, then sign it." in page
    assert "Measured: 7.41 GBq at Wed 3 Jun 2026 14:00 CEST with Calibrator A." in page
    assert "<q>Dispensed by me</q>" in page
    assert hospital.PIN not in page
    again = boxes(page)
    assert again["measured_activity"] == "7.41"
    again |= {"signature.secret": hospital.PIN}
    assert bench.post("/dispense", again).status_code == 303


@pytest.mark.requirement("RQ-50")
def test_what_changed_since_it_was_shown_stands_beside_it(bench: Pages, case: Case) -> None:
    form = boxes(without_script(bench, signed(opened(bench, case()))))
    form |= {"measured_activity": "7.5", "signature.secret": hospital.PIN}
    page = bench.post("/dispense", form).text
    assert "You were shown" in page
    assert "<mark>Measured: 7.4 GBq" in page
    assert "<mark>Measured: 7.5 GBq" in page


def test_a_text_shown_too_long_ago_is_shown_again(
    bench: Pages, case: Case, clock: StandingClock
) -> None:
    form = boxes(without_script(bench, signed(opened(bench, case()))))
    clock.move(minutes=2)
    answer = bench.post("/dispense", form | {"signature.secret": hospital.PIN})
    assert answer.status_code == 409
    assert "more than two minutes ago" in answer.text
    assert send(bench, signed(boxes(answer.text))).status_code == 303


def test_a_ticket_taken_to_another_browser_signs_nothing(
    bench: Pages, pages: Callable[[str], Pages], case: Case
) -> None:
    form = boxes(without_script(bench, signed(opened(bench, case()))))
    elsewhere = pages("radiopharmacist")
    form = {name: text for name, text in form.items() if name != "csrf_token"}
    answer = elsewhere.post("/dispense", form | {"signature.secret": hospital.PIN})
    assert answer.status_code == 409
    assert "somebody else, or elsewhere" in answer.text


def test_what_stands_in_the_way_is_said_and_there_is_nothing_to_sign(
    bench: Pages, case: Case
) -> None:
    form = {**opened(bench, case()), "measured_activity": "5"}
    assert tickets(bench.get("/dispense/figures", **form).text) == {}


def test_a_meaning_swapped_in_the_form_signs_nothing(bench: Pages, case: Case) -> None:
    form = boxes(without_script(bench, signed(opened(bench, case()))))
    swapped = {"signature.secret": hospital.PIN, "signature.meaning": "Seen by me"}
    answer = bench.post("/dispense", form | swapped)
    assert answer.status_code == 409
    assert "not “Seen by me”" in answer.text
