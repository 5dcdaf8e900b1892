"""A slot takes effect once, whole, and with its event; what failed shows and is tried again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from radiopharm.core.people import Person
from radiopharm.core.refusals import Conflict
from radiopharm.core.slots import Cadence
from radiopharm.jobs.effects import Effect, Result
from radiopharm.jobs.overview import last_run, overview
from radiopharm.jobs.registry import Job, find
from radiopharm.jobs.running import TRIES, AlreadyRan, JobFailed, catch_up, run
from radiopharm.runtime import Runtime
from radiopharm.store.acts import Act
from radiopharm.store.tables.audit import audit_events
from radiopharm.store.tables.derived import activity_snapshots, job_failures, job_runs
from tests import hospital
from tests.conftest import NOON, StandingClock

DAY = timedelta(days=1)


def snapshots(runtime: Runtime) -> Job:
    return find(runtime.settings, "activity-snapshots")


def flags(runtime: Runtime) -> Job:
    return find(runtime.settings, "flags")


def count(runtime: Runtime, table: sa.Table) -> int:
    with runtime.reading() as db:
        return db.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def events(runtime: Runtime, action: str) -> list[tuple[str, str]]:
    with runtime.reading() as db:
        rows = db.execute(
            sa.select(audit_events.c.stream, audit_events.c.actor)
            .where(audit_events.c.action == action)
            .order_by(audit_events.c.number)
        )
        return [(row.stream, row.actor) for row in rows]


def test_a_run_leaves_its_effect_its_row_and_its_event(runtime: Runtime) -> None:
    hospital.receive(runtime)
    assert run(runtime, snapshots(runtime), NOON)["changed"] == 1
    assert count(runtime, activity_snapshots) == count(runtime, job_runs) == 1
    assert events(runtime, "job:ran") == [("system", "scheduler")]


def test_a_slot_takes_effect_once(runtime: Runtime) -> None:
    hospital.receive(runtime)
    run(runtime, snapshots(runtime), NOON)
    with pytest.raises(AlreadyRan):
        run(runtime, snapshots(runtime), NOON)
    assert count(runtime, activity_snapshots) == 1


def test_a_job_never_runs_early(runtime: Runtime) -> None:
    with pytest.raises(Conflict):
        run(runtime, snapshots(runtime), NOON + timedelta(microseconds=1))
    assert count(runtime, job_runs) == 0


@pytest.mark.parametrize(("down", "caught_up"), [(timedelta(hours=1), 4), (40 * DAY, 96)])
def test_after_downtime_snapshots_fill_one_day_and_flags_the_present(
    runtime: Runtime, clock: StandingClock, down: timedelta, caught_up: int
) -> None:
    for job in (snapshots(runtime), flags(runtime)):
        assert catch_up(runtime, job) == 1
    clock.now += down
    assert catch_up(runtime, snapshots(runtime)) == caught_up
    assert catch_up(runtime, flags(runtime)) == 1
    assert catch_up(runtime, snapshots(runtime)) == 0


def test_both_nights_of_a_clock_change_have_every_slot_once(
    runtime: Runtime, clock: StandingClock
) -> None:
    for begins in (datetime(2026, 10, 24, 23, tzinfo=UTC), datetime(2027, 3, 27, 23, tzinfo=UTC)):
        clock.now = begins
        catch_up(runtime, snapshots(runtime))
        before = count(runtime, job_runs)
        clock.now += timedelta(hours=4)
        assert catch_up(runtime, snapshots(runtime)) == 16
        assert count(runtime, job_runs) == before + 16


def fails_after_its_effect(job: Job) -> Job:
    def start(runtime: Runtime, slot: datetime) -> Effect:
        effect = job.start(runtime, slot)

        def half(act: Act) -> Result:
            effect(act)
            raise OSError("no space left on device")

        return half

    return replace(job, start=start)


def test_a_run_that_fails_leaves_no_half_and_shows(runtime: Runtime) -> None:
    hospital.receive(runtime)
    with pytest.raises(JobFailed):
        run(runtime, fails_after_its_effect(snapshots(runtime)), NOON)
    assert count(runtime, activity_snapshots) == count(runtime, job_runs) == 0
    assert events(runtime, "job:failed") == [("system", "scheduler")]
    standing = overview(runtime, NOON)[0]
    assert standing.state == "failed"
    assert standing.failure is not None
    assert standing.failure.message == "OSError"


def test_a_failed_slot_may_be_tried_again(runtime: Runtime) -> None:
    with pytest.raises(JobFailed):
        run(runtime, fails_after_its_effect(snapshots(runtime)), NOON)
    assert catch_up(runtime, snapshots(runtime)) == 1
    assert overview(runtime, NOON)[0].state == "on_time"


def test_the_scheduler_gives_a_slot_up_after_three_tries(runtime: Runtime) -> None:
    broken = fails_after_its_effect(snapshots(runtime))
    for _ in range(TRIES):
        with pytest.raises(JobFailed):
            catch_up(runtime, broken)
    assert catch_up(runtime, broken) == 0
    assert count(runtime, job_failures) == TRIES


def test_one_that_runs_it_by_hand_is_named(
    runtime: Runtime, person: Callable[[str], Person]
) -> None:
    run(runtime, flags(runtime), NOON, by=person("physicist"))
    assert events(runtime, "job:ran") == [("system", "physicist")]
    assert overview(runtime, NOON)[1].last.started_by == "physicist"


def test_a_missed_run_shows_until_it_is_made_good(runtime: Runtime, clock: StandingClock) -> None:
    jobs = [find(runtime.settings, standing.job.name) for standing in overview(runtime, NOON)]
    assert last_run(runtime, NOON) == (None, False)
    for job in jobs:
        catch_up(runtime, job)
    assert last_run(runtime, clock()) == (NOON, True)
    clock.move(minutes=29)
    assert last_run(runtime, clock()) == (NOON, True)
    clock.move(minutes=1)
    assert last_run(runtime, clock()) == (NOON, False)


def test_a_cadence_of_seven_minutes_works_too(runtime: Runtime, clock: StandingClock) -> None:
    job = replace(snapshots(runtime), cadence=Cadence(every=timedelta(minutes=7), catch_up=5))
    catch_up(runtime, job)
    clock.move(minutes=70)
    assert catch_up(runtime, job) == 5
