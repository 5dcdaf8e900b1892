"""A returned dose given another directive, by form."""

from collections.abc import Callable
from typing import Any

import pytest

from radiopharm.runtime import Runtime
from tests import giving, hospital
from tests.conftest import StandingClock
from tests.doors import Api, Pages
from tests.web.bench import tickets


@pytest.fixture
def dose_id(api: Callable[[str], Api], runtime: Runtime, clock: StandingClock) -> int:
    bench = api("radiopharmacist")
    made = giving.dispensed(bench, runtime, clock)
    bench.post(f"/dispensings/{made['id']}/void", {"drawn": True, "reason": "unwell"})
    clock.move(hours=1)
    return int(made["id"])


def typed(runtime: Runtime, clock: StandingClock, directive_id: int, **more: str) -> dict[str, str]:
    return {
        "directive_id": str(directive_id),
        "measured_activity": "7.38",
        "measured_activity_unit": "GBq",
        "measured_at_date": f"{clock.now:%Y-%m-%d}",
        "measured_at_time": f"{clock.now:%H:%M}",
        "measured_at_zone": "UTC",
        "instrument_id": str(hospital.calibrator(runtime)),
        "reason": "first patient unwell",
        "signature.username": "radiopharmacist",
        "signature.secret": hospital.PIN,
        "second.username": "second",
        "second.secret": hospital.PIN,
        **more,
    }


def send(bench: Pages, path: str, form: dict[str, str]) -> Any:
    """Send the form as a page with script does: what is signed is asked for first."""
    panel = bench.post(f"{path}/statement", form, seen=path).text
    return bench.post(path, {**form, **tickets(panel)}, seen=path)


@pytest.mark.requirement("RQ-34")
def test_the_page_offers_what_it_could_be_for_and_leads_to_the_new_dose(
    pages: Callable[[str], Pages], runtime: Runtime, clock: StandingClock, dose_id: int
) -> None:
    directive_id = hospital.directive(runtime, planned_for=clock.now)
    bench, path = pages("radiopharmacist"), f"/doses/{dose_id}/reassignment"
    assert f'href="{path}"' in bench.get(f"/doses/{dose_id}").text
    assert f"R-{directive_id:06d}" in bench.get(path).text
    made = send(bench, path, typed(runtime, clock, directive_id))
    assert made.status_code == 303
    assert f"D-{dose_id:06d}" in bench.get(made.location).text
    assert "for another directive" in bench.get(f"/doses/{dose_id}").text


def test_what_is_wrong_is_said_and_what_was_typed_comes_back(
    pages: Callable[[str], Pages], runtime: Runtime, clock: StandingClock, dose_id: int
) -> None:
    directive_id = hospital.directive(runtime, planned_for=clock.now)
    bench, path = pages("radiopharmacist"), f"/doses/{dose_id}/reassignment"
    wrong = typed(runtime, clock, directive_id, **{"second.secret": "000000"})
    answer = send(bench, path, wrong)
    assert answer.status_code == 403
    assert 'value="first patient unwell"' in answer.text


def test_a_dose_voided_by_mistake_may_go_to_its_own_directive_again(
    pages: Callable[[str], Pages], dose_id: int
) -> None:
    page = pages("radiopharmacist").get(f"/doses/{dose_id}/reassignment").text
    assert "it was drawn for this one" in page


def test_without_script_the_page_comes_back_once_with_what_is_signed(
    pages: Callable[[str], Pages], runtime: Runtime, clock: StandingClock, dose_id: int
) -> None:
    directive_id = hospital.directive(runtime, planned_for=clock.now)
    bench, path = pages("radiopharmacist"), f"/doses/{dose_id}/reassignment"
    form = typed(runtime, clock, directive_id)
    first = bench.post(path, form, seen=path)
    assert first.status_code == 409
    assert bench.post(path, {**form, **tickets(first.text)}, seen=path).status_code == 303


def own(runtime: Runtime, clock: StandingClock, reading: str) -> dict[str, str]:
    """The boxes of the second person's own page as they fill them."""
    boxes = {
        "vial_codes": "V-000001",
        "measured_activity": reading,
        "measured_activity_unit": "GBq",
        "measured_at_date": f"{clock.now:%Y-%m-%d}",
        "measured_at_time": f"{clock.now:%H:%M}",
        "measured_at_zone": "UTC",
        "instrument_id": str(hospital.calibrator(runtime)),
        "username": "second",
        "secret": hospital.PIN,
    }
    return {f"second.{name}": text for name, text in boxes.items()}


def read_twice(
    bench: Pages, dose_id: int, runtime: Runtime, clock: StandingClock, reading: str
) -> tuple[str, Any]:
    """The blind page of a reassignment, and the answer to what is read on it."""
    directive_id = hospital.directive(runtime, planned_for=clock.now)
    path = f"/doses/{dose_id}/reassignment"
    form = typed(runtime, clock, directive_id, hands_over="yes")
    panel = bench.post(f"{path}/statement", form, seen=path).text
    handed = bench.post(f"{path}/hand-over", {**form, **tickets(panel)}, seen=path)
    assert handed.status_code == 303, handed.text
    blind = handed.location
    mine = own(runtime, clock, reading)
    panel = bench.post(f"{blind}/statement", mine, seen=blind).text
    return bench.get(blind).text + panel, bench.post(blind, {**mine, **tickets(panel)}, seen=blind)


@pytest.mark.requirement("RQ-30")
def test_a_colleague_reads_a_reassigned_dose_blind_and_both_readings_are_kept(
    pages: Callable[[str], Pages], runtime: Runtime, clock: StandingClock, dose_id: int
) -> None:
    bench = pages("radiopharmacist")
    seen, made = read_twice(bench, dose_id, runtime, clock, "7.4")
    assert "7.38" not in seen
    assert made.status_code == 303, made.text
    new = bench.get(made.location).text
    assert f"D-{dose_id:06d}" in new
    assert "7.38 GBq" in new
    assert "Own reading 7.4 GBq" in new


@pytest.mark.requirement("RQ-30")
def test_readings_of_a_reassigned_dose_that_differ_give_it_no_directive(
    pages: Callable[[str], Pages], runtime: Runtime, clock: StandingClock, dose_id: int
) -> None:
    bench, path = pages("radiopharmacist"), f"/doses/{dose_id}/reassignment"
    _seen, answer = read_twice(bench, dose_id, runtime, clock, "6.9")
    assert answer.status_code == 409
    assert f'href="{path}"' in answer.text
    assert 'value="first patient unwell"' in bench.get(path).text
    assert "for another directive" not in bench.get(f"/doses/{dose_id}").text
