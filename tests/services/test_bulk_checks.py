"""One pass over many containers answers what the scalar engine answers, leg by leg."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from radiopharm.core.release import Check, release_check
from radiopharm.core.waste import Container, PutIn
from radiopharm.services.bulk_checks import FAILED, PASSED, UNKNOWN, Batch
from tests.core.making_waste import (
    DATA,
    DAY,
    MICROSECOND,
    PACKS,
    START,
    make_condition,
    make_container,
    make_portion,
    make_survey,
)

ANSWER = {True: PASSED, False: FAILED, None: UNKNOWN}
NUCLIDES = ["Lu-177", "Lu-177", "Lu-177m", "I-131", "Y-90", "Sr-90", "Ge-68", "Ac-225", "Tc-99m"]
CONDITIONS = (make_condition("Lu-177", "Lu-177m", "I-131", "Y-90", hold="12"),)


def some(dice: random.Random) -> Container:
    """A container as a store might have it, and a few that no store should."""
    items = tuple(
        PutIn(
            put_in_at=START + timedelta(seconds=dice.randrange(-900_000, 900_000)),
            portions=tuple(
                make_portion(
                    symbol,
                    activity_bq=round(10 ** dice.uniform(0, 10)),
                    half_life_s=dice.choice([None, DATA.get(symbol).half_life_s * 1.001]),
                )
                for symbol in set(dice.choices(NUCLIDES, k=dice.choice([1, 1, 2])))
            ),
        )
        for _ in range(dice.choice([0, 1, 1, 1, 2, 3]))
    )
    return Container(
        items=items,
        sealed_at=dice.choice([None, START, START + 11 * DAY, START + 11 * DAY]),
        mass_g=dice.choice([None, 100, 850, 5_000, 400_000]),
        volume_ml=dice.choice([None, 1_000, 60_000]),
        surveys=dice.choice([(), (make_survey(START + 12 * DAY),)]),
        licence_conditions=dice.choice([(), CONDITIONS]),
    )


def compare(containers: Sequence[Container], pack: str, at: datetime) -> list[Check]:
    found = Batch(containers, PACKS[pack], DATA).at(at)
    checks = [release_check(each, PACKS[pack], at, DATA) for each in containers]
    for n, check in enumerate(checks):
        expected = {leg.code: ANSWER[leg.passed] for leg in check.legs}
        assert dict(zip(found.codes, found.answers[:, n], strict=True)) == expected, containers[n]
        assert found.releasable[n] == check.releasable
        if containers[n].items:
            waited = check.earliest_at is not None and check.earliest_at <= at
            assert found.waited[n] == waited or not containers[n].is_sealed(at)
    return checks


@pytest.mark.parametrize("pack", PACKS)
def test_many_containers_at_once_have_the_answers_of_each_by_itself(pack: str) -> None:
    dice = random.Random(pack)
    compare([some(dice) for _ in range(40)], pack, START + dice.choice([3, 40, 400]) * DAY)


@pytest.mark.soak
@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("day", [-5, 3, 30, 90, 400, 2_000])
def test_thousands_at_once_have_the_answers_of_each_by_itself(pack: str, day: int) -> None:
    dice = random.Random(f"{pack} {day}")
    compare([some(dice) for _ in range(3_000)], pack, START + day * DAY)


@pytest.mark.parametrize("pack", ["de-clearance", "ca-exemption-activity", "uk-vllw", "fr-decay"])
def test_to_the_microsecond_the_scalar_engine_decides(pack: str) -> None:
    """Each container is judged at its own earliest instant and a step to either side."""
    dice = random.Random(pack)
    containers = [
        make_container(
            make_portion(dice.choice(["I-131", "Y-90"]), activity_bq=10 ** dice.randrange(6, 10)),
            mass_g=900,
            volume_ml=1_000,
        )
        for _ in range(4)
    ]
    for check, container in zip(compare(containers, pack, START), containers, strict=True):
        legs = {leg.earliest_at for leg in check.legs if leg.earliest_at}
        for at in (near for leg_at in legs for near in (leg_at - MICROSECOND, leg_at)):
            compare([container], pack, at)


def test_activities_are_those_of_each_by_itself() -> None:
    from radiopharm.core.waste import contents

    dice = random.Random(7)
    containers = [some(dice) for _ in range(200)]
    at = START + 20 * DAY
    found = Batch(containers, None, DATA).activity_bq(at)
    for container, bq in zip(containers, found, strict=True):
        assert bq == pytest.approx(sum(contents(container, at, DATA).values()), rel=1e-9, abs=1e-6)


def test_no_container_is_no_work() -> None:
    assert not Batch([], PACKS["de-clearance"], DATA).at(START).releasable.size
