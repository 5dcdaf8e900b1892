"""Where a time axis has its marks: at round wall-clock times of the site, whatever clocks do."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, tzinfo

from radiopharm.core.formatting import MONTHS

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
STEPS = (HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY)


def ticks(
    start: datetime, end: datetime, zone: tzinfo, most: int
) -> Iterator[tuple[datetime, str]]:
    """Instants from *start* to *end*, *most* of them or fewer, each with its label.

    A midnight shows its date ("14 Mar"), another time the hour ("06:00").
    """
    step = next((step for step in STEPS if (end - start) / step <= most), None)
    step = step or DAY * -(-(end - start) // (most * DAY))
    wall = datetime.combine(start.astimezone(zone).date(), time())
    while (at := wall.replace(tzinfo=zone).astimezone(UTC)) <= end:
        if at >= start:
            yield at, _label(wall)
        wall += step


def _label(wall: datetime) -> str:
    return f"{wall.day} {MONTHS[wall.month - 1]}" if wall.time() == time() else f"{wall:%H:%M}"
