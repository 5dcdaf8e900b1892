"""When a signed-in browser is open, locked or ended: a pure function of its instants.

A lock loses nothing and shows nothing: the same person goes on after giving a secret again. A
session that nobody unlocks, or that has lasted a shift, ends. (`docs/guide/bench.md`)
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MOST_SESSIONS = 3
"""Of one person at once; a further one ends the oldest."""


class Stage(StrEnum):
    """What a session lets its person do."""

    OPEN = "open"
    LOCKED = "locked"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long without a sign of life until the lock, how long locked, how long in all."""

    idle: timedelta
    locked: timedelta
    whole: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in browser's instants; `locked_at` is None until it was locked or found idle."""

    started_at: datetime
    seen_at: datetime
    locked_at: datetime | None = None


def locks_at(session: Session, limits: Limits) -> datetime:
    """When the lock fell, or falls if nothing more is heard."""
    return session.locked_at or session.seen_at + limits.idle


def stage(session: Session, limits: Limits, now: datetime) -> Stage:
    """What the session is at *now*; each limit counts from the instant it is reached."""
    lock_at = locks_at(session, limits)
    if now >= session.started_at + limits.whole or now >= lock_at + limits.locked:
        return Stage.ENDED
    return Stage.LOCKED if now >= lock_at else Stage.OPEN
