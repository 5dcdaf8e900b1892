"""The administration page of a recalled dose: it stops the hand, and takes what was given."""

from collections.abc import Callable

import pytest

from radiopharm.runtime import Runtime
from tests import giving, hospital
from tests.conftest import StandingClock
from tests.doors import Api, Pages
from tests.web.bench import sign, tickets
from tests.web.test_administering import typed

IN_SPITE = {
    "already_given": "yes",
    "reason": "It ran before the call came",
    "second.username": "second",
    "second.secret": hospital.PASSWORD,
}


@pytest.fixture
def path(api: Callable[[str], Api], runtime: Runtime, clock: StandingClock) -> str:
    """The page of a dose whose directive was cancelled."""
    bench = api("radiopharmacist")
    dose = giving.dispensed(bench, runtime, clock)
    bench.post(f"/directives/{dose['directive_id']}/cancel", {"reason": "Unwell"})
    clock.move(hours=2)
    return f"/doses/{dose['id']}/administration"


def test_the_page_stops_the_hand_before_anything_is_typed(
    pages: Callable[[str], Pages], path: str, clock: StandingClock
) -> None:
    bench = pages("technologist")
    assert "do not give it" in bench.get(path).text
    refused = bench.post(path, typed(clock), seen=path)
    assert (refused.status_code, 'value="370"' in refused.text) == (409, True)
    assert "It was cancelled." in bench.get(f"{path}/figures", **typed(clock)).text


def test_one_given_already_is_recorded_by_two_and_stays_flagged(
    pages: Callable[[str], Pages], path: str, clock: StandingClock
) -> None:
    bench = pages("technologist")
    assert sign(bench, path, f"{path}/figures", typed(clock, **IN_SPITE)).status_code == 303
    for page in (bench.get(path).text, bench.get(path.removesuffix("/administration")).text):
        assert "Given though it was recalled." in page
        assert "It ran before the call came" in page
        assert "Signed by Second Pharmacist" in page


def test_without_script_the_page_comes_back_once_with_what_is_signed(
    pages: Callable[[str], Pages], path: str, clock: StandingClock
) -> None:
    bench, form = pages("technologist"), typed(clock, **IN_SPITE)
    unseen = bench.post(path, form, seen=path)
    assert (unseen.status_code, "Although:" in unseen.text) == (409, True)
    assert bench.post(path, {**form, **tickets(unseen.text)}).status_code == 303


def test_a_wrong_secret_of_the_second_person_keeps_what_was_typed(
    pages: Callable[[str], Pages], path: str, clock: StandingClock
) -> None:
    form = typed(clock, **{**IN_SPITE, "second.secret": "314159"})
    answer = sign(pages("technologist"), path, f"{path}/figures", form)
    assert answer.status_code == 403
    assert 'value="It ran before the call came"' in answer.text
    assert "314159" not in answer.text
