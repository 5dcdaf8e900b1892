"""Guessing at the door slows strangers only; guessing at a signature slows signatures."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from radiopharm.runtime import Runtime
from tests import hospital
from tests.conftest import NOON, StandingClock
from tests.doors import Pages
from tests.web.bench import opened, send, signed

TODAY = NOON + timedelta(days=2)


@pytest.fixture
def form(runtime: Runtime, clock: StandingClock, bench: Pages) -> dict[str, str]:
    """A dose to be signed with the password."""
    hospital.accepted(
        runtime, received_at=NOON, reference_at=TODAY, expires_at=TODAY + timedelta(days=3)
    )
    directive_id = hospital.directive(runtime, planned_for=TODAY + timedelta(hours=2))
    return signed(opened(bench, directive_id), signature__secret=hospital.PASSWORD)


@pytest.fixture
def bench(pages: Callable[[str], Pages], clock: StandingClock) -> Pages:
    clock.now = TODAY
    return pages("radiopharmacist")


@pytest.mark.requirement("RQ-50")
def test_a_strangers_tries_at_the_door_stop_no_signature(
    app: Flask, bench: Pages, form: dict[str, str]
) -> None:
    guess = {"username": "radiopharmacist", "password": "wrong"}
    stranger = Pages(app, "nobody")
    for _ in range(8):
        stranger.post("/sign-in", guess, seen="/sign-in")
    assert "Too many" in stranger.post("/sign-in", guess, seen="/sign-in").text
    assert send(bench, form).status_code == 303


@pytest.mark.requirement("RQ-50")
def test_wrong_tries_at_a_signature_stop_the_next(bench: Pages, form: dict[str, str]) -> None:
    for _ in range(8):
        assert send(bench, form | {"signature.secret": "wrong"}).status_code == 403
    answer = send(bench, form)
    assert (answer.status_code, "Too many wrong tries" in answer.text) == (403, True)
