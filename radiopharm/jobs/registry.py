"""Every job there is: its name, when it is due, how it catches up, and what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from config.settings import Settings
from radiopharm.core.refusals import NotFound
from radiopharm.core.slots import Cadence
from radiopharm.jobs import nightly
from radiopharm.jobs.effects import Effect, Result
from radiopharm.runtime import Runtime
from radiopharm.services import audits, flags
from radiopharm.store import snapshots
from radiopharm.store.acts import Act

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work that the clock starts.

    `start` does what needs no lock (it may take long) and returns the effect, which happens in one
    transaction with the run's own row. What an `is_check` job changes are the faults it found.
    """

    name: str
    says: str
    cadence: Cadence
    start: Callable[[Runtime, datetime], Effect]
    is_check: bool = False


def all_jobs(settings: Settings) -> tuple[Job, ...]:
    """The jobs of a process with *settings*."""
    slot = timedelta(minutes=settings.snapshot_minutes)
    near = timedelta(hours=settings.near_expiry_hours)
    return (
        Job(
            name="activity-snapshots",
            says="Writes down the activity of every held vial and container.",
            cadence=Cadence(every=slot, catch_up=A_DAY // slot),
            start=lambda _runtime, at: partial(_snapshots, at),
        ),
        Job(
            name=flags.JOB,
            says="Flags vials near or past expiry, waste that has waited, what is overdue.",
            cadence=Cadence(every=slot),
            start=lambda _runtime, _at: partial(_flags, near),
        ),
        Job(
            name="backup",
            says="Backs the database up, signed, and keeps the newest.",
            cadence=_daily(minutes=30),
            start=nightly.back_up,
        ),
        Job(
            name="forget-sessions",
            says="Removes sessions over for a week and entries never sent; wipes erased keys.",
            cadence=_daily(minutes=15),
            start=nightly.forget,
        ),
        Job(
            name="ledger-verify",
            says="Computes every vial's balance again from its entries.",
            cadence=_daily(minutes=60),
            start=nightly.verify_ledgers,
            is_check=True,
        ),
        Job(
            name="day-balance",
            says="Balances every vial and the waste store: what came against every way out.",
            cadence=_daily(minutes=75),
            start=nightly.balance_books,
            is_check=True,
        ),
        Job(
            name=audits.JOB,
            says="Walks every audit chain from its first event.",
            cadence=_daily(minutes=90),
            start=nightly.verify_audit,
            is_check=True,
        ),
    )


def find(settings: Settings, name: str) -> Job:
    """The job called *name*; raises `NotFound`."""
    for job in all_jobs(settings):
        if job.name == name:
            return job
    raise NotFound(f"job {name}")


def _daily(*, minutes: int) -> Cadence:
    """Once a day, so long after midnight in UTC."""
    return Cadence(every=A_DAY, offset=timedelta(minutes=minutes))


def _snapshots(at: datetime, act: Act) -> Result:
    return Result(changed=snapshots.write(act.db, at, act.reference.nuclear_data))


def _flags(near: timedelta, act: Act) -> Result:
    return Result(changed=flags.refresh(act, near))
