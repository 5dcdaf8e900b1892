"""A directive given by word of mouth holds for exactly 48 hours, and is then to be signed first."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from radiopharm.jobs import sealer
from radiopharm.jobs.registry import find
from radiopharm.jobs.running import run
from radiopharm.runtime import Runtime
from radiopharm.schemas.instants import instant_out
from tests import giving, hospital
from tests.conftest import NOON, StandingClock
from tests.doors import Api

DUE = NOON + timedelta(hours=48)
TOO_LATE = DUE + timedelta(microseconds=1)
SECOND = {"username": "second", "secret": hospital.PIN}


@pytest.fixture
def bench(api: Callable[[str], Api]) -> Api:
    return api("radiopharmacist")


@pytest.fixture
def oral(bench: Api, runtime: Runtime) -> int:
    """A directive given orally at noon; its id."""
    directive_id = hospital.directive(runtime, signed=False)
    signature = {"username": "radiopharmacist", "secret": hospital.PASSWORD}
    said = {"given_by": "physician", "given_at": instant_out(NOON), "reason": "Airway obstructed"}
    body = {"after_version": 1, "signature": signature, **said}
    assert bench.post(f"/directives/{directive_id}/oral", body).status_code == 200
    return directive_id


def codes(answer: Any) -> list[str]:
    return [error["code"] for error in answer.json.get("errors", [])]


def flags(bench: Api) -> list[str]:
    return [flag["kind"] for flag in bench.get("/flags").json["items"]]


def sign(bench: Api, directive_id: int) -> Any:
    signature = {"username": "physician", "secret": hospital.PASSWORD}
    body = {"after_version": 1, "signature": signature}
    return bench.post(f"/directives/{directive_id}/sign", body)


@pytest.mark.requirement("RQ-12")
@pytest.mark.requirement("RQ-08")
@pytest.mark.parametrize(("at", "refused"), [(DUE, []), (TOO_LATE, ["oral_overdue"])])
def test_exactly_48_hours_are_in_time_and_a_microsecond_more_is_not(
    bench: Api, runtime: Runtime, clock: StandingClock, oral: int, at: Any, refused: list[str]
) -> None:
    vial_id = hospital.accepted(runtime)
    clock.now = at
    answer = bench.post("/dispensings", giving.dose_of(runtime, vial_id, oral, second=SECOND))
    assert codes(answer) == refused


def test_an_oral_directive_is_dispensed_by_two(
    bench: Api, runtime: Runtime, clock: StandingClock, oral: int
) -> None:
    vial_id = hospital.accepted(runtime)
    clock.now = DUE
    answer = bench.post("/dispensings", giving.dose_of(runtime, vial_id, oral))
    assert (answer.status_code, codes(answer)) == (409, ["second_person"])


@pytest.mark.requirement("RQ-12")
@pytest.mark.parametrize(("at", "raised"), [(DUE, []), (TOO_LATE, ["oral_overdue"])])
def test_the_job_flags_a_signature_that_is_overdue(
    bench: Api, runtime: Runtime, clock: StandingClock, oral: int, at: Any, raised: list[str]
) -> None:
    clock.now = at
    sealer.tick(runtime, at_once=True)
    run(runtime, find(runtime.settings, "flags"), clock())
    assert flags(bench) == raised
    assert bench.get(f"/directives/{oral}").json["signature_due_at"] == instant_out(DUE)


def test_a_late_signature_closes_the_flag_and_lets_it_be_dispensed(
    bench: Api, runtime: Runtime, clock: StandingClock, oral: int
) -> None:
    vial_id = hospital.accepted(runtime)
    clock.now = TOO_LATE
    sealer.tick(runtime, at_once=True)
    run(runtime, find(runtime.settings, "flags"), clock())
    assert sign(bench, oral).status_code == 200
    assert flags(bench) == []
    answer = bench.post("/dispensings", giving.dose_of(runtime, vial_id, oral))
    assert answer.status_code == 201
