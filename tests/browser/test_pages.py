"""Every page that links lead to: accessible in light and dark, wide and narrow, and silent.

A page is looked at as the first role that may see it. Of a route the first page is looked at four
times, and the next one, whose record stands otherwise, once.
"""

from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

from radiopharm.services.accounts import ROLES
from tests.browser.conftest import DESK, Site
from tests.browser.crawling import reachable

pytestmark = pytest.mark.browser
PHONE: ViewportSize = {"width": 390, "height": 844}
NARROWEST: ViewportSize = {"width": 320, "height": 640}
LOUD = ("error", "warning")  # what Chromium merely suggests about forms is left alone
BRIEF = {"resultTypes": ["violations"], "preload": False}  # what passes is not told: much faster
LOOK = "options => axe.run(options).then(results => results.violations)"
TWICE = """[...document.querySelectorAll("[id]")].map(it => it.id)
    .filter((id, n, all) => all.indexOf(id) !== n)"""
CONTRAST = {"runOnly": ["color-contrast"]}  # all that a scheme can change
Looks = tuple[tuple[ViewportSize, Literal["light", "dark"], dict[str, Any]], ...]
LOOKS: Looks = (
    (DESK, "light", {}),
    (PHONE, "dark", {}),
    (DESK, "dark", CONTRAST),
    (PHONE, "light", CONTRAST),
)
Sign = Callable[[str], Page]


@pytest.mark.timeout(900)  # some fifty pages, each looked at four times
@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_accessible_silent_and_fits(site: Site, sign_in: Sign, role: str) -> None:
    page = sign_in(role)
    said = _listen(page)
    faults = []
    for endpoint, paths in reachable(site.app, page).items():
        if _first_role(site, endpoint) == role:
            for path, looks in zip(paths, (LOOKS, LOOKS[:1]), strict=False):
                page.goto(path)
                faults += [f"{path}: {fault}" for fault in [*_seen(page, looks), *said]]
                said.clear()
    assert not faults, "\n".join(faults)


def test_a_page_that_is_not_accessible_is_found(sign_in: Sign) -> None:
    page = sign_in("technologist")
    said = _listen(page)
    page.locator("h1").evaluate("it => { it.style.color = '#999'; it.style.background = '#aaa' }")
    page.locator("main").evaluate("it => { it.style.width = '2000px' }")
    page.locator("h1").evaluate("it => { it.id = 'page' }")
    page.evaluate("() => console.error('spoken')")
    faults = "\n".join(_seen(page, LOOKS))
    assert "1280 px, light: color-contrast" in faults
    assert "390 px, dark: color-contrast" in faults
    assert "320 px: must be scrolled sideways" in faults
    assert "ids that stand twice: ['page']" in faults
    assert said == ["console: spoken"]


def _first_role(site: Site, endpoint: str) -> str | None:
    table = site.app.extensions["radiopharm"].access
    return next((role for role in ROLES if table.allows(endpoint, frozenset([role]))), None)


def _listen(page: Page) -> list[str]:
    """What the page's console says, broken policies included, as it comes."""
    said: list[str] = []
    page.on("console", lambda line: line.type in LOUD and said.append(f"console: {line.text}"))
    page.on("pageerror", lambda error: said.append(f"script: {error}"))
    return said


def _seen(page: Page, looks: Looks) -> Iterator[str]:
    """Every fault of the page as it is open; it is left as found."""
    if twice := page.evaluate(TWICE):
        yield f"ids that stand twice: {twice}"
    page.evaluate(Axe().axe_script)  # once: handing half a megabyte over costs more than the look
    for size, scheme, options in looks:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        for violation in _violations(page, options):
            yield f"{size['width']} px, {scheme}: {violation}"
    page.set_viewport_size(NARROWEST)
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        yield "320 px: must be scrolled sideways"
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="light")


def _violations(page: Page, options: dict[str, Any]) -> list[str]:
    found = page.evaluate(LOOK, {**BRIEF, **options})
    return [f"{one['id']} at {one['nodes'][0]['target']}" for one in found]
