"""The administration form: what was left, carried to the start, and what cannot be."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from radiopharm.runtime import Runtime
from radiopharm.schemas.fields import instant_out
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
    assert "Tubing" in page
    assert "Syringe" not in page


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
