"""Every job there is: its name, when it is due, how it catches up, and what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.settings import Settings
from radiopharm.core.refusals import NotFound
from radiopharm.core.slots import Cadence
from radiopharm.runtime import Runtime
from radiopharm.services import flags
from radiopharm.store import snapshots
from radiopharm.store.acts import Act

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a run did: how many things it changed, and a word about it where there is one."""

    changed: int
    message: str = ""


Effect = Callable[[Act], Result]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work that the clock starts.

    `start` does what needs no lock (it may take long and must leave nothing behind) and returns
    the effect, which happens in one transaction with the run's own row.
    """

    name: str
    says: str
    cadence: Cadence
    start: Callable[[Runtime, datetime], Effect]


def all_jobs(settings: Settings) -> tuple[Job, ...]:
    """The jobs of a process with *settings*."""
    slot = timedelta(minutes=settings.snapshot_minutes)
    near = timedelta(hours=settings.near_expiry_hours)
    return (
        Job(
            name="activity-snapshots",
            says="Writes down the activity of every held vial and container.",
            cadence=Cadence(every=slot, catch_up=A_DAY // slot),
            start=lambda _runtime, at: lambda act: _snapshots(act, at),
        ),
        Job(
            name=flags.JOB,
            says="Flags vials that have expired or soon will.",
            cadence=Cadence(every=slot),
            start=lambda _runtime, _at: lambda act: Result(changed=flags.refresh(act, near)),
        ),
    )


def find(settings: Settings, name: str) -> Job:
    """The job called *name*; raises `NotFound`."""
    for job in all_jobs(settings):
        if job.name == name:
            return job
    raise NotFound(f"job {name}")


def _snapshots(act: Act, at: datetime) -> Result:
    return Result(changed=snapshots.write(act.db, at, act.reference.nuclear_data))
