"""The server's clock watched against one that only runs forward: a step is an audit event."""

from collections.abc import Callable
from datetime import datetime, timedelta

from radiopharm.core.actions import Action
from radiopharm.core.people import SYSTEM
from radiopharm.runtime import Runtime
from radiopharm.store.acts import Act

LEAST = timedelta(seconds=2)
Steady = Callable[[], float]


class ClockWatch:
    """Remembers when it last looked, by both clocks."""

    def __init__(self, runtime: Runtime, steady: Steady) -> None:
        self._runtime, self._steady = runtime, steady
        self._wall, self._ran = runtime.clock(), steady()

    def look(self) -> timedelta | None:
        """Record by how much the clock has stepped since the last look; None when it has not.

        A machine that slept, or a process that was stopped, shows as a step forward.
        """
        wall, ran = self._runtime.clock(), self._steady()
        due = self._wall + timedelta(seconds=ran - self._ran)
        self._wall, self._ran = wall, ran
        step = wall - due
        if abs(step) < LEAST:
            return None
        self._record(wall, due, step)
        return step

    def _record(self, wall: datetime, due: datetime, step: timedelta) -> None:
        def work(act: Act) -> dict[str, object]:
            seconds = f"{step.total_seconds():+.3f}"
            act.record(Action.CLOCK_STEPPED, now=wall, expected=due, step_s=seconds)
            return {}

        self._runtime.act(work, actor=SYSTEM, now=wall)
