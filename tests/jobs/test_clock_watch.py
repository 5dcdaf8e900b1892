"""A clock that is set leaves an event; one that only runs leaves none."""

from datetime import timedelta

import pytest

from radiopharm.jobs.clock_watch import ClockWatch
from radiopharm.runtime import Runtime
from radiopharm.store import audit_search
from radiopharm.store.audit_search import Filters
from tests.conftest import StandingClock


def steps(runtime: Runtime) -> int:
    with runtime.reading() as db:
        return audit_search.count(db, "system", Filters(actions=("clock:stepped",)))


@pytest.mark.parametrize(("wall_s", "recorded"), [(15, 0), (16.9, 0), (3615, 1), (-45, 1)])
def test_a_step_of_two_seconds_or_more_is_recorded_once(
    runtime: Runtime, clock: StandingClock, wall_s: float, recorded: int
) -> None:
    ran = iter((0.0, 15.0, 30.0))
    watch = ClockWatch(runtime, lambda: next(ran))
    clock.move(seconds=wall_s)
    step = watch.look()
    assert step == (timedelta(seconds=wall_s - 15) if recorded else None)
    clock.move(seconds=15)
    assert watch.look() is None
    assert steps(runtime) == recorded
