"""What the officer's desk does on pages is done by programs too, with the same checks."""

from collections.abc import Callable

import pytest

from radiopharm.jobs import sealer
from radiopharm.runtime import Runtime
from tests import hospital
from tests.doors import Api
from tests.services.test_sealing import without_guard
from tests.web.test_day_sheets import scanned

REVIEW = {
    "from": "2026-05-01T00:00:00Z",
    "to": "2026-06-01T00:00:00Z",
    "findings": "Nothing out of the way",
    "next_due": "2026-09-01T00:00:00Z",
}
SIGNATURE = {"username": "safety_officer", "secret": hospital.PASSWORD}
PART = "/audit-events/verification/part"


def test_a_part_of_the_trail_is_proved_until_it_is_changed(
    api: Callable[[str], Api], runtime: Runtime
) -> None:
    hospital.accepted(runtime)
    sealer.tick(runtime, at_once=True)
    officer = api("safety_officer")
    whole = officer.get(PART, about="V-000001").json
    (site,) = whole["parts"]
    assert (whole["verified"], site["events"], site["seal"]["stream"]) == (True, 2, "site:1")
    assert officer.get(PART).json["verified"] is True
    without_guard(runtime, "UPDATE audit_events SET canonical = canonical || ' ' WHERE number = 2")
    said = officer.get(PART, about="V-000001").json
    assert (said["verified"], said["parts"][0]["first_bad"]["number"]) == (False, 2)
    assert officer.get(PART, about="V-000099").status_code == 404
    assert officer.get(PART, about="soon").status_code == 422


def test_a_review_is_signed_as_shown_and_listed_page_by_page(api: Callable[[str], Api]) -> None:
    officer = api("safety_officer")
    for findings in ("First", "Second"):
        review = {**REVIEW, "findings": findings}
        shown = officer.post("/audit-reviews/sign-ticket", review).json
        signed = {**review, "signature": {**SIGNATURE, "ticket": shown["ticket"]}}
        assert officer.post("/audit-reviews", signed).status_code == 201
    first = api("auditor").get("/audit-reviews", limit="1").json
    second = api("auditor").get("/audit-reviews", limit="1", after=first["next"]).json
    assert [it["findings"] for it in first["items"] + second["items"]] == ["Second", "First"]
    assert second["next"] is None
    assert first["items"][0]["signature"]["name"] == "Safety_Officer"
    assert len(first["items"][0]["counts"]) > 5


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_review_of_a_period_that_is_not_over_is_refused(api: Callable[[str], Api]) -> None:
    officer = api("safety_officer")
    ahead = {**REVIEW, "to": "2026-07-01T00:00:00Z"}
    assert officer.post("/audit-reviews/sign-ticket", ahead).status_code == 422
    signed = officer.post("/audit-reviews", {**ahead, "signature": SIGNATURE})
    assert [it["field"] for it in signed.json["errors"]] == ["to"]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_day_is_closed_on_a_paper_whose_foot_bears_the_chain_out(
    api: Callable[[str], Api], runtime: Runtime
) -> None:
    hospital.accepted(runtime)
    answer = api("radiopharmacist").post("/day-sheets", {"day": "2026-06-01"})
    assert answer.mimetype == "application/pdf"
    _, line = scanned(answer.data)
    foot = api("auditor").get("/day-sheets/foot", line=line).json
    assert (foot["fault"], foot["seal"]["stream"]) == (None, "site:1")
    other = api("auditor").get("/day-sheets/foot", line=line.replace(" site:1 ", " site:2 "))
    assert other.json["fault"]["kind"] == "anchor"
    assert api("auditor").get("/day-sheets/foot", line="V-000017").status_code == 422
