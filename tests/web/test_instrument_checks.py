"""Checks by form: as simple as one number, shown with what they find, and readable on one page."""

from collections.abc import Callable

import pytest

from radiopharm.runtime import Runtime
from tests import hospital
from tests.api.test_instrument_checks import PLAN, SOURCE
from tests.doors import Api, Pages

AT = {"_date": "2026-06-01", "_time": "14:00", "_zone": "Europe/Madrid"}


def read(number: int, activity: str, label: str = "", **at: str) -> dict[str, str]:
    box = f"readings.{number}."
    said = {f"{box}measured_activity": activity, f"{box}measured_activity_unit": "MBq"}
    when = {f"{box}measured_at{name}": text for name, text in {**AT, **at}.items()}
    return {**said, **when, **({f"{box}label": label} if label else {})}


@pytest.fixture
def meter(runtime: Runtime, api: Callable[[str], Api]) -> int:
    """The calibrator, to be within 5 % of check source 1 every day."""
    number = hospital.calibrator(runtime)
    api("physicist").post("/check-sources", SOURCE)
    api("physicist").post(f"/instruments/{number}/check-plans", PLAN)
    return number


@pytest.mark.requirement("RQ-05")
def test_a_constancy_check_is_one_number_shown_at_once_and_on_the_day(
    pages: Callable[[str], Pages], meter: int
) -> None:
    bench, address = pages("technologist"), f"/instruments/{meter}"
    typed = {"kind": "constancy", "source_id": "1", **read(0, "7.98")}
    assert "−0.25 %" in bench.get(f"{address}/checks/figures", **typed).text
    unread = bench.post(f"{address}/checks", {**typed, "readings.0.measured_activity": ""})
    assert (unread.status_code, "This is needed" in unread.text) == (422, True)
    made = bench.post(f"{address}/checks", typed)
    assert "Passed" in bench.get(made.headers["Location"]).text
    assert "constancy Cs-137 −0.25 %" in bench.get("/today").text
    assert "2026-06-02" in bench.get("/instruments").text
    assert bench.get(f"{address}/trend.svg").mimetype == "image/svg+xml"


def test_a_series_is_written_line_by_line_and_empty_lines_are_left_out(
    pages: Callable[[str], Pages], meter: int
) -> None:
    bench, address = pages("technologist"), f"/instruments/{meter}"
    series = {"kind": "linearity", "nuclide": "Tc-99m", **read(0, "1000", "first")}
    later = {**series, **read(3, "500", "six hours", _time="08:00")}
    alone = bench.post(f"{address}/checks", series)
    assert "Enter 2 readings or more" in alone.text
    made = bench.post(f"{address}/checks", later)
    page = bench.get(made.headers["Location"]).text
    assert "Cannot be judged: enter a tolerance" in page
    assert "six hours" in page


def test_a_failed_check_is_decided_over_by_form_and_the_wrong_hand_is_told(
    pages: Callable[[str], Pages], meter: int
) -> None:
    bench, physicist = pages("technologist"), pages("physicist")
    typed = {"kind": "constancy", "source_id": "1", **read(0, "7")}
    check = bench.post(f"/instruments/{meter}/checks", typed).headers["Location"]
    assert "Let it be used all the same" not in bench.get(check).text
    assert f'href="/instruments/{meter}"' in physicist.get("/flags").text
    decision = {
        "reason": "Offset known",
        "signature.username": "physicist",
        "signature.secret": hospital.PASSWORD,
    }
    frame = physicist.post(f"{check}/decision/statement", {"reason": "Offset known"}).text
    ticket = frame.split('name="signature.ticket" value="')[1].split('"')[0]
    assert "Offset known" in physicist.post(f"{check}/decision", decision).text
    signed = physicist.post(f"{check}/decision", {**decision, "signature.ticket": ticket})
    assert signed.status_code == 303
    assert "Used on decision" in bench.get(check).text
    assert physicist.post(f"{check}/void", {"reason": ""}).status_code == 422
    assert physicist.post(f"{check}/void", {"reason": "Wrong well"}).status_code == 303


def test_a_tolerance_has_no_default_not_even_a_unit(
    pages: Callable[[str], Pages], meter: int
) -> None:
    physicist, address = pages("physicist"), f"/instruments/{meter}"
    typed = {
        "kind": "background",
        "tolerance": "50",
        "operator": "<=",
        "source": "Local rule 7",
        "reason": "New",
    }
    assert "Choose the unit." in physicist.post(f"{address}/check-plans", typed).text
    typed["tolerance_unit"] = "kBq"
    waits = {**typed, "is_required": "yes"}
    assert "needs an interval" in physicist.post(f"{address}/check-plans", waits).text
    assert physicist.post(f"{address}/check-plans", typed).status_code == 303
    assert "≤ 50 kBq" in physicist.get(address, kind="background").text
