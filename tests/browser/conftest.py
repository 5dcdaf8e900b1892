"""Debian's Chromium before a real server whose database is the demo's; the clock stands still."""

import contextlib
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, Error, Page, ViewportSize, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from radiopharm.application import create_app
from radiopharm.store import migrations
from tests import hospital, machine
from tests.conftest import NOON, StandingClock

QUIET = [
    "--no-sandbox",  # as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong
DESK: ViewportSize = {"width": 1280, "height": 800}


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A served demo."""

    app: Flask
    address: str
    passphrase: str
    pin: str
    clock: StandingClock


class Silent(WSGIRequestHandler):
    """The development server without its log."""

    def log(self, *_said: object) -> None:
        return None


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo's site behind a server on a port of its own."""
    folder = tmp_path_factory.mktemp("site")
    settings = hospital.settings(f"sqlite:///{folder}/radiopharm.db", folder)
    clock = StandingClock()
    app = create_app(settings, clock=clock)
    engine = app.extensions["radiopharm"].engine
    migrations.upgrade(engine)
    said = app.test_cli_runner().invoke(args=["demo"]).output
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Site(
        app=app,
        address=f"http://127.0.0.1:{server.server_port}",
        passphrase=_said(r"password of all: +(\S+)", said),
        pin=_said(r"PIN of all: +(\d+)", said),
        clock=clock,
    )
    server.shutdown()
    server.server_close()
    engine.dispose()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, or a failure that says what to install: never a skip."""
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=machine.chromium(), args=QUIET)
        yield started
        started.close()


@pytest.fixture
def sign_in(site: Site, browser: Browser) -> Iterator[Callable[[str], Page]]:
    """`sign_in("technologist")`: a page of a new window with that person signed in."""
    contexts = []

    def signed_in(username: str) -> Page:
        context = browser.new_context(base_url=site.address, viewport=DESK, reduced_motion="reduce")
        contexts.append(context)
        context.clock.set_fixed_time(NOON)
        page = context.new_page()
        page.goto("/sign-in")
        page.get_by_label("User name").fill(username)
        page.get_by_label("Password").fill(site.passphrase)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "sign-in" not in url)
        return page

    yield signed_in
    for context in contexts:
        for page in context.pages:  # to close a context is to wait for what they have under way
            with contextlib.suppress(Error):  # a paper that is just opening goes first
                page.goto("about:blank")


def _said(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found is not None, text
    return found[1]
