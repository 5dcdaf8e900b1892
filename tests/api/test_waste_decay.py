"""How a container decays, over JSON: by its contents, and against its readings."""

from collections.abc import Callable

import pytest

from radiopharm.runtime import Runtime
from tests.api.test_waste import BAG, choose, measure, sealed_bag
from tests.conftest import StandingClock
from tests.doors import Api


@pytest.fixture
def officer(api: Callable[[str], Api]) -> Api:
    return api("safety_officer")


def measured(officer: Api, runtime: Runtime, clock: StandingClock, *readings: str) -> str:
    """A bag of Lu-177 under German rules, read every forty days."""
    choose(officer, "de-clearance")
    path = sealed_bag(officer)
    for reading in readings:
        clock.move(days=40)
        assert measure(officer, path, runtime, reading=reading).status_code == 201
    return path


@pytest.mark.requirement("RQ-39")
def test_slow_readings_put_a_later_date_beside_the_computed_one(
    officer: Api, runtime: Runtime, clock: StandingClock
) -> None:
    path = measured(officer, runtime, clock, "2.43", "2.05", "1.73")
    answer = officer.get(f"{path}/decay", pack="de-clearance").json
    (series,) = answer["remeasured"]
    assert series["pace"] == "slower"
    assert series["half_life_s"] / 86_400 == pytest.approx(152, rel=0.05)
    assert series["expected_s"] / 86_400 == pytest.approx(6.647)
    assert series["estimate"]["candidates"][0] == "Lu-177m"
    legs = {leg["code"]: leg["earliest_at"] for leg in series["estimate"]["legs"]}
    assert legs["clearance"] > answer["at"]
    assert answer["decayed_fraction"] == pytest.approx(1 - 2 ** (-120 / 6.647))


def test_a_container_nobody_measured_has_its_contents_alone(officer: Api) -> None:
    path = sealed_bag(officer)
    answer = officer.get(f"{path}/decay").json
    assert (answer["remeasured"], answer["left_bq"]) == ([], answer["put_in_bq"])
    assert answer["bq_per_g"] == pytest.approx(118e6 / 850)


def test_an_empty_container_has_no_decay(officer: Api) -> None:
    bag = officer.post("/waste-containers", BAG).json
    assert officer.get(f"/waste-containers/{bag['id']}/decay").status_code == 404
