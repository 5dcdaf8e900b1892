"""Tanks and the drain as pages: nothing is signed unseen, and every reason is said."""

from collections.abc import Callable

import pytest

from radiopharm.runtime import Runtime
from tests import hospital
from tests.conftest import StandingClock
from tests.doors import Pages
from tests.web.bench import tickets

DRAIN = {"route": "Sewer east", "permission": "Permit 12/2026", "pack": "de-water"}
SIGNED = {"signature.username": "safety_officer", "signature.secret": hospital.PASSWORD}


@pytest.mark.requirement("RQ-41")
def test_a_tank_is_added_opened_closed_and_read(
    pages: Callable[[str], Pages], clock: StandingClock
) -> None:
    officer = pages("safety_officer")
    tank = {"number": "A", "capacity_l": "9000", "rooms": "101, 102"}
    assert officer.post("/tanks", tank).status_code == 303
    assert officer.post("/tanks", tank).status_code == 409
    assert officer.post("/tanks/1/fillings", {}).location == "/tanks/fillings/1"
    assert "Filling" in officer.get("/tanks").text
    scanned = {"dispensing_id": "D-000001", "room": "101"}
    assert officer.post("/tanks/fillings/1/stays", scanned).status_code == 404  # read, not there
    level = {"volume_l": "9100", "instrument": "Float", "closes": "yes"}
    refused = officer.post("/tanks/fillings/1/levels", level)
    assert (refused.status_code, "holds 9000 L at most" in refused.text) == (409, True)
    officer.post("/tanks/fillings/1/levels", {**level, "volume_l": "4500"})
    sample = {"nuclide": "Lu-177", "concentration": "2 kBq/L", "instrument": "HPGe"}
    assert officer.post("/tanks/fillings/1/samples", sample).status_code == 303
    nothing = officer.post("/tanks/fillings/1/samples", {**sample, "concentration": "0 Bq/L"})
    assert nothing.status_code == 422
    assert "write the limit of detection" in nothing.text
    page = officer.get("/tanks/fillings/1").text
    assert "9.00 MBq" in page
    assert "50 %" in page
    assert 'id="void"' in officer.get("/tanks/fillings/1?act=closing-1").text
    void = "/tanks/fillings/1/levels/closing-1/void"
    assert officer.post(void, {"reason": ""}).status_code == 422
    assert officer.post(void, {"reason": "misread"}).status_code == 303
    page = officer.get("/tanks/fillings/1").text
    assert 'class="void"' in page
    assert "not read" in page


def test_pouring_comes_back_with_what_is_signed_and_then_stands_in_the_month(
    pages: Callable[[str], Pages], runtime: Runtime
) -> None:
    officer = pages("safety_officer")
    rinse = {
        **DRAIN,
        **SIGNED,
        "description": "Rinse water",
        "volume": "1000",
        "volume_unit": "mL",
        "activities.0.nuclide": "Lu-177",
        "activities.0.activity": "50",
        "activities.0.activity_unit": "Bq",
    }
    shown = officer.post("/drain", rinse)
    assert shown.status_code == 409
    assert "goes to the drain Sewer east, permitted by Permit 12/2026" in shown.text
    signed = officer.post("/drain", {**rinse, **tickets(shown.text)})
    assert signed.status_code == 303, signed.text
    page = officer.get("/drain").text
    assert "Rinse water" in page
    assert "1 % used; 50 Bq of 37 GBq." in page
    assert "Missing: the site's volume of sewage" in page.replace("&#39;", "'")
    assert "nothing" in officer.get("/drain?month=2020-01").text


def test_a_figure_of_the_site_is_entered_with_its_source(pages: Callable[[str], Pages]) -> None:
    officer = pages("safety_officer")
    figure = {"kind": "sewage", "value": "0", "source": "Water bill", "reason": "first"}
    assert "above zero" in officer.post("/drain/figures", figure).text
    assert officer.post("/drain/figures", {**figure, "value": "850.5"}).status_code == 303
    assert "850.5 m³" in officer.get("/drain").text


def test_a_vial_is_poured_away_from_its_own_page_once_every_condition_holds(
    pages: Callable[[str], Pages], runtime: Runtime
) -> None:
    officer, vial_id = pages("safety_officer"), hospital.accepted(runtime)
    path = f"/vials/{vial_id}/pour"
    assert path in officer.get(f"/vials/{vial_id}").text
    assert 'value="20.50"' in officer.get(path).text
    typed = {
        **DRAIN,
        "description": "Remainder",
        "volume": "25",
        "volume_unit": "mL",
        "after_sequence": "1",
    }
    live = officer.post(f"{path}/statement", typed).text
    assert "holds 20.50 mL" in live
    assert "sum of fractions" in live
    assert "You sign" not in live
    refused = officer.post(path, {**typed, **SIGNED})
    assert refused.status_code == 409
    assert 'value="Remainder"' in refused.text
    assert "holds 20.50 mL" in refused.text
    assert officer.get(f"/vials/{vial_id}").text.count("Discarded") == 0


def test_a_vial_that_passes_every_condition_is_poured_and_leaves_its_book(
    pages: Callable[[str], Pages], runtime: Runtime, clock: StandingClock
) -> None:
    vial_id = hospital.accepted(runtime)
    clock.move(days=300)
    officer = pages("safety_officer")
    typed = {
        **DRAIN,
        **SIGNED,
        "description": "Remainder",
        "volume": "20.5",
        "volume_unit": "mL",
        "after_sequence": "1",
    }
    shown = officer.post(f"/vials/{vial_id}/pour", typed)
    assert "20.50 mL of V-000001" in shown.text
    poured = officer.post(f"/vials/{vial_id}/pour", {**typed, **tickets(shown.text)})
    assert poured.status_code == 303, poured.text
    assert "To the drain: Remainder" in officer.get(f"/vials/{vial_id}").text
    assert "Remainder" in officer.get("/drain").text
