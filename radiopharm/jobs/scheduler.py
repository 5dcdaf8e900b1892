"""The process that starts jobs on time: one leader at a time, the others wait to take over.

Everything is in UTC and in memory: what was missed is read from the runs in the database, not from
a scheduler's own store, which would forget it or run code that somebody else has written there.
"""

import logging
import signal
import time
from datetime import UTC

from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.interval import IntervalTrigger

from radiopharm.clock import steady
from radiopharm.jobs import sealer
from radiopharm.jobs.clock_watch import ClockWatch
from radiopharm.jobs.registry import all_jobs
from radiopharm.jobs.running import catch_up
from radiopharm.runtime import Runtime
from radiopharm.store.leadership import Leadership

LOOK_S = 5
SEAL_S = 15
GRACE_S = 3600
log = logging.getLogger(__name__)


def serve(runtime: Runtime) -> None:
    """Lead and run jobs until the process is told to stop, waiting while another leads."""
    signal.signal(signal.SIGTERM, _stop)
    leadership = Leadership(runtime.engine)
    try:
        while True:
            if leadership.take():
                log.info("this scheduler leads")
                _lead(runtime, leadership)
                leadership.leave()
            time.sleep(LOOK_S)
    except (KeyboardInterrupt, SystemExit):
        log.info("this scheduler stops")
    finally:
        leadership.leave()


def _lead(runtime: Runtime, leadership: Leadership) -> None:
    """Run jobs as long as this process leads."""
    scheduler = make_scheduler(runtime)

    def resign_if_lost() -> None:
        if not leadership.holds():
            log.warning("this scheduler has lost its lead")
            scheduler.shutdown(wait=False)

    scheduler.add_job(resign_if_lost, IntervalTrigger(seconds=LOOK_S, timezone=UTC))
    try:
        scheduler.start()
    except (KeyboardInterrupt, SystemExit):
        scheduler.shutdown(wait=True)
        raise


def make_scheduler(runtime: Runtime) -> BlockingScheduler:
    """A scheduler that looks at every job at once and then at every snapshot slot.

    A daily job is looked at as often, so that one which failed is soon tried again.
    """
    defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": GRACE_S}
    scheduler = BlockingScheduler(timezone=UTC, job_defaults=defaults)
    jobs = all_jobs(runtime.settings)
    often = min((job.cadence for job in jobs), key=lambda cadence: cadence.every)
    now = runtime.clock()
    seals = IntervalTrigger(seconds=SEAL_S, timezone=UTC)
    scheduler.add_job(sealer.tick, seals, args=[runtime], name="audit seals")
    looks = IntervalTrigger(seconds=SEAL_S, timezone=UTC)
    scheduler.add_job(ClockWatch(runtime, steady).look, looks, name="clock watch")
    for job in jobs:
        every_slot = IntervalTrigger(
            seconds=int(often.every.total_seconds()), start_date=often.following(now), timezone=UTC
        )
        scheduler.add_job(catch_up, args=[runtime, job], name=f"{job.name}, at once")
        scheduler.add_job(catch_up, every_slot, args=[runtime, job], name=job.name)
    return scheduler


def _stop(_signal: int, _frame: object) -> None:
    raise SystemExit
