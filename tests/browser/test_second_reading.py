"""A dose read by two people at one bench, in the browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import hospital
from tests.browser.conftest import Site

pytestmark = pytest.mark.browser
FIGURE = r"[\d,.]+"


@pytest.mark.requirement("RQ-30")
def test_a_colleague_reads_the_dose_without_seeing_the_first_reading(
    site: Site, sign_in: Callable[[str], Page]
) -> None:
    runtime = site.app.extensions["radiopharm"]
    directive_id, vial_id = hospital.directive(runtime), hospital.accepted(runtime, lot="SR-0001")
    page = sign_in("technologist")
    page.goto(f"/dispense?directive_id={directive_id}&vial_id={vial_id}")
    planned = re.match(FIGURE, page.locator(".figure.huge b").first.inner_text())
    codes = set(re.findall(r"V-\d{6}", page.locator("#f-draws .drawn").inner_text()))
    assert planned is not None
    reading = f"{float(planned[0].replace(',', '')) / 1000:.3f}"
    page.get_by_label("Reading").fill(reading)
    page.get_by_label("Password or PIN", exact=False).first.fill(site.pin)
    page.get_by_text("Reason, second person, late entry").click()
    _read_what_is_signed(page)
    page.get_by_role("button", name="Second reading by a colleague").click()
    expect(page.get_by_role("heading", name="Second reading")).to_be_visible()
    assert reading not in page.content()
    expect(page.get_by_label("Codes of the vials")).to_be_focused()
    page.keyboard.type("\n".join(codes))
    page.get_by_label("Reading", exact=False).first.fill(reading)
    page.get_by_label("Activity meter").select_option(index=1)
    page.get_by_label("Your name").fill("radiopharmacist")
    page.get_by_label("Your password or PIN").fill(site.pin)
    _read_what_is_signed(page)
    page.get_by_role("button", name="Sign and compare").click()
    expect(page).to_have_url(re.compile(r"/doses/\d+$"))
    expect(page.get_by_text(f"Own reading {reading} GBq")).to_be_visible()


def _read_what_is_signed(page: Page) -> None:
    expect(page.get_by_role("region", name="You sign")).to_be_visible()
    expect(page.locator("[data-live-target][aria-busy]")).to_have_count(0)
