"""An account in an envelope: it opens once, for four hours, and all it does says so."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from radiopharm.core.emergency import LASTS, Sealed
from radiopharm.core.refusals import Refused
from radiopharm.core.signing import Record, Statement
from radiopharm.core.waste_statements import RELEASE
from radiopharm.runtime import Runtime
from radiopharm.services import envelopes as service
from radiopharm.services import signatures
from radiopharm.store.acts import Act
from radiopharm.store.tables.accounts import signatures as signed_rows
from tests import hospital
from tests.conftest import StandingClock
from tests.doors import Pages
from tests.web.bench import opened, send, signed

pytestmark = pytest.mark.requirement("RQ-48")
Sign = Callable[[str], Pages]
MARK = "Emergency access, opened by Ada Bright"
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def paper(runtime: Runtime) -> Sealed:
    """A sealed envelope for the bench."""
    made: list[Sealed] = []

    def work(act: Act) -> dict[str, Any]:
        made.append(service.seal(act, ["radiopharmacist", "safety_officer"]))
        return {}

    runtime.act(work, actor=hospital.person(runtime, "admin"), now=runtime.clock())
    return made[0]


@pytest.fixture
def opener(app: Flask, paper: Sealed) -> Pages:
    """Ada Bright, in by the envelope."""
    at = Pages(app, "nobody")
    assert open_(at, paper) == 303
    return at


def open_(at: Pages, paper: Sealed, **changes: str) -> int:
    """Break the seal of a paper at a browser."""
    typed = {"username": paper.username, "secret": paper.secret, "reason": "Nobody answers"}
    form = {**typed, "opener": "Ada Bright", **changes}
    return at.post("/emergency", form, seen="/emergency").status_code


def flags_of(at: Pages) -> list[str]:
    return re.findall(r"/accounts/envelopes/(\d+)/seen", at.get("/accounts").text)


def test_an_administrator_gets_the_paper_once(pages: Sign) -> None:
    admin = pages("admin")
    form = {"roles": "physician", "idempotency_key": "once", "csrf_token": admin.token()}
    first, again = (admin.send("/accounts/envelopes", form) for _ in range(2))
    assert (first.status_code, first.data[:5], again.status_code) == (200, b"%PDF-", 303)
    assert "not printed twice" in admin.get("/accounts").text


@pytest.mark.parametrize("role", ["admin", "derogator", "auditor", ""])
def test_an_envelope_holds_no_role_that_could_outlive_it(pages: Sign, role: str) -> None:
    assert pages("admin").post("/accounts/envelopes", {"roles": role}).status_code == 422


def test_who_opens_it_is_named_on_every_page_with_the_reason(opener: Pages) -> None:
    page = opener.get("/stock").text
    assert f"{MARK}</b>, until" in page
    assert "Nobody answers" in page


def test_it_opens_once(app: Flask, opener: Pages, paper: Sealed) -> None:
    assert open_(Pages(app, "nobody"), paper, opener="Somebody Else") == 422


@pytest.mark.parametrize(("box", "text"), [("opener", "  "), ("reason", "")])
def test_it_opens_for_a_name_and_a_reason_only(
    app: Flask, paper: Sealed, box: str, text: str
) -> None:
    at = Pages(app, "nobody")
    assert open_(at, paper, **{box: text}) == 422
    assert open_(at, paper) == 303


def test_it_ends_after_four_hours_to_the_microsecond(opener: Pages, clock: StandingClock) -> None:
    ends_at = clock() + LASTS
    while clock() + timedelta(minutes=9) < ends_at:
        clock.move(minutes=9)
        assert opener.get("/stock").status_code == 200
    clock.now = ends_at - MICROSECOND
    assert opener.get("/stock").status_code == 200
    clock.now = ends_at
    assert opener.get("/stock").location.startswith("/sign-in")


def test_its_secret_unlocks_the_session_it_began(opener: Pages, paper: Sealed) -> None:
    opener.post("/lock", {})
    form = {"username": paper.username, "password": paper.secret}
    assert opener.post("/sign-in", form, seen="/sign-in").status_code == 303
    assert MARK in opener.get("/stock").text


def test_its_secret_opens_nothing_anywhere_else(
    app: Flask, opener: Pages, paper: Sealed, clock: StandingClock
) -> None:
    form = {"username": paper.username, "password": paper.secret}
    assert Pages(app, "nobody").post("/sign-in", form, seen="/sign-in").status_code == 422
    opener.post("/sign-out", {})
    assert opener.post("/sign-in", form, seen="/sign-in").status_code == 422


def test_a_sealed_secret_does_not_sign_in(app: Flask, paper: Sealed) -> None:
    form = {"username": paper.username, "password": paper.secret}
    assert Pages(app, "nobody").post("/sign-in", form, seen="/sign-in").status_code == 422


def test_a_revoked_envelope_stays_shut(app: Flask, pages: Sign, paper: Sealed) -> None:
    revoke = f"/accounts/{paper.username}/disable"
    assert pages("admin").post(revoke, {"reason": "The seal was torn"}).status_code == 302
    assert open_(Pages(app, "nobody"), paper) == 422


def test_revoking_it_ends_what_it_opened(pages: Sign, opener: Pages, paper: Sealed) -> None:
    pages("admin").post(f"/accounts/{paper.username}/disable", {"reason": "It is over"})
    assert opener.get("/stock").location.startswith("/sign-in")


def test_wrong_secrets_are_slowed_as_all_are(app: Flask, paper: Sealed) -> None:
    at = Pages(app, "nobody")
    tries = [open_(at, paper, secret="wrong") for _ in range(6)]
    assert tries == [422] * 5 + [429]
    assert open_(at, paper) == 429


def test_opening_raises_a_flag_that_stands_until_it_is_seen_to(
    pages: Sign, opener: Pages, clock: StandingClock
) -> None:
    officer, admin = pages("safety_officer"), pages("admin")
    assert MARK in officer.get("/flags").text
    (flag,) = flags_of(admin)
    said = {"reason": "Spoke with her"}
    assert opener.post(f"/flags/{flag}", said).status_code == 409
    assert pages("physician").post(f"/flags/{flag}", said).status_code == 409
    assert admin.post(f"/accounts/envelopes/{flag}/seen", said).status_code == 303
    assert (flags_of(admin), MARK in officer.get("/flags").text) == ([], False)


def test_every_act_of_it_is_marked_in_the_audit(pages: Sign, opener: Pages) -> None:
    opener.post("/lock", {})
    auditor = pages("auditor")
    assert re.search(
        rf"{MARK}</b></span></td>\s*<td[^>]*>session:locked", auditor.get("/audit").text
    )
    exported = auditor.get("/audit/export.csv").text
    assert f"web · {MARK}" in exported


@pytest.fixture
def number(runtime: Runtime, clock: StandingClock) -> int:
    now = clock()
    hospital.accepted(runtime, reference_at=now, expires_at=now + timedelta(days=3))
    return hospital.directive(runtime, planned_for=now + timedelta(hours=2))


def dispensed(at: Pages, number: int, paper: Sealed, **changes: str) -> Any:
    mine = {"signature__username": paper.username, "signature__secret": paper.secret}
    return send(at, signed(opened(at, number), **{**mine, **changes}))


def test_what_it_signs_names_the_opener(
    opener: Pages, paper: Sealed, runtime: Runtime, number: int
) -> None:
    answer = dispensed(opener, number, paper)
    assert f"Signed by {MARK} (" in opener.get(answer.location).text
    with runtime.reading() as db:
        newest = sa.select(signed_rows.c.signer_name).order_by(signed_rows.c.id.desc()).limit(1)
        assert db.scalar(newest) == MARK


def test_its_secret_signs_for_nobody_who_is_not_in(
    pages: Sign, opener: Pages, paper: Sealed, number: int
) -> None:
    opener.post("/sign-out", {})
    assert dispensed(pages("technologist"), number, paper).status_code == 403


@pytest.mark.parametrize(("opener_name", "status"), [(" TECHNOLOGIST ", 422), ("Ada Bright", 303)])
def test_it_is_no_second_person_beside_an_account_of_the_same_name(
    app: Flask, pages: Sign, paper: Sealed, number: int, opener_name: str, status: int
) -> None:
    open_(Pages(app, "nobody"), paper, opener=opener_name)
    second = {"second.username": paper.username, "second.secret": paper.secret}
    bench = pages("technologist")
    answer = send(bench, signed(opened(bench, number)) | second)
    assert (answer.status_code, "must be someone else" in answer.text) == (status, status == 422)


def test_it_gets_no_token(opener: Pages, pages: Sign, paper: Sealed) -> None:
    made = pages("admin").post(f"/accounts/{paper.username}/tokens", {"name": "a robot"})
    assert made.status_code == 404


def test_it_releases_nothing(
    opener: Pages, paper: Sealed, runtime: Runtime, clock: StandingClock
) -> None:
    record = Record(kind=RELEASE, key="W-000001", version=1)
    said = Statement(record=record, meaning="Released", sentences=("It goes.",), facts={})
    signing = hospital.signing(runtime, paper.username, paper.secret)

    def work(act: Act) -> dict[str, Any]:
        signatures.sign(act, said, signing, roles=["safety_officer"])
        return {}

    with pytest.raises(Refused, match="emergency"):
        runtime.act(work, actor=hospital.person(runtime, paper.username), now=clock())


@pytest.fixture
def access_review(pages: Sign) -> Callable[[], str]:
    return lambda: pages("auditor").get("/registers/access-review").text


def test_the_access_review_shows_envelopes_sealed_and_opened(
    app: Flask, paper: Sealed, access_review: Callable[[], str], clock: StandingClock
) -> None:
    clock.move(minutes=1)
    assert re.search(rf"{paper.username}.*sealed", access_review(), re.DOTALL)
    open_(Pages(app, "nobody"), paper)
    clock.move(minutes=1)
    assert "opened by Ada Bright" in access_review()
