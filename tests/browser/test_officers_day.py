"""A safety officer's day: flags, a limit, a release, the review, a bundle that proves itself."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from radiopharm.core.actions import Action
from radiopharm.core.containers import ContainerKind, Source
from radiopharm.core.filling import Measure, OpenContainer, PutItem, Seal
from radiopharm.demo.ward import do
from radiopharm.services import waste
from radiopharm.store.acts import Act
from tests import hospital
from tests.browser.conftest import Site

pytestmark = [pytest.mark.browser, pytest.mark.requirement("RQ-37", "RQ-44")]
OFFICER = "safety_officer"
PROBE = 2  # the demo's survey meter
DONE = (Action.LIMIT_SET, Action.CONTAINER_RELEASED, Action.AUDIT_REVIEWED, Action.EXPORTED)
Sign = Callable[[str], Page]


@pytest.fixture
def bag(site: Site) -> str:
    """A bag of this test's own, decayed for 70 days and measured at background; its code."""
    runtime = site.app.extensions["radiopharm"]

    def by(days: int, work: Callable[[Act], Any]) -> Any:
        person = hospital.person(runtime, "technologist")
        return do(runtime, person, site.clock() - timedelta(days=days), work)

    opening = OpenContainer(kind=ContainerKind.BAG, nuclide="Lu-177", place="Decay store")
    number = by(70, lambda act: waste.open_container(act, opening, runtime.container_numbers))
    gloves = PutItem(
        source=Source.OTHER, description="Gloves", activities_bq=(("Lu-177", 9_000_000),)
    )
    by(70, lambda act: waste.put_in(act, number, gloves))
    by(69, lambda act: waste.seal(act, number, Seal(mass_g=800)))
    reading = Measure(
        background=Decimal("0.12"),
        reading=Decimal("0.12"),
        unit="µSv/h",
        unshielded=True,
        most_sensitive_scale=True,
        instrument_id=PROBE,
        measured_at=site.clock(),
    )
    by(0, lambda act: waste.measure(act, number, reading))
    return f"W-{number:06d}"


def test_from_the_flags_to_a_bundle_that_is_verified_without_us(
    site: Site, sign_in: Sign, bag: str, tmp_path: Path
) -> None:
    raise_flags(site)
    page = sign_in(OFFICER)
    look_at_the_flags(page)
    set_a_limit(page)
    release(page, bag, site.passphrase)
    review(page, site.passphrase)
    folder = take_the_bundle(page, tmp_path)

    said = subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify_bundle.py"), str(folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={},
    )
    assert (said.returncode, said.stderr) == (0, "")
    assert "every register holds the figures that the sealed trail names" in said.stdout
    left = json.loads((folder / "registers" / "waste-released.json").read_text())
    assert bag in json.dumps(left)
    trail = (folder / "events.jsonl").read_text()
    assert all(act in trail for act in DONE)


def raise_flags(site: Site) -> None:
    """What the scheduler does every quarter of an hour."""
    assert site.app.test_cli_runner().invoke(args=["jobs", "run", "flags"]).exit_code == 0


def look_at_the_flags(page: Page) -> None:
    """From the room that is contaminated to its survey."""
    page.get_by_role("link", name="Flags").click()
    expect(page.get_by_role("row", name="Review overdue")).to_be_visible()
    page.get_by_role("link", name="Hot lab").click()
    expect(page.get_by_text("Over its level, open")).to_be_visible()


def set_a_limit(page: Page) -> None:
    """Of what the licence lets the site hold."""
    page.get_by_role("link", name="Stock").click()
    page.get_by_role("link", name="Holding limits").click()
    page.get_by_label("Nuclide").fill("Lu-177m")
    page.get_by_role("textbox", name="At most").fill("1")
    page.get_by_label("Licence and clause").fill("Licence, condition 8")
    page.get_by_label("Reason").fill("Amendment 3")
    page.get_by_role("button", name="Set the limit").click()
    expect(page.get_by_role("row", name=re.compile("Lu-177m.*Within"))).to_be_visible()


def release(page: Page, bag: str, passphrase: str) -> None:
    """By scanner to the bag, through the steps, to its certificate."""
    page.get_by_role("searchbox").fill(bag)
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name="Release", exact=True).click()
    page.get_by_label("Where it goes").fill("Ordinary clinical waste")
    page.get_by_text("None in it").click()
    page.get_by_label("Every radiation label is removed or defaced").check()
    sign(page, passphrase)
    page.get_by_role("button", name=f"Release {bag}").click()
    expect(page.get_by_role("link", name="Release certificate")).to_be_visible()
    page.get_by_role("link", name="Its register").click()
    expect(page.get_by_role("link", name=bag)).to_be_visible()


def review(page: Page, passphrase: str) -> None:
    """The month that is over; the next one is due in a month."""
    page.get_by_role("link", name="Audit", exact=True).click()
    page.get_by_role("link", name="Reviews").click()
    for name, day in (("from", "2026-05-01"), ("to", "2026-06-01"), ("next_due", "2026-07-01")):
        page.locator(f"[name={name}_date]").fill(day)
        page.locator(f"[name={name}_time]").fill("00:00")
    page.get_by_label("Findings").fill("One room is contaminated; seen to")
    sign(page, passphrase)
    page.get_by_role("button", name="Sign the review").click()
    expect(page.get_by_text("One room is contaminated; seen to").first).to_be_visible()
    expect(page.get_by_text("The next review was due")).to_have_count(0)


def take_the_bundle(page: Page, folder: Path) -> Path:
    """One click; where it unpacked to."""
    page.get_by_role("link", name="Registers").click()
    with page.expect_download(timeout=120_000) as download:
        page.get_by_role("link", name="Inspector's bundle").click()
    download.value.save_as(folder / "bundle.zip")
    ZipFile(folder / "bundle.zip").extractall(folder)
    return next(path for path in folder.iterdir() if path.is_dir())


def sign(page: Page, passphrase: str) -> None:
    """As the safety officer, what is shown."""
    page.get_by_label("Safety officer").fill(OFFICER)
    page.locator("[name='signature.secret']").fill(passphrase)
    expect(page.get_by_role("region", name="You sign")).to_be_visible()
    expect(page.locator("[data-live-target][aria-busy]")).to_have_count(0)
