"""Make the README's picture: `make run`, then in another window `.venv/bin/python docs/picture.py`.

It signs in with the demo's own passphrase and photographs a vial before its reference time.
"""

import re
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
VIAL = "/vials/6"


def main(address: str, demo: Path) -> None:
    """Photograph the vial's page of the demo served at *address*."""
    passphrase = re.search(r"password of all: +(\S+)", demo.read_text())
    assert passphrase is not None
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(base_url=address, viewport={"width": 1280, "height": 800})
        page.goto("/sign-in")
        page.get_by_label("User name").fill("radiopharmacist")
        page.get_by_label("Password").fill(passphrase[1])
        page.get_by_role("button", name="Sign in").click()
        page.goto(VIAL)
        page.screenshot(path=HERE / "vial.png")
        browser.close()


if __name__ == "__main__":
    given = sys.argv[1:]
    main(
        *given[:1] or ["http://127.0.0.1:8000"], Path(*given[1:] or [HERE.parent / "var/demo.txt"])
    )
