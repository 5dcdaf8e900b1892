"""Make the pictures of README and guide anew: `.venv/bin/python -m docs.pictures`.

It serves the demo from a database of its own at a fixed instant and photographs what a person would
see who does the steps below; 64 colours keep each picture small.
"""

import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from pypdfium2 import PdfDocument
from werkzeug.serving import WSGIRequestHandler, make_server

from config.settings import from_environment
from radiopharm.application import create_app
from radiopharm.store import migrations

HERE = Path(__file__).resolve().parent
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
COLOURS = 64
SECRETS = {"RADIOPHARM_SECRET_KEY": "k" * 40}


class Silent(WSGIRequestHandler):
    """A server without its log."""

    def log(self, *_said: object) -> None:
        return None


def main() -> None:
    """Do the steps and keep the pictures."""
    with demo() as (address, password), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for username, steps in STEPS.items():
            page = signed_in(browser, address, username, password)
            for step in steps:
                step(page)
            page.context.close()
        browser.close()


@contextmanager
def demo() -> Iterator[tuple[str, str]]:
    """The address of a demo that stands still at `NOW`, and the password of all its people."""
    with tempfile.TemporaryDirectory() as folder:
        url = {"RADIOPHARM_DATABASE_URL": f"sqlite:///{folder}/radiopharm.db"}
        app = create_app(from_environment({**SECRETS, **url}), clock=lambda: NOW)
        migrations.upgrade(app.extensions["radiopharm"].engine)
        commands = app.test_cli_runner()
        password = re.search(r"password of all: +(\S+)", commands.invoke(args=["demo"]).output)
        assert password is not None
        commands.invoke(args=["jobs", "run", "activity-snapshots"])
        commands.invoke(args=["audit", "seal"])
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", password[1]
        server.shutdown()


def signed_in(browser: Browser, address: str, username: str, password: str, **look: Any) -> Page:
    """A new window with that person signed in."""
    size = {"width": 1280, "height": 800}
    context = browser.new_context(
        base_url=address, locale="en-GB", timezone_id="UTC", **{"viewport": size, **look}
    )
    page = context.new_page()
    page.clock.set_fixed_time(NOW)
    page.goto("/sign-in")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


def vial(page: Page) -> None:
    """A vial before its reference time."""
    page.goto("/vials/6")
    _keep(page, "vial")


def directive(page: Page) -> None:
    """A draft, with what the physician signs."""
    page.goto("/directives/4")
    _keep(page, "guide/directive")


def dispensing(page: Page) -> None:
    """A dose read and not signed yet."""
    page.goto("/dispense?directive_id=3")
    planned = page.locator(".figure.huge b").first.inner_text().replace(",", "")
    number = re.match(r"[\d.]+", planned)
    assert number is not None, planned
    page.get_by_label("Reading").fill(f"{float(number[0]) / 1000 * 1.01:.3f}")
    page.get_by_role("region", name="You sign").wait_for()
    _keep(page, "guide/dispensing")


def constancy(page: Page) -> None:
    """The check source read, and beside it what was expected."""
    page.goto("/instruments/1")
    page.get_by_label("Reading").fill("7.81")
    page.get_by_text("It would be on record as").wait_for()
    _keep(page, "guide/instrument_checks")


def registers(page: Page) -> None:
    """Every register of a month, with its files."""
    page.goto("/registers?period=2026-05")
    _keep(page, "guide/registers")


def certificate(page: Page) -> None:
    """The paper of a container's release."""
    paper = page.request.get("/waste/1/certificate.pdf").body()
    sheet = PdfDocument(paper)[0].render(scale=1.3).to_pil()
    _save(sheet.crop((0, 0, sheet.width, int(sheet.height * 0.72))), "guide/certificate")


def administering(page: Page) -> None:
    """A dose of which much stayed in the line, before and after it is recorded."""
    page.goto("/doses/2/administration")
    page.get_by_label("Patient", exact=True).fill(page.locator(".head .code").last.inner_text())
    page.get_by_label("Dose", exact=True).fill("D-000002")
    for name in ("started_at", "ended_at", "residues.2.measured_at"):
        page.locator(f"[name='{name}_time']").evaluate("(box) => { box.value = '12:00' }")
    page.get_by_text("Tubing", exact=True).click()
    page.locator("[name='residues.2.activity']").fill("1900")
    page.get_by_text("of the prescribed").first.wait_for()
    page.locator("[name='residues.2.activity']").scroll_into_view_if_needed()
    _keep(page, "guide/administering")
    page.get_by_role("button", name="Record the administration").click()
    page.get_by_role("region", name="Possible medical event").wait_for()
    _keep(page, "guide/event")


def desk(page: Page) -> None:
    """Who looked at whom, one event opened, and the state of the chain above."""
    page.goto("/audit?view=identity")
    page.locator("details").first.locator("summary").click()
    _keep(page, "guide/audit")


def _keep(page: Page, name: str) -> None:
    page.locator("[data-live-target][aria-busy]").first.wait_for(state="detached")
    _save(Image.open(BytesIO(page.screenshot())), name)


def _save(taken: Image.Image, name: str) -> None:
    taken.convert("RGB").quantize(COLOURS).save(HERE / f"{name}.png", optimize=True)


STEPS = {
    "radiopharmacist": (vial,),
    "physician": (directive,),
    "technologist": (constancy, dispensing, administering),
    "safety_officer": (registers, certificate, desk),
}

if __name__ == "__main__":
    main()
