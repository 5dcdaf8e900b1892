"""Slots: the instants at which a job is due, counted in UTC, so that no clock change moves them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

ORIGIN = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """A slot every so often, and how many that were missed are caught up.

    After downtime the newest `catch_up` slots that never took effect are run, oldest first; what
    is older stays missing. One means: the present slot only.
    """

    every: timedelta
    offset: timedelta = timedelta(0)
    catch_up: int = 1

    def newest(self, at: datetime) -> datetime:
        """The slot that *at* is in; its beginning, never later than *at*."""
        begun = ORIGIN + self.offset
        return begun + (at - begun) // self.every * self.every

    def following(self, at: datetime) -> datetime:
        """The first slot after *at*."""
        return self.newest(at) + self.every

    def oldest(self, at: datetime) -> datetime:
        """The oldest slot that is still caught up at *at*."""
        return self.newest(at) - (self.catch_up - 1) * self.every

    def due(
        self, at: datetime, first: datetime | None, settled: Collection[datetime]
    ) -> list[datetime]:
        """The slots to run at *at*, oldest first, without the *settled* ones.

        A job has no past before its *first* run; None is a job that never ran.
        """
        newest = self.newest(at)
        slots = [newest - back * self.every for back in range(self.catch_up)]
        begun = newest if first is None else first
        return [slot for slot in reversed(slots) if slot >= begun and slot not in settled]

    def is_late(self, at: datetime, last: datetime | None) -> bool:
        """Whether the present slot and the one before it were both missed."""
        return last is None or last < self.newest(at) - self.every
