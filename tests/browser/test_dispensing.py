"""Dispensing by hand: with a scanner, with a nervous mouse, on one screen."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests import hospital
from tests.browser.conftest import DESK, Site

pytestmark = pytest.mark.browser
PRODUCT = "lu-177-dotatoc"
SCAN = """keys => { for (const key of keys)
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })) }"""
Sign = Callable[[str], Page]


@pytest.fixture
def bench(site: Site, sign_in: Sign) -> Page:
    """A patient of this test's own, and a vial kept for them."""
    runtime = site.app.extensions["radiopharm"]
    directive_id = hospital.directive(
        runtime, product=PRODUCT, planned_for=site.clock() + timedelta(hours=2)
    )
    hospital.accepted(runtime, product=PRODUCT, directive_id=directive_id)
    page = sign_in("technologist")
    page.goto(f"/dispense?directive_id={directive_id}")
    return page


@pytest.mark.requirement("RQ-24")
def test_what_to_draw_and_the_signature_stand_on_one_screen(bench: Page) -> None:
    expect(bench.get_by_text("Draw now")).to_be_in_viewport()
    expect(bench.get_by_role("button", name="Sign and dispense")).to_be_in_viewport(ratio=1)
    assert bench.evaluate("document.documentElement.scrollWidth") <= DESK["width"]


def test_all_that_is_signed_stands_on_one_screen_though_the_scheduler_is_late(
    bench: Page,
) -> None:
    expect(bench.get_by_text("The scheduler is late")).to_be_in_viewport(ratio=1)
    bench.get_by_label("Reading").fill(_planned(bench))
    _read_what_is_signed(bench)
    expect(bench.get_by_role("region", name="You sign")).to_be_in_viewport(ratio=1)
    expect(bench.get_by_role("button", name="Sign and dispense")).to_be_in_viewport(ratio=1)


def test_nobody_signs_a_text_that_is_just_being_replaced(site: Site, bench: Page) -> None:
    bench.get_by_label("Reading").fill(_planned(bench))
    bench.get_by_label("Password or PIN", exact=False).first.fill(site.pin)
    bench.get_by_role("button", name="Sign and dispense").click()
    expect(bench).to_have_url(re.compile(r"/dispense\?"))
    _read_what_is_signed(bench)


def test_a_scan_is_caught_wherever_the_cursor_is(bench: Page) -> None:
    code = _code(bench)
    bench.evaluate(SCAN, [*code, "Enter"])
    expect(bench.get_by_label("Reading")).to_be_focused()
    expect(bench.get_by_label(f"Drawn from {code}")).to_be_visible()


def test_the_verdict_follows_the_reading_and_an_old_one_never_stays(bench: Page) -> None:
    bench.get_by_label("Reading").fill(_planned(bench))
    expect(bench.get_by_text("Within the tolerance")).to_be_visible()
    bench.get_by_label("Reading").fill("1")
    expect(bench.get_by_text("Far outside")).to_be_visible()
    expect(bench.get_by_text("Within the tolerance")).to_have_count(0)


def test_a_link_to_what_is_still_needed_opens_its_fold(bench: Page) -> None:
    bench.get_by_label("Reading").fill("1")
    bench.get_by_role("link", name=re.compile("second person")).click()
    expect(bench.get_by_label("Second person")).to_be_visible()


def test_a_double_click_makes_one_dose(site: Site, bench: Page) -> None:
    bench.get_by_label("Reading").fill(_planned(bench))
    bench.get_by_label("Password or PIN", exact=False).first.fill(site.pin)
    _read_what_is_signed(bench)
    bench.get_by_role("button", name="Sign and dispense").dblclick()
    expect(bench).to_have_url(re.compile(r"/doses/\d+$"))
    expect(bench.get_by_text("Dispensed. Print the labels")).to_be_visible()


def _read_what_is_signed(page: Page) -> None:
    """Wait, as whoever reads it does, until the text to be signed stands on the page."""
    expect(page.get_by_role("region", name="You sign")).to_be_visible()
    expect(page.locator("[data-live-target][aria-busy]")).to_have_count(0)


def _code(page: Page) -> str:
    """The code on the label of the vial that the page proposes."""
    found = re.search(r"V-\d{6}", page.locator("#f-draws").inner_text())
    assert found is not None
    return found[0]


def _planned(page: Page) -> str:
    """A reading exactly as planned, in GBq."""
    shown = page.locator(".figure.huge b").first.inner_text().replace(",", "")
    number = re.match(r"[\d.]+", shown)
    assert number is not None
    return f"{float(number[0]) / 1000:.3f}"
