"""The page of flags: what stands open, and saying that it was seen to."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from radiopharm.core.flags import FlagKind
from radiopharm.jobs.registry import find
from radiopharm.jobs.running import run
from radiopharm.runtime import Runtime
from radiopharm.store import acts, audit_search, flags
from radiopharm.store.audit_search import Filters
from tests import hospital
from tests.conftest import StandingClock
from tests.doors import Api, Pages

Door = Callable[[str], Pages]
SAID = {"reason": "Arm looked at, dosimetry asked for"}


@pytest.fixture
def reaction(runtime: Runtime) -> int:
    """An open flag on a dose."""
    row = {
        "site_id": 1,
        "subject": "dose",
        "subject_id": 7,
        "kind": str(FlagKind.EXTRAVASATION),
        "message": "Swelling at the vein",
        "raised_at": runtime.clock(),
    }
    with acts.writing(runtime.engine) as db:
        flags.add(db, [row])
        return flags.of_kind(db, 1, FlagKind.EXTRAVASATION)[0].id


def test_what_stands_open_is_listed_with_its_place(reaction: int, pages: Door) -> None:
    page = pages("safety_officer").get("/flags").text
    assert "Extravasation" in page
    assert "D-000007" in page
    assert "Swelling at the vein" in page
    assert "Nothing stands open" in pages("safety_officer").get("/flags", kind="recall").text


def test_it_is_seen_to_with_a_reason_and_that_is_an_event(
    reaction: int, pages: Door, runtime: Runtime
) -> None:
    officer = pages("safety_officer")
    without = officer.post(f"/flags/{reaction}", {"reason": " "})
    done = officer.post(f"/flags/{reaction}", SAID)
    again = officer.post(f"/flags/{reaction}", SAID)
    assert (without.status_code, done.status_code, again.status_code) == (422, 303, 409)
    assert "does not stand any more" in again.text
    with runtime.reading() as db:
        (event,), _ = audit_search.page(db, "site:1", Filters(actions=("flags:seen-to",)), None, 5)
    assert SAID["reason"] in event.canonical


def test_a_flag_that_clears_with_its_cause_is_left_to_it(
    runtime: Runtime, clock: StandingClock, api: Callable[[str], Api]
) -> None:
    hospital.receive(runtime)
    clock.now += timedelta(days=5)
    run(runtime, find(runtime.settings, "flags"), clock())
    officer = api("safety_officer")
    expired = officer.get("/flags").json["items"][0]
    refused = officer.post(f"/flags/{expired['id']}/seen-to", SAID)
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (409, "clears_itself")


def test_another_sites_flag_is_not_there(reaction: int, api: Callable[[str], Api]) -> None:
    assert api("physician").post("/flags/999/seen-to", SAID).status_code == 404
    assert api("technologist").post(f"/flags/{reaction}/seen-to", SAID).status_code == 403
    seen = api("physician").post(f"/flags/{reaction}/seen-to", SAID)
    assert seen.json["cleared_at"] is not None
