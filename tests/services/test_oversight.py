"""A sealer that is behind is said at the readiness probe, by a flag and to who answers for it."""

from flask import Flask

from radiopharm.jobs import sealer
from radiopharm.jobs.registry import find
from radiopharm.jobs.running import run
from radiopharm.runtime import Runtime
from radiopharm.store import flags
from tests import hospital
from tests.conftest import StandingClock

SAID = "has not been sealed since"


def raised(runtime: Runtime) -> list[str]:
    run(runtime, find(runtime.settings, "flags"), runtime.clock())
    with runtime.reading() as db:
        return [row.kind for row in flags.page(db, 1, None, 9)]


def test_ready_until_an_event_has_waited_two_minutes_for_its_seal(
    app: Flask, runtime: Runtime, clock: StandingClock
) -> None:
    if runtime.engine.dialect.name == "postgresql":
        return  # the tests' server forgets on purpose and is never ready
    hospital.receive(runtime)
    clock.move(minutes=2)
    asked = app.test_client().get
    in_time = asked("/readyz").status_code
    clock.move(seconds=1)
    behind = asked("/readyz")
    sealer.tick(runtime)
    assert (in_time, behind.status_code, asked("/readyz").status_code) == (200, 503, 200)
    assert behind.text == "not ready\n"  # the log says why


def test_the_flag_about_the_sealer_comes_and_goes_by_itself(
    runtime: Runtime, clock: StandingClock
) -> None:
    hospital.receive(runtime)
    clock.move(minutes=3)
    assert raised(runtime) == ["sealer_behind"]
    sealer.tick(runtime, at_once=True)
    clock.move(seconds=1)
    assert raised(runtime) == []


def test_work_goes_on_while_the_sealer_is_behind_and_only_its_keepers_are_told(
    pages, runtime: Runtime, clock: StandingClock
) -> None:
    hospital.receive(runtime)
    officer, technologist = pages("safety_officer"), pages("technologist")
    clock.move(minutes=3)
    assert SAID in officer.get("/audit").text
    told = technologist.get("/stock")
    assert (told.status_code, SAID in told.text) == (200, False)
