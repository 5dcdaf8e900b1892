"""A store of waste judged in one pass beside the loop that judges each container by itself.

    python -m benchmarks.waste

Both are timed in the same run; the loop on a part of the store, whose answers are compared first.
"""

import random
import time
from datetime import timedelta

from radiopharm.core.release import release_check
from radiopharm.core.waste import Container
from radiopharm.services.bulk_checks import PASSED, Batch
from tests.core.making_waste import DATA, PACKS, START, make_container, make_portion, make_survey

AT = START + timedelta(days=60)
PACKS_TIMED = ("us-dis", "de-clearance", "ca-exemption-activity")


def compare(size: int = 100_000, alone: int = 1_000) -> None:
    """Measure a store of *size*, *alone* of them also one by one, and print."""
    dice = random.Random(1)
    store = [_container(dice) for _ in range(size)]
    for pack in PACKS_TIMED:
        _measure(pack, store, alone)


def _measure(pack: str, store: list[Container], alone: int) -> None:
    begun = time.perf_counter()
    found = Batch(store, PACKS[pack], DATA).at(AT)
    once = time.perf_counter() - begun
    begun = time.perf_counter()
    checks = [release_check(each, PACKS[pack], AT, DATA) for each in store[:alone]]
    loop = (time.perf_counter() - begun) / alone
    for n, check in enumerate(checks):
        passed = [leg.passed is True for leg in check.legs]
        if (found.answers[:, n] == PASSED).tolist() != passed:
            raise SystemExit(f"{pack}: container {n} is judged differently")
    each = once / len(store)
    print(
        f"{pack}: {len(store):,} containers in {once:.2f} s, {each * 1e6:.1f} µs each; "
        f"the loop {loop * 1e6:,.0f} µs each: ×{loop / each:,.0f}"
    )


def _container(dice: random.Random) -> Container:
    """One of three nuclides, a fifth of the Lu-177 with Lu-177m; two thirds have a reading."""
    nuclide = dice.choice(["Lu-177", "Y-90", "I-131"])
    activity_bq = round(10 ** dice.uniform(4, 10))
    portions = [make_portion(nuclide, activity_bq=activity_bq)]
    if nuclide == "Lu-177" and dice.random() < 0.2:
        portions.append(make_portion("Lu-177m", activity_bq=activity_bq // 5_000))
    surveys = (make_survey(START + timedelta(days=30)),) if dice.random() < 0.67 else ()
    return make_container(*portions, mass_g=dice.randrange(100, 3_000), surveys=surveys)


if __name__ == "__main__":
    compare()
