"""How each job stands: what it did last, when it is due again, and whether it is late."""

from dataclasses import dataclass
from datetime import datetime

from radiopharm.core.decay import seconds
from radiopharm.jobs.registry import Job, all_jobs
from radiopharm.runtime import Runtime
from radiopharm.store import job_runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The newest run that took effect."""

    slot: datetime
    started_at: datetime
    ended_at: datetime
    changed: int
    message: str
    started_by: str

    @property
    def duration_s(self) -> float:
        return seconds(self.started_at, self.ended_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """The newest failed try, when nothing has run since."""

    slot: datetime
    ended_at: datetime
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A job and how it stands; `late` when it has missed two slots."""

    job: Job
    last: Run | None
    failure: Failure | None
    late: bool
    next_at: datetime

    @property
    def state(self) -> str:
        """One word: failed, never_ran, fault (a check found one), late or on_time."""
        if self.failure:
            return "failed"
        if self.last is None:
            return "never_ran"
        if self.job.is_check and self.last.changed:
            return "fault"
        return "late" if self.late else "on_time"


def overview(runtime: Runtime, now: datetime) -> list[Standing]:
    """Every job's standing at *now*, in two statements."""
    jobs = all_jobs(runtime.settings)
    names = [job.name for job in jobs]
    with runtime.reading() as db:
        runs, failures = job_runs.newest(db, names), job_runs.newest_failures(db, names)
    return [_standing(job, runs.get(job.name), failures.get(job.name), now) for job in jobs]


def last_run(runtime: Runtime, now: datetime) -> tuple[datetime | None, bool]:
    """When a job ran last, and whether none is late: what every page shows; one statement."""
    jobs = all_jobs(runtime.settings)
    with runtime.reading() as db:
        runs = job_runs.newest(db, [job.name for job in jobs])
    slots = {name: run.slot for name, run in runs.items()}
    newest = max((run.ended_at for run in runs.values()), default=None)
    return newest, not any(job.cadence.is_late(now, slots.get(job.name)) for job in jobs)


def _standing(
    job: Job, run: job_runs.Row | None, failure: job_runs.Row | None, now: datetime
) -> Standing:
    last = _run(run) if run is not None else None
    stands = failure is not None and (last is None or last.ended_at < failure.ended_at)
    return Standing(
        job=job,
        last=last,
        failure=_failure(failure) if failure is not None and stands else None,
        late=job.cadence.is_late(now, last.slot if last else None),
        next_at=job.cadence.following(now),
    )


def _run(row: job_runs.Row) -> Run:
    return Run(
        slot=row.slot,
        started_at=row.started_at,
        ended_at=row.ended_at,
        changed=row.changed,
        message=row.message,
        started_by=row.started_by,
    )


def _failure(row: job_runs.Row) -> Failure:
    return Failure(slot=row.slot, ended_at=row.ended_at, message=row.message)
