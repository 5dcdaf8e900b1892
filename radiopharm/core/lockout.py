"""How long to wait after wrong passwords: guessing becomes slow, the ward is never locked out.

Failures from unknown devices count together, those from a device where this person has signed in
before count for that device alone. So a stranger's guesses delay strangers only.
"""

from datetime import datetime, timedelta

FREE_TRIES = 5
LONGEST = timedelta(minutes=15)


def wait_until(failures: int, last_failure_at: datetime | None) -> datetime | None:
    """When the next try may be made after *failures* in a row; None when at once.

    Five are free, then the wait doubles from one second up to fifteen minutes.
    """
    if failures < FREE_TRIES or last_failure_at is None:
        return None
    doubled = timedelta(seconds=2 ** min(failures - FREE_TRIES, 20))
    return last_failure_at + min(doubled, LONGEST)
