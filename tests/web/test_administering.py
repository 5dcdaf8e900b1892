"""The administration form: what was left, carried to the start, and what cannot be."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from radiopharm.runtime import Runtime
from radiopharm.schemas.instants import instant_out
from tests import hospital
from tests.conftest import StandingClock
from tests.doors import Api, Pages


@pytest.fixture
def dose_id(api: Callable[[str], Api], runtime: Runtime, clock: StandingClock) -> int:
    vial_id, directive_id = hospital.accepted(runtime), hospital.directive(runtime)
    clock.move(days=2)
    body = {
        "directive_id": directive_id,
        "after_sequence": 1,
        "measured_activity": "7.4 GBq",
        "measured_at": instant_out(clock.now),
        "instrument_id": hospital.calibrator(runtime),
        "signature": {"username": "radiopharmacist", "secret": hospital.PASSWORD},
    }
    made = api("radiopharmacist").post(f"/vials/{vial_id}/dispensings", body)
    clock.move(hours=2)
    return int(made.json["id"])


def typed(clock: StandingClock, **changes: str) -> dict[str, str]:
    """The form as a nurse in Madrid (UTC+2) fills it in, an hour after giving it."""
    start = clock.now - timedelta(hours=1) + timedelta(hours=2)
    read = clock.now + timedelta(hours=2)
    return {
        "started_at_date": f"{start:%Y-%m-%d}",
        "started_at_time": f"{start:%H:%M}",
        "started_at_zone": "Europe/Madrid",
        "ended_at_date": f"{read:%Y-%m-%d}",
        "ended_at_time": f"{read:%H:%M}",
        "ended_at_zone": "Europe/Madrid",
        "residues.0.item": "vial",
        "residues.0.activity": "",
        "residues.1.item": "tubing",
        "residues.1.activity": "370",
        "residues.1.activity_unit": "MBq",
        "residues.1.measured_at_date": f"{read:%Y-%m-%d}",
        "residues.1.measured_at_time": f"{read:%H:%M}",
        "residues.1.measured_at_zone": "Europe/Madrid",
        **changes,
    }


def send(bench: Pages, dose_id: int, form: dict[str, str]) -> Any:
    path = f"/doses/{dose_id}/administration"
    return bench.post(path, form, seen=path)


def test_lines_without_a_reading_are_left_out_and_the_net_is_shown(
    pages: Callable[[str], Pages], dose_id: int, clock: StandingClock
) -> None:
    bench = pages("technologist")
    assert send(bench, dose_id, typed(clock)).status_code == 303
    page = bench.get(f"/doses/{dose_id}/administration").text
    assert "The patient received" in page
    assert "− Tubing" in page
    assert "− Syringe" not in page
    assert "Not scanned" in page
    assert "Not answered" in page


def test_a_reading_in_the_wrong_unit_comes_back_with_its_words(
    pages: Callable[[str], Pages], dose_id: int, clock: StandingClock
) -> None:
    form = typed(clock, **{"residues.1.activity_unit": "GBq"})
    answer = send(pages("technologist"), dose_id, form)
    assert answer.status_code == 422
    assert "more than the dose" in answer.text
    assert 'value="370"' in answer.text


def test_the_live_figures_say_what_the_form_would(
    pages: Callable[[str], Pages], dose_id: int, clock: StandingClock
) -> None:
    bench, path = pages("technologist"), f"/doses/{dose_id}/administration/figures"
    assert "Net at the start" in bench.get(path, **typed(clock)).text
    half_typed = bench.get(path, started_at_date="2026-0")
    assert half_typed.status_code == 200


@pytest.mark.requirement("RQ-37")
def test_a_residue_goes_into_an_open_container_of_its_nuclide_by_one_tap(
    pages: Callable[[str], Pages], api: Callable[[str], Api], dose_id: int, clock: StandingClock
) -> None:
    bench, path = pages("radiopharmacist"), f"/doses/{dose_id}/administration"
    bag = {"kind": "bag", "nuclide": "Lu-177", "place": "Store", "description": "Lu-177 bag"}
    container_id = api("radiopharmacist").post("/waste-containers", bag).json["id"]
    send(bench, dose_id, typed(clock))
    assert f"Put into W-{container_id:06d}" in bench.get(path).text
    residue_id = (
        api("auditor").get(f"/dispensings/{dose_id}/administration").json["residues"][0]["id"]
    )
    put = {"source": "residue", "residue_id": str(residue_id)}
    assert bench.post(f"/waste/{container_id}/items", put, seen=path).status_code == 303
    assert f'/waste/{container_id}">W-{container_id:06d}' in bench.get(path).text


@pytest.mark.requirement("RQ-32")
def test_a_wrong_wristband_stops_the_hand_in_a_sentence_as_wide_as_the_page(
    pages: Callable[[str], Pages], dose_id: int, clock: StandingClock
) -> None:
    form = typed(clock, patient="P-ZZZZZZZZ", dose=f"D-{dose_id:06d}")
    answer = send(pages("technologist"), dose_id, form)
    assert answer.status_code == 409
    assert re.search(r'loud" role="alert">.*?This patient is P-ZZZZZZZZ', answer.text, re.DOTALL)
    assert 'value="370"' in answer.text


def test_the_live_figures_name_the_wrong_dose_at_once(
    pages: Callable[[str], Pages], dose_id: int, clock: StandingClock
) -> None:
    path = f"/doses/{dose_id}/administration/figures"
    answer = pages("technologist").get(path, **typed(clock, dose="D-000999"))
    assert "The dose in hand is D-000999" in answer.text


def test_a_line_is_ticked_with_its_time_and_an_untouched_one_is_not_answered(
    pages: Callable[[str], Pages], dose_id: int, clock: StandingClock
) -> None:
    day = f"{clock.now:%Y-%m-%d}"
    lines = {
        "checklist.0.code": "antiemetic_given",
        "checklist.0.done_at_date": day,
        "checklist.0.done_at_time": "",
        "checklist.0.reason": "",
        "checklist.1.code": "amino_acids_started",
        "checklist.1.done_at_date": day,
        "checklist.1.done_at_time": "13:20",
        "checklist.1.done_at_zone": "Europe/Madrid",
        "checklist.2.code": "pregnancy_excluded",
        "checklist.2.done_at_date": day,
        "checklist.2.reason": "man of 80",
    }
    bench = pages("technologist")
    assert send(bench, dose_id, typed(clock, **lines)).status_code == 303
    page = bench.get(f"/doses/{dose_id}/administration").text
    assert re.search(r"Done \w+ \d+ \w+ \d+ 13:20", page)
    assert "Not done: man of 80" in page
    assert "Not answered" in page


def test_an_error_stands_at_the_line_it_was_typed_in(
    pages: Callable[[str], Pages], dose_id: int, clock: StandingClock
) -> None:
    form = typed(clock, **{"residues.4.item": "capsule", "residues.4.activity": "a lot"})
    answer = send(pages("technologist"), dose_id, form)
    assert answer.status_code == 422
    assert 'id="x-residues.4.activity"' in answer.text
    assert 'id="x-residues.4.measured_at"' in answer.text


@pytest.mark.requirement("RQ-33")
def test_a_residue_found_later_shows_old_and_new_and_the_event(
    pages: Callable[[str], Pages], dose_id: int, clock: StandingClock
) -> None:
    bench, path = pages("technologist"), f"/doses/{dose_id}/administration"
    send(bench, dose_id, typed(clock))
    found = {**typed(clock), "residues.1.activity": "1.6", "residues.1.activity_unit": "GBq"}
    found["reason"] = "bag opened again"
    assert bench.post(f"/doses/{dose_id}/residues", found, seen=path).status_code == 303
    page = bench.get(path).text
    assert "Possible medical event" in page
    assert re.search(r"9\d\.\d % →</small> 7\d\.\d %", page)
    assert "bag opened again" in page


@pytest.mark.requirement("RQ-37")
def test_all_residues_go_into_a_container_by_one_tap(
    pages: Callable[[str], Pages], api: Callable[[str], Api], dose_id: int, clock: StandingClock
) -> None:
    bench, path = pages("radiopharmacist"), f"/doses/{dose_id}/administration"
    bag = {"kind": "bag", "nuclide": "Lu-177", "place": "Store", "description": "Lu-177 bag"}
    container_id = api("radiopharmacist").post("/waste-containers", bag).json["id"]
    second = {name.replace(".1.", ".3."): text for name, text in typed(clock).items()}
    send(bench, dose_id, {**typed(clock), **second, "residues.3.item": "pad"})
    assert f"All residues to W-{container_id:06d}" in bench.get(path).text
    put = {"container_id": str(container_id)}
    assert bench.post(f"/doses/{dose_id}/residues/waste", put, seen=path).status_code == 303
    assert bench.get(path).text.count(f'/waste/{container_id}">W-{container_id:06d}') == 2
