"""Recalculating a whole stock: the shipped jobs beside the loops everyone writes and the floor.

    python -m benchmarks.recalculate [--sizes 1000,10000,100000] [--engines sqlite] [--gate]

`snapshots and flags` are the two jobs as the scheduler runs them, audit events included; `flags
only` is the second alone, with a hundred vials crossing their expiry; `floor` inserts the same rows
as constants. The twins are timed on a part of the stock. Results are compared before anything is
timed. Targets are P1 and P2 of the performance paper; `--gate` makes a miss the exit code.
"""

import argparse
import math
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from benchmarks import twins
from benchmarks.harness import Timing, exponent, measure, times_faster
from benchmarks.stock import NOON, SLOT, fill
from radiopharm.jobs.registry import find
from radiopharm.jobs.running import run
from radiopharm.runtime import Runtime, make_runtime
from radiopharm.store import acts, make_engine, migrations
from radiopharm.store.snapshots import COLUMNS
from radiopharm.store.tables.derived import activity_snapshots, flags
from radiopharm.store.tables.vials import vials
from tests import hospital, postgres

BOTH, FLAGS, FLOOR = "snapshots and flags", "flags only", "floor: insert constants"
LOOP, LIBRARY = "ORM loop, math.exp", "ORM loop, radioactivedecay"
MOST = {LOOP: 10_000, LIBRARY: 500}
ROUNDS = 3
EXACT = 1e-12
AS_THE_LIBRARY = 1e-9


@dataclass(frozen=True, slots=True)
class Targets:
    """P1 of an engine: at least so many times faster than each loop, at most so near the floor."""

    library: float
    loop: float
    floor: float


P1 = {"sqlite": Targets(400, 70, 3.0), "postgresql": Targets(150, 40, 1.6)}
MOST_GROWTH_MB, MOST_EXPONENT = 64, 1.05
P2_LIBRARY, P2_SIZE, P2_DOUBLING = 10_000, 1_000_000, 1.3


@dataclass(slots=True)
class Stand:
    """A runtime over a filled database, and the slot its next round is at."""

    runtime: Runtime
    size: int
    now: datetime = NOON

    def clock(self) -> datetime:
        return self.now

    def contenders(self) -> dict[str, Callable[[], int]]:
        return {
            FLOOR: self.floor,
            BOTH: lambda: self.jobs("activity-snapshots", "flags"),
            FLAGS: lambda: self.jobs("flags"),
            LOOP: lambda: self.loop(LOOP, twins.by_exponential),
            LIBRARY: lambda: self.loop(LIBRARY, twins.by_library),
        }

    def jobs(self, *names: str) -> int:
        for name in names:
            run(self.runtime, find(self.runtime.settings, name), self.now)
        return self.size

    def floor(self) -> int:
        slot = sa.literal(self.now, activity_snapshots.c.slot.type)
        rows = sa.select(
            sa.literal("vial"), vials.c.id, slot, vials.c.nuclide, sa.literal(1.0, sa.Double)
        )
        with acts.writing(self.runtime.engine) as db:
            db.execute(activity_snapshots.insert().from_select(COLUMNS, rows))
        return self.size

    def loop(self, name: str, formula: twins.Formula) -> int:
        return twins.loop(self.runtime.engine, self.now, formula, MOST[name])

    def tidy(self) -> None:
        """Away with what was written; the next one starts from a stock at rest."""
        with acts.writing(self.runtime.engine) as db:
            db.execute(activity_snapshots.delete())
            db.execute(flags.delete().where(flags.c.message == twins.MESSAGE))
        self.now += SLOT


@dataclass(slots=True)
class Verdicts:
    """Targets, met or missed."""

    missed: list[str] = field(default_factory=list)

    def say(self, what: str, value: float, sign: str, target: float) -> None:
        met = value >= target if sign == "≥" else value <= target
        print(f"  {'pass' if met else 'MISS'}  {what}: {value:,.2f} {sign} {target:,g}")
        if not met:
            self.missed.append(what)


