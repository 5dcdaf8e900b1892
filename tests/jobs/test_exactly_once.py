"""Several schedulers, killed at any point of a run: every slot takes effect once, none is lost."""

import multiprocessing
import os
import random
import time
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
import sqlalchemy as sa

from radiopharm.core.slots import Cadence
from radiopharm.jobs.effects import Effect, Result
from radiopharm.jobs.registry import Job
from radiopharm.jobs.running import catch_up, due
from radiopharm.runtime import Runtime, make_runtime
from radiopharm.store import make_engine, snapshots
from radiopharm.store.acts import Act
from radiopharm.store.leadership import Leadership
from radiopharm.store.tables.audit import audit_events
from radiopharm.store.tables.derived import activity_snapshots, job_runs
from tests import hospital
from tests.conftest import NOON, StandingClock

WORKERS = 4
SLOTS = 20
DEATHS = 4
DEADLINE_S = 90
DIED = 9
# Forked: a worker that must first import everything would spend the test doing so.
processes = multiprocessing.get_context("fork")


def deadly(chance: random.Random | None) -> Job:
    """Snapshots that now and then kill their process: before, amid or after the effect."""

    def die_perhaps() -> None:
        if chance and chance.random() < 0.15:
            os._exit(DIED)

    def start(_runtime: Runtime, slot: datetime) -> Effect:
        die_perhaps()

        def effect(act: Act) -> Result:
            changed = snapshots.write(act.db, slot, act.reference.nuclear_data)
            die_perhaps()
            return Result(changed=changed)

        return effect

    cadence = Cadence(every=timedelta(minutes=15), catch_up=SLOTS)
    return Job(name="deadly", says="", cadence=cadence, start=start)


def work(url: str, folder: str, seed: int) -> None:
    runtime = make_runtime(hospital.settings(url, Path(folder)), at_the_end)
    job = deadly(random.Random(seed))
    while due(runtime, job):
        catch_up(runtime, job)


def at_the_end() -> datetime:
    return NOON + (SLOTS - 1) * timedelta(minutes=15)


def until_done(url: str, folder: Path, runtime: Runtime) -> int:
    """Keep four workers alive until every slot is done; returns how many died."""
    seeds = iter(range(1000))
    alive: list[BaseProcess] = []
    deaths, began = 0, time.monotonic()
    while due(runtime, deadly(None)):
        assert time.monotonic() - began < DEADLINE_S
        for process in [each for each in alive if not each.is_alive()]:
            deaths += process.exitcode == DIED
            alive.remove(process)
        while len(alive) < WORKERS:
            process = processes.Process(target=work, args=(url, str(folder), next(seeds)))
            process.start()
            alive.append(process)
        time.sleep(0.05)
    for process in alive:
        process.join(DEADLINE_S)
        deaths += process.exitcode == DIED
    return deaths


@pytest.mark.timeout(180)
def test_every_slot_takes_effect_once(
    url: str, tmp_path: Path, runtime: Runtime, clock: StandingClock
) -> None:
    hospital.receive(runtime)
    assert catch_up(runtime, deadly(None)) == 1
    clock.now = at_the_end()
    assert until_done(url, tmp_path, runtime) >= DEATHS
    with runtime.reading() as db:
        runs = list(db.scalars(sa.select(job_runs.c.slot).order_by(job_runs.c.slot)))
        effects = list(
            db.scalars(sa.select(activity_snapshots.c.slot).order_by(activity_snapshots.c.slot))
        )
        events = db.scalar(sa.select(sa.func.count()).where(audit_events.c.action == "job:ran"))
    assert runs == effects == [NOON + n * timedelta(minutes=15) for n in range(SLOTS)]
    assert events == SLOTS


def test_one_leads_and_another_takes_over(runtime: Runtime) -> None:
    first, second = Leadership(runtime.engine), Leadership(runtime.engine)
    assert first.take()
    assert not second.take()
    assert (first.holds(), second.holds()) == (True, False)
    first.leave()
    assert second.take()
    assert not first.holds()
    second.leave()


def test_a_leader_that_dies_makes_room(url: str, runtime: Runtime) -> None:
    died = processes.Process(target=lead_and_die, args=(url,))
    died.start()
    died.join(DEADLINE_S)
    assert died.exitcode == DIED
    heir = Leadership(runtime.engine)
    assert heir.take()
    heir.leave()


def lead_and_die(url: str) -> None:
    os._exit(DIED if Leadership(make_engine(url)).take() else 1)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_leader_whose_session_the_server_ended_no_longer_leads(runtime: Runtime) -> None:
    leader, other = Leadership(runtime.engine), Leadership(runtime.engine)
    assert leader.take()
    with runtime.engine.connect() as db:
        db.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON oid = database "
            "WHERE locktype = 'advisory' AND datname = current_database()"
        )
    assert not leader.holds()
    assert other.take()
    other.leave()
