"""The saved views of the audit, what is shown taken out as it is shown, and the periodic review."""

import json
import re
from typing import Any

import pytest

from radiopharm.core.actions import Action
from radiopharm.core.audit_views import ALL
from radiopharm.core.flags import FlagKind
from radiopharm.runtime import Runtime
from radiopharm.store import acts, flags
from radiopharm.store.acts import Act
from tests import hospital
from tests.conftest import NOON, StandingClock
from tests.doors import Pages
from tests.web.test_audit import listed, rows

FORM = {
    "from_date": "2026-05-01",
    "from_time": "00:00",
    "to_date": "2026-06-01",
    "to_time": "14:00",
    "next_due_date": "2026-09-01",
    "next_due_time": "08:00",
    **{f"{stem}_zone": "Europe/Madrid" for stem in ("from", "to", "next_due")},
    "findings": "Two voids looked into, both explained",
    "signature.username": "safety_officer",
    "signature.secret": hospital.PASSWORD,
}


def record(runtime: Runtime, action: Action, *subjects: str, **facts: Any) -> None:
    def work(act: Act) -> dict[str, Any]:
        act.record(action, *subjects, **facts)
        return {}

    actor = hospital.person(runtime, "radiopharmacist")
    runtime.act(work, actor=actor, now=runtime.clock())


def shown(pages: Any, view: str, **asked: str) -> set[str]:
    return listed(pages("safety_officer").get("/audit", view=view, **asked))


@pytest.mark.parametrize(
    ("view", "action", "facts", "wanted"),
    [
        ("voids", Action.DOSE_VOIDED, {}, True),
        ("overrides", Action.DOSE_DISPENSED, {"overridden": ["expired"]}, True),
        ("overrides", Action.DOSE_DISPENSED, {"overridden": []}, False),
        ("overrides", Action.VIAL_ACCEPTED, {"own_delivery": True}, True),
        ("late", Action.VIAL_ASSAYED, {"late": True}, True),
        ("late", Action.VIAL_ASSAYED, {"late": False}, False),
        ("late", Action.VIAL_ASSAYED, {"said": '"late":true'}, False),
        ("clock-steps", Action.CLOCK_STEPPED, {}, True),
        ("taken-out", Action.EXPORTED, {}, True),
    ],
)
def test_a_view_finds_what_it_says(
    pages, runtime: Runtime, view: str, action: Action, facts: dict[str, Any], wanted: bool
) -> None:
    record(runtime, action, **facts)
    assert (str(action) in shown(pages, view)) is wanted


def test_after_hours_are_those_of_the_wall_clock_of_the_site(
    pages, runtime: Runtime, clock: StandingClock
) -> None:
    for hour in (4, 5, 15, 16):  # 06, 07, 17 and 18 o'clock in Madrid
        clock.now = NOON.replace(hour=hour)
        record(runtime, Action.VIAL_MOVED, f"vial:{hour}")
    clock.now = NOON.replace(day=2)
    page = pages("safety_officer").get("/audit", view="after-hours")
    assert set(re.findall(r'class="code">vial:(\d+)<', page.text)) == {"4", "16"}


def test_after_hours_does_not_reach_over_more_than_a_year(pages) -> None:
    asked = {"view": "after-hours", "from_date": "2020-01-01"}
    answer = pages("auditor").get("/audit", **asked)
    assert answer.status_code == 422
    assert "366 days at most" in answer.text


def test_an_unclosed_deviation_shows_everything_about_what_it_is_of(
    pages, runtime: Runtime
) -> None:
    record(runtime, Action.DOSE_DISPENSED, "dose:7")
    record(runtime, Action.DOSE_ADMINISTERED, "dose:8")
    record(runtime, Action.ROOM_SURVEYED, "room:7")
    record(runtime, Action.VIAL_MOVED, "vial:7")
    flagged(runtime, 7)
    flagged(runtime, 7, "room", FlagKind.CONTAMINATION)
    flagged(runtime, 7, "vial", FlagKind.NEAR_EXPIRY)  # of what is due, not of what went wrong
    assert shown(pages, "deviations") == {"dose:dispensed", "room:surveyed"}


def flagged(
    runtime: Runtime,
    subject_id: int,
    subject: str = "dose",
    kind: FlagKind = FlagKind.EXTRAVASATION,
) -> None:
    with acts.writing(runtime.engine) as db:
        flags.add(
            db,
            [
                {
                    "site_id": 1,
                    "subject": subject,
                    "subject_id": subject_id,
                    "kind": str(kind),
                    "message": "said",
                    "raised_at": runtime.clock(),
                }
            ],
        )


def test_every_view_opens_and_says_what_it_is(pages) -> None:
    officer = pages("safety_officer")
    for view in ALL:
        assert view.says in officer.get("/audit", view=view.code).text


def test_the_same_events_come_out_as_csv_and_json_and_both_are_events(
    pages, runtime: Runtime
) -> None:
    record(runtime, Action.DOSE_VOIDED, "dose:7")
    record(runtime, Action.VIAL_MOVED, "vial:7")
    officer = pages("safety_officer")
    table = rows(officer.get("/audit/export.csv", view="voids"))[1:]
    listed = json.loads(officer.get("/audit/export.json", view="voids").text)
    assert [int(row[0]) for row in table] == [it["number"] for it in listed]
    assert [it["event"]["subjects"] for it in listed] == [["dose:7"]]
    assert officer.get("/audit", view="taken-out").text.count('class="code">export:taken<') == 2


def signed(officer: Pages, **changes: str) -> Any:
    form = FORM | changes
    frame = officer.post("/audit/reviews/statement", form).text
    ticket = re.search(r'name="signature.ticket" value="([^"]+)"', frame)
    return officer.post("/audit/reviews", form | {"signature.ticket": ticket[1] if ticket else ""})


def test_a_review_is_signed_with_what_each_view_held_and_flagged_when_overdue(
    pages, runtime: Runtime, clock: StandingClock
) -> None:
    clock.now = NOON.replace(hour=9)
    record(runtime, Action.DOSE_VOIDED, "dose:7")
    clock.now = NOON.replace(hour=13)
    officer = pages("safety_officer")
    answer = signed(officer)
    page = officer.get("/audit/reviews").text
    assert (answer.status_code, "Voids 1," in page) == (303, True)
    assert "Two voids looked into" in page
    clock.now = NOON.replace(month=9, day=2)
    assert "The next review was due" in pages("auditor").get("/audit/reviews").text


def test_a_review_of_a_period_that_is_not_over_is_refused(pages) -> None:
    answer = signed(pages("safety_officer"), to_date="2026-07-01")
    assert answer.status_code in (409, 422)
    assert "Signed reviews" in answer.text
    assert "No review is signed yet" in answer.text
