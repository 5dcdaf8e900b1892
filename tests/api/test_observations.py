"""What is noted on a dose: an adverse reaction or an extravasation, for the safety officer."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from radiopharm.runtime import Runtime
from radiopharm.schemas.instants import instant_out
from tests import giving
from tests.conftest import StandingClock
from tests.doors import Api


@pytest.fixture
def path(api: Callable[[str], Api], runtime: Runtime, clock: StandingClock) -> str:
    dose = giving.dispensed(api("radiopharmacist"), runtime, clock)
    clock.move(hours=1)
    return f"/dispensings/{dose['id']}/observations"


def seen(clock: StandingClock, **changes: str) -> dict[str, str]:
    return {
        "kind": "extravasation",
        "observed_at": instant_out(clock.now - timedelta(minutes=10)),
        "words": "Swelling at the left forearm, infusion stopped",
        **changes,
    }


@pytest.mark.requirement("RQ-35")
def test_an_extravasation_is_noted_on_the_dose_and_flagged(
    api: Callable[[str], Api], path: str, clock: StandingClock
) -> None:
    answer = api("technologist").post(path, seen(clock))
    assert answer.status_code == 201
    assert api("auditor").get(path).json["items"] == [answer.json]
    flags = api("safety_officer").get("/flags", kind="extravasation").json["items"]
    assert [(flag["subject"], flag["subject_id"]) for flag in flags] == [("dose", 1)]


def test_a_second_note_is_added_and_the_one_flag_stays(
    api: Callable[[str], Api], path: str, clock: StandingClock
) -> None:
    bench = api("physician")
    assert [bench.post(path, seen(clock)).status_code for _ in range(2)] == [201, 201]
    assert len(bench.get(path).json["items"]) == 2
    assert len(api("safety_officer").get("/flags").json["items"]) == 1


@pytest.mark.requirement("RQ-35")
def test_a_note_that_names_the_patient_is_not_taken(
    api: Callable[[str], Api], path: str, clock: StandingClock
) -> None:
    answer = api("technologist").post(path, seen(clock, words="Mrs CANARY felt unwell"))
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (422, "names_the_patient")
    assert "canary" not in answer.text.lower()


@pytest.mark.parametrize(
    ("hours", "code"), [(-30, "before_reading"), (1, "ahead")], ids=["before", "ahead"]
)
def test_it_was_seen_after_the_reading_and_not_in_the_future(
    api: Callable[[str], Api], path: str, clock: StandingClock, hours: int, code: str
) -> None:
    at = instant_out(clock.now + timedelta(hours=hours))
    answer = api("technologist").post(path, seen(clock, observed_at=at))
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (422, code)


def test_the_audit_says_that_and_when_and_keeps_the_words_out(
    api: Callable[[str], Api], path: str, clock: StandingClock
) -> None:
    api("technologist").post(path, seen(clock))
    trail = api("auditor").get("/audit-events", action="dose:observed").text
    assert "extravasation" in trail
    assert "forearm" not in trail
