"""One run of a job: its effect, its row and its audit event in one transaction, or nothing.

The row's key (job, slot) makes each slot take effect once, however many schedulers there are. A run
that fails leaves nothing but a failed try, written in an act of its own; the slot may be tried
again, and the scheduler does so until it has failed `TRIES` times.
"""

from dataclasses import replace
from datetime import datetime

from radiopharm.core.actions import Action
from radiopharm.core.people import SYSTEM, Person
from radiopharm.core.refusals import Conflict
from radiopharm.jobs.effects import Effect
from radiopharm.jobs.registry import Job
from radiopharm.runtime import Runtime
from radiopharm.store import job_runs
from radiopharm.store.acts import Act, Answer

TRIES = 3
SCHEDULER = replace(SYSTEM, username="scheduler", display_name="Scheduler", via="job")


def catch_up(runtime: Runtime, job: Job) -> int:
    """Run what *job* has missed, by its rule; returns how many slots. The first failure ends it."""
    ran = 0
    for slot in due(runtime, job):
        try:
            run(runtime, job, slot)
        except AlreadyRan:
            continue
        ran += 1
    return ran


def due(runtime: Runtime, job: Job) -> list[datetime]:
    """The slots that *job* has to run now, oldest first."""
    now = runtime.clock()
    since = job.cadence.oldest(now)
    with runtime.reading() as db:
        first = job_runs.first_slot(db, job.name)
        settled = job_runs.done_slots(db, job.name, since)
        settled |= job_runs.given_up_slots(db, job.name, since, TRIES)
    return job.cadence.due(now, first, settled)


class AlreadyRan(Conflict):
    """The slot has taken effect before."""


class JobFailed(Exception):
    """The run left nothing behind but its failed try; the cause is chained."""


def run(runtime: Runtime, job: Job, slot: datetime, by: Person = SCHEDULER) -> Answer:
    """Let *slot* take effect and say what it `changed`.

    Its events are the system's, whoever started it. Raises `AlreadyRan`, `Conflict` for a slot
    that lies ahead, and `JobFailed` for whatever went wrong.
    """
    started = runtime.clock()
    if slot > started:
        raise Conflict("too_early", "A job never runs ahead of its time.")
    actor = replace(by, site=SYSTEM.site)
    try:
        effect = job.start(runtime, slot)
        outcome = runtime.act(
            lambda act: _take_effect(runtime, job, slot, effect, act), actor=actor, now=started
        )
    except AlreadyRan:
        raise
    except Exception as error:
        _record_failure(runtime, job, slot, error, actor, started)
        raise JobFailed(f"{job.name} failed: {type(error).__name__}") from error
    return outcome.answer


def _take_effect(runtime: Runtime, job: Job, slot: datetime, effect: Effect, act: Act) -> Answer:
    if job_runs.is_done(act.db, job.name, slot):
        raise AlreadyRan("already_ran", f"{job.name} has already run for that instant.")
    result = effect(act)
    job_runs.add(
        act.db,
        job=job.name,
        slot=slot,
        started_at=act.now,
        ended_at=runtime.clock(),
        changed=result.changed,
        message=result.message,
        started_by=act.actor.username,
    )
    act.record(
        Action.JOB_RAN,
        f"job:{job.name}",
        slot=slot,
        changed=result.changed,
        message=result.message,
    )
    return {"changed": result.changed, "message": result.message}


def _record_failure(
    runtime: Runtime, job: Job, slot: datetime, error: Exception, actor: Person, started: datetime
) -> None:
    """Names the kind of error only: its text may hold what no record should."""
    what = type(error).__name__

    def work(act: Act) -> Answer:
        job_runs.add_failure(
            act.db,
            job=job.name,
            slot=slot,
            started_at=started,
            ended_at=act.now,
            message=what,
        )
        act.record(Action.JOB_FAILED, f"job:{job.name}", slot=slot, error=what)
        return {}

    runtime.act(work, actor=actor, now=runtime.clock())