def main() -> None:
    """Measure, print, and with --gate fail on a missed target."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="1000,10000,50000,100000")
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--gate", action="store_true", help="exit 1 when a target is missed")
    asked = parser.parse_args()
    verdicts = Verdicts()
    for engine in asked.engines.split(","):
        sizes = sorted(int(size) for size in asked.sizes.split(","))
        results = {size: _measured(engine, size) for size in sizes}
        _judge(engine, results, verdicts)
    sys.exit(1 if asked.gate and verdicts.missed else 0)


def _measured(engine: str, size: int) -> dict[str, Timing]:
    with _stand(engine, size) as stand:
        stand.jobs("flags")  # the first run of a day looks at everything
        _require_equal(stand)
        results = measure(stand.contenders(), ROUNDS, stand.tidy)
    print(f"{engine}, {size:,} vials")
    for name, it in results.items():
        print(
            f"  {name:28} {it.us:12.3f} µs/vial   ×{times_faster(it, results[LIBRARY]):11,.0f} of"
            f" the library's loop   ×{times_faster(results[FLOOR], it):9.2f} floor"
            f"   +{it.grown_mb:.0f} MB"
        )
    return results


def _judge(engine: str, results: dict[int, dict[str, Timing]], verdicts: Verdicts) -> None:
    largest, targets = results[max(results)], P1[engine]
    both, alone = largest[BOTH], largest[FLAGS]
    print(f"{engine}, targets at {max(results):,} vials")
    verdicts.say("P1 × library loop", times_faster(both, largest[LIBRARY]), "≥", targets.library)
    verdicts.say("P1 × math.exp loop", times_faster(both, largest[LOOP]), "≥", targets.loop)
    verdicts.say("P1 of the floor", times_faster(largest[FLOOR], both), "≤", targets.floor)
    verdicts.say("P1 memory, MB", both.grown_mb, "≤", MOST_GROWTH_MB)
    share = max(results) / P2_SIZE  # its cost does not grow with the stock, the loop's does
    verdicts.say(
        "P2 × library loop", times_faster(alone, largest[LIBRARY]), "≥", P2_LIBRARY * share
    )
    if len(results) > 1:
        grown = {size: min(it[BOTH].seconds) for size, it in results.items() if size >= 10_000}
        if len(grown) > 1:
            verdicts.say("P1 growth exponent", exponent(grown), "≤", MOST_EXPONENT)
        *_, half, full = sorted(results)
        ratio = min(results[full][FLAGS].seconds) / min(results[half][FLAGS].seconds)
        verdicts.say(f"P2 {full:,} against {half:,} vials", ratio, "≤", P2_DOUBLING)


def _require_equal(stand: Stand) -> None:
    """The shipped figures against both loops', on the vials all of them have."""
    stand.jobs("activity-snapshots")
    ours = _figures(stand)
    for name, formula, within in (
        (LOOP, twins.by_exponential, EXACT),
        (LIBRARY, twins.by_library, AS_THE_LIBRARY),
    ):
        stand.tidy()
        stand.now = NOON
        stand.loop(name, formula)
        for vial_id, theirs in _figures(stand).items():
            if not math.isclose(ours[vial_id], theirs, rel_tol=within):
                raise SystemExit(f"vial {vial_id}: {ours[vial_id]!r} is not {theirs!r} of {name}")
    stand.tidy()


def _figures(stand: Stand) -> dict[int, float]:
    with stand.runtime.reading() as db:
        return {
            row.subject_id: row.activity_bq for row in db.execute(sa.select(activity_snapshots))
        }


@contextmanager
def _stand(engine: str, size: int) -> Iterator[Stand]:
    with tempfile.TemporaryDirectory() as folder, _address(engine, Path(folder)) as url:
        made = make_engine(url)
        migrations.upgrade(made)
        made.dispose()
        stand = Stand(make_runtime(hospital.settings(url, Path(folder))), size)
        stand.runtime = make_runtime(hospital.settings(url, Path(folder)), stand.clock)
        fill(stand.runtime.engine, size, stand.runtime.reference)
        try:
            yield stand
        finally:
            stand.runtime.engine.dispose()


@contextmanager
def _address(engine: str, folder: Path) -> Iterator[str]:
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'bench.db'}"
    else:
        with postgres.server(durable=True) as url:
            yield url


if __name__ == "__main__":
    main()
