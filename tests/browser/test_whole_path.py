"""From the directive to the patient without a mouse: by scanner and meter, by keyboard alone."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from radiopharm.core.instruments import MeterLine
from radiopharm.services import instruments
from tests import hospital
from tests.browser.conftest import Site
from tests.devices.simulator import LU_177, veenstra
from tests.services.acting import do

pytestmark = [pytest.mark.browser, pytest.mark.requirement("RQ-24", "RQ-26", "RQ-32")]
FEWEST = 15
PRODUCT = "lu-177-dotatoc"
SCAN = """keys => { for (const key of keys)
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })) }"""
Sign = Callable[[str], Page]


class Hand:
    """Presses keys and counts them; what a scanner sends is not counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.strokes = page, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.strokes += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.strokes += len(text)

    def scan(self, code: str) -> None:
        """As fast as a scanner, into the box that has the focus or wherever the focus is."""
        if self.page.evaluate("document.activeElement.matches('input')"):
            self.page.keyboard.type(code)
            self.page.keyboard.press("Enter")
        else:
            self.page.evaluate(SCAN, [*code, "Enter"])

    def move_to(self, stop: str) -> None:
        """Enter from box to box."""
        here = "document.activeElement.name || document.activeElement.innerText"
        for _ in range(20):
            self.page.wait_for_load_state()
            expect(self.page.locator("[data-live-target][aria-busy]")).to_have_count(0)
            if self.page.evaluate(here) == stop:
                return
            self.press("Enter")
        raise AssertionError(f"{stop} is not reached")


@pytest.fixture
def hand(sign_in: Sign) -> Hand:
    return Hand(sign_in("technologist"))


@pytest.fixture
def codes(site: Site) -> dict[str, str]:
    """A directive of this test's own, its patient, and a vial for it, as their labels say."""
    runtime, planned = site.app.extensions["radiopharm"], site.clock() + timedelta(hours=2)
    directive_id = hospital.directive(runtime, product=PRODUCT, planned_for=planned)
    vial_id = hospital.accepted(runtime, product=PRODUCT, directive_id=directive_id)
    return {"directive": f"R-{directive_id:06d}", "vial": f"V-{vial_id:06d}"}


@pytest.fixture
def meter(site: Site) -> Iterator[None]:
    """The demo's first calibrator, connected and reading 7,412.5 MBq of Lu-177."""
    runtime = site.app.extensions["radiopharm"]
    number = hospital.calibrator(runtime)

    def connect(line: MeterLine | None) -> None:
        do(runtime, lambda act: instruments.connect(act, number, line), "physicist")

    with veenstra(LU_177) as line:
        connect(line)
        yield
        connect(None)


@pytest.mark.usefixtures("meter")
def test_by_scanner_and_meter_from_the_directive_to_the_patient(
    site: Site, hand: Hand, codes: dict[str, str]
) -> None:
    page = hand.page
    reach_the_vial(hand, codes)
    expect(page.get_by_role("button", name="Read the meter")).to_be_focused()
    hand.press("Enter")
    expect(page.get_by_text("Read by device").first).to_be_visible()
    dose = sign_and_print(hand, site)
    assert hand.strokes < FEWEST

    hand.page = page = page.context.new_page()  # the label took the other one
    page.goto("/today")
    hand.scan(dose)
    expect(page.get_by_role("link", name="Administer")).to_be_focused()
    hand.press("Enter")
    expect(page.get_by_label("Patient", exact=True)).to_be_focused()
    hand.scan(page.locator(".head .code").last.inner_text())
    hand.scan(dose)
    for name in ("started_at_time", "ended_at_time"):
        page.locator(f"[name={name}]").fill("14:00")
    page.get_by_text("Tubing", exact=True).press("Enter")
    page.locator("[name='residues.2.activity']").fill("1900")
    page.locator("[name='residues.2.measured_at_time']").fill("14:00")
    page.get_by_role("button", name="Record the administration").press("Enter")
    expect(page.get_by_text("The patient received")).to_be_visible()
    expect(page.get_by_text("Not scanned")).to_have_count(0)
    expect(page.get_by_role("region", name="Possible medical event")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_by_keyboard_alone_from_the_directive_to_the_label(
    site: Site, hand: Hand, codes: dict[str, str]
) -> None:
    reach_the_vial(hand, codes)
    expect(hand.page.get_by_label("Reading")).to_be_focused()
    hand.page.keyboard.type("7.4125")
    sign_and_print(hand, site)
    assert hand.strokes < FEWEST


def reach_the_vial(hand: Hand, codes: dict[str, str]) -> None:
    """Scan the directive, open its dispensing, scan the vial."""
    hand.scan(codes["directive"])
    expect(hand.page.get_by_role("link", name="Dispense", exact=True).last).to_be_focused()
    hand.press("Enter")
    expect(hand.page.get_by_label("Scan the vial")).to_be_focused()
    hand.scan(codes["vial"])
    expect(hand.page.get_by_label(f"Drawn from {codes['vial']}")).to_be_visible()


def sign_and_print(hand: Hand, site: Site) -> str:
    """Sign with the bench PIN and print the labels; the code of the dose."""
    page = hand.page
    hand.move_to("signature.secret")
    hand.type(site.pin)
    hand.move_to("Sign and dispense")
    expect(page.get_by_role("region", name="You sign")).to_be_visible()
    expect(page.locator("[data-live-target][aria-busy]")).to_have_count(0)
    expect(page.get_by_role("button", name="Sign and dispense")).to_be_focused()
    hand.press("Enter")
    expect(page).to_have_url(re.compile(r"/doses/\d+$"))
    expect(page.get_by_role("button", name="Print the labels")).to_be_focused()
    code = page.locator("h1 .code").inner_text()
    with page.expect_response(re.compile("/label")) as label:
        hand.press("Enter")
    assert label.value.status == 200
    return code
