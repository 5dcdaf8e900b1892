"""The shared bench in a real browser: nothing of the former person is found by the next."""

import contextlib
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.conftest import Site
from tests.conftest import NOON

pytestmark = [pytest.mark.browser, pytest.mark.requirement("RQ-48")]
Sign = Callable[[str], Page]


@pytest.fixture
def bench(sign_in: Sign, site: Site) -> Iterator[Page]:
    """The technologist receives a vial; the server's clock may be moved."""
    page = sign_in("technologist")
    page.goto("/receive")
    yield page
    site.clock.now = NOON


def enter(page: Page, site: Site, username: str) -> None:
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(site.passphrase)
    page.get_by_label("Password").press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


def switch(page: Page, site: Site, username: str) -> None:
    page.keyboard.press("F9")
    expect(page.get_by_role("heading", name="Who is next?")).to_be_visible()
    enter(page, site, username)


def test_after_a_switch_back_shows_nothing_of_the_former_person(bench: Page, site: Site) -> None:
    bench.get_by_label("Lot").fill("LT-CANARY")
    switch(bench, site, "physician")
    for _ in range(3):
        bench.go_back()
        expect(bench.get_by_text("LT-CANARY")).to_have_count(0)
        expect(bench.locator("body")).not_to_contain_text("Teo Blanc")
        assert not any("LT-CANARY" in box.input_value() for box in bench.locator("input").all())


def test_a_switch_says_who_works_now_and_signs_nobody_else(bench: Page, site: Site) -> None:
    switch(bench, site, "radiopharmacist")
    expect(bench.get_by_role("status").filter(has_text="Now working: Ana Roca.")).to_be_visible()
    bench.goto("/today")
    bench.get_by_role("link", name="Dispense").first.click()
    expect(bench.locator("[name='signature.username']")).to_have_value("radiopharmacist")


def test_what_was_typed_comes_back_to_its_person_alone(bench: Page, site: Site) -> None:
    bench.get_by_label("Lot").fill("LT-DRAFT")
    switch(bench, site, "radiopharmacist")
    bench.goto("/receive")
    expect(bench.get_by_label("Lot")).to_have_value("")
    switch(bench, site, "technologist")
    bench.goto("/receive")
    expect(bench.get_by_label("Lot")).to_have_value("LT-DRAFT")
    expect(bench.get_by_text("It was not sent.")).to_be_visible()
    bench.get_by_role("button", name="Start empty").click()
    expect(bench.get_by_label("Lot")).to_have_value("")


def test_a_lock_in_one_tab_covers_the_other(bench: Page, site: Site) -> None:
    bench.get_by_label("Lot").fill("LT-TAB")
    other = bench.context.new_page()
    other.goto("/stock")
    other.keyboard.press("F8")
    expect(bench.get_by_role("heading", name="Locked")).to_be_visible()
    enter(other, site, "technologist")
    expect(bench.get_by_label("Lot")).to_have_value("LT-TAB")


def test_the_page_covers_itself_when_the_server_has_locked(bench: Page, site: Site) -> None:
    bench.get_by_label("Lot").fill("LT-IDLE")
    site.clock.move(minutes=10)
    bench.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(bench.get_by_role("heading", name="Locked")).to_be_visible()
    bench.get_by_label("Password").fill(site.passphrase)
    bench.get_by_role("button", name="Unlock").click()
    expect(bench.get_by_label("Lot")).to_have_value("LT-IDLE")


def test_the_page_warns_a_minute_before_and_a_touch_keeps_it_open(bench: Page, site: Site) -> None:
    site.clock.move(minutes=9, seconds=10)
    bench.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    warning = bench.get_by_text("This page locks in a minute.")
    expect(warning).to_be_visible()
    bench.get_by_label("Lot").press("A")
    expect(warning).to_be_hidden()


def test_a_badge_scanned_anywhere_locks_and_names(bench: Page, site: Site, sign_in: Sign) -> None:
    said = site.app.test_cli_runner().invoke(args=["badges", "issue", "physician"]).output
    bench.locator("#scan input").fill(said.strip())
    bench.locator("#scan input").press("Enter")
    expect(bench.get_by_label("User name")).to_have_value("physician")
    expect(bench.get_by_label("Password")).to_be_focused()


def test_signing_out_while_the_line_is_down_leaves_nothing_to_see(bench: Page) -> None:
    bench.get_by_label("Lot").fill("LT-OFFLINE")
    bench.context.set_offline(True)
    bench.get_by_role("button", name="Sign out").click()
    with contextlib.suppress(Error):  # a page of the browser itself, or nothing at all
        bench.go_back()
    seen = _seen(bench)
    assert "LT-OFFLINE" not in seen
    assert "Teo Blanc" not in seen


def test_a_page_being_printed_at_the_switch_is_not_sent_for_the_next(
    bench: Page, site: Site
) -> None:
    bench.evaluate("window.print = () => {}")
    other = bench.context.new_page()
    other.goto("/stock")
    bench.emulate_media(media="print")
    switch(other, site, "radiopharmacist")
    bench.emulate_media(media="screen")
    expect(bench.locator("body")).not_to_contain_text("Teo Blanc")


def test_the_browser_keeps_nothing_personal(bench: Page, site: Site) -> None:
    kept = "JSON.stringify([{...localStorage}, {...sessionStorage}])"
    assert bench.evaluate(kept) == "[{},{}]"
    assert not re.search("Teo|technologist", bench.title())


def _seen(page: Page) -> str:
    """What the browser shows once it has made up its mind where it is."""
    for _ in range(100):
        with contextlib.suppress(Error):
            return page.content()
        page.wait_for_timeout(100)
    return page.content()
