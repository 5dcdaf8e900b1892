"""Timing in turns: each contender once a round, so that a busy machine hits all alike."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import log
from pathlib import Path
from statistics import linear_regression, median

Contender = Callable[[], int]
"""Does its work and says on how many vials."""


@dataclass(slots=True)
class Timing:
    """Seconds per vial of each round, and by how much the process grew at most."""

    rounds: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    grown_mb: float = 0.0

    @property
    def us(self) -> float:
        """Median microseconds per vial."""
        return median(self.rounds) * 1e6


def measure(
    contenders: Mapping[str, Contender], rounds: int, between: Callable[[], None]
) -> dict[str, Timing]:
    """Time each of *contenders* once a round, after one round to warm up; tidy up *between*."""
    found = {name: Timing() for name in contenders}
    for number in range(rounds + 1):
        for name, contender in contenders.items():
            between()
            _forget_peak()
            before, begun = _resident_mb("VmRSS"), time.perf_counter()
            vials = contender()
            took = time.perf_counter() - begun
            timing = found[name]
            timing.grown_mb = max(timing.grown_mb, _resident_mb("VmHWM") - before)
            if number:
                timing.rounds.append(took / vials)
                timing.seconds.append(took)
    return found


def times_faster(mine: Timing, other: Timing) -> float:
    """How many times *other* takes per vial, the median of the rounds' ratios."""
    return median(b / a for a, b in zip(mine.rounds, other.rounds, strict=True))


def exponent(seconds: Mapping[int, float]) -> float:
    """The power of the number of vials with which the time grows."""
    slope, _ = linear_regression([log(n) for n in seconds], [log(s) for s in seconds.values()])
    return slope


def _resident_mb(which: str) -> float:
    """`VmRSS`, what the process has now, or `VmHWM`, the most since `_forget_peak`."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(which)) / 1024


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")
