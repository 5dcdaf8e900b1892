"""The only reader of the time; everything below an entry point takes `now` as an argument."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def steady() -> float:
    """Seconds of a clock that nobody sets, for telling how long something took."""
    return time.monotonic()
