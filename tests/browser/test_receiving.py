"""Receiving a vial by hand: with the keyboard alone, and with a nervous mouse."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
DELIVERY = {
    "product": "Lutathera",
    "reference_activity": "7585",
    "volume": "20.5",
    "reference_at_date": "06032026",
    "reference_at_time": "1200PM",
    "expires_at_date": "06062026",
    "expires_at_time": "1200PM",
}
MOST_STOPS = 120
HOLDS_FOCUS = "document.activeElement.name || document.activeElement.innerText"


@pytest.mark.requirement("RQ-14")
def test_a_vial_is_received_with_the_keyboard_alone(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("technologist")
    page.goto("/receive")
    _tab_through(page, {**DELIVERY, "lot": "KB-0001"})
    expect(page).to_have_url(re.compile(r"/vials/\d+$"))
    expect(page.locator("main")).to_contain_text("KB-0001")


def test_a_double_click_receives_one_vial(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("technologist")
    page.goto("/receive")
    _tab_through(page, {**DELIVERY, "lot": "DC-0001"}, send=False)
    page.get_by_role("button", name="Receive the vial").dblclick()
    expect(page).to_have_url(re.compile(r"/vials/\d+$"))
    page.goto("/stock")
    expect(page.locator("tr", has_text="DC-0001")).to_have_count(1)


def test_what_was_typed_comes_back_with_a_sentence(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("technologist")
    page.goto("/receive")
    _tab_through(page, {**DELIVERY, "lot": "BAD-0001", "volume": "7,5"})
    expect(page.get_by_label("Volume")).to_have_value("7,5")
    expect(page.get_by_label("Lot")).to_have_value("BAD-0001")
    expect(page.locator("main")).to_contain_text("Nothing was saved")


def test_a_product_brings_its_unit_and_the_figures_answer_while_typing(
    sign_in: Callable[[str], Page],
) -> None:
    page = sign_in("technologist")
    page.goto("/receive")
    _tab_through(page, {**DELIVERY, "reference_activity": "7.585", "lot": "LF-0001"}, send=False)
    expect(page.get_by_role("radio", name="GBq", exact=True)).to_be_checked()
    expect(page.locator("[data-live-target]")).to_contain_text("activity now is 1.22 × the label")


def test_a_product_never_changes_the_unit_under_a_typed_number(
    sign_in: Callable[[str], Page],
) -> None:
    page = sign_in("technologist")
    page.goto("/receive")
    page.get_by_label("Reference activity").fill("7585")
    page.get_by_label("Product").select_option(label="Lutathera (lutetium Lu 177 dotatate)")
    expect(page.get_by_role("radio", name="MBq", exact=True)).to_be_checked()


def _tab_through(page: Page, typed: dict[str, str], *, send: bool = True) -> None:
    """Go from stop to stop with the Tab key, type what belongs there, and send with Enter."""
    waiting = dict(typed)
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(HOLDS_FOCUS)
        if stop in waiting:
            page.keyboard.type(waiting.pop(stop))
        if not waiting and (not send or "Receive the vial" in stop):
            break
    if send:
        page.keyboard.press("Enter")
