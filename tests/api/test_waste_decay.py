"""How a container decays, over JSON: by its contents, and against its readings."""

from collections.abc import Callable

import pytest

from radiopharm.runtime import Runtime
from tests.api.test_waste import BAG, choose, measure, sealed_bag
from tests.conftest import StandingClock
from tests.doors import Api, Pages

SOON = ("Tc-99m", "I-131", "Lu-177")


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


def test_the_list_says_that_slow_readings_change_the_plan(
    officer: Api, pages: Callable[[str], Pages], runtime: Runtime, clock: StandingClock
) -> None:
    measured(officer, runtime, clock, "2.43", "2.05", "1.73")
    assert "measured to fall more slowly" in pages("safety_officer").get("/waste").text


def test_a_container_nobody_measured_has_its_contents_alone(officer: Api) -> None:
    path = sealed_bag(officer)
    answer = officer.get(f"{path}/decay").json
    assert (answer["remeasured"], answer["left_bq"]) == ([], answer["put_in_bq"])
    assert answer["bq_per_g"] == pytest.approx(118e6 / 850)


def test_an_empty_container_has_no_decay(officer: Api) -> None:
    bag = officer.post("/waste-containers", BAG).json
    assert officer.get(f"/waste-containers/{bag['id']}/decay").status_code == 404


@pytest.mark.requirement("RQ-39")
def test_what_is_here_is_counted_by_when_it_may_leave(
    officer: Api, runtime: Runtime, clock: StandingClock
) -> None:
    """The clock stands at noon on Monday 1 June 2026; the site's week ends in Madrid."""
    choose(officer, "house-ten-half-lives")
    paths = [sealed_bag(officer, (nuclide, "1 GBq"), nuclide=nuclide) for nuclide in SOON]
    officer.post("/waste-containers", BAG)
    standing = officer.get("/waste-containers/standing").json
    assert standing["week_ends_at"] == "2026-06-07T22:00:00Z"
    assert [standing[due] for due in ("releasable", "this_week", "later")] == [0, 1, 3]
    assert standing["blocked_by"][0] == {"code": "ten_half_lives", "kind": "n_half_lives"} | {
        "containers": 4
    }
    clock.move(days=3)
    measure(officer, paths[0], runtime)
    listed = {
        due: [each["id"] for each in officer.get("/waste-containers", state=due).json["items"]]
        for due in ("releasable", "this_week", "later")
    }
    assert listed == {"releasable": [1], "this_week": [], "later": [2, 3, 4]}


def test_a_list_of_what_a_leg_blocks_goes_on_page_by_page(officer: Api) -> None:
    choose(officer, "us-dis")
    for _ in range(3):
        sealed_bag(officer)
    officer.post("/waste-containers", BAG)
    first = officer.get("/waste-containers", blocked_by="survey", limit=2).json
    rest = officer.get("/waste-containers", blocked_by="survey", limit=2, after=first["next"]).json
    assert [each["id"] for each in first["items"] + rest["items"]] == [1, 2, 3, 4]
    assert rest["next"] is None
    sealed = officer.get("/waste-containers", blocked_by="sealed").json
    assert [each["id"] for each in sealed["items"]] == [4]
    assert officer.get("/waste-containers", blocked_by="nothing").json["items"] == []


def test_without_rules_everything_waits_for_a_choice(officer: Api) -> None:
    sealed_bag(officer)
    standing = officer.get("/waste-containers/standing").json
    assert (standing["pack"], standing["later"]) == (None, 1)
    assert [each["code"] for each in standing["blocked_by"]] == ["rule_pack"]


def test_the_months_to_come_count_arrivals_only_if_asked(
    officer: Api, runtime: Runtime, clock: StandingClock
) -> None:
    choose(officer, "house-ten-half-lives")
    sealed_bag(officer)
    clock.move(days=10)
    alone = officer.get("/waste-forecast").json
    assert (alone["arrivals_from_months"], alone["stays"]) == (None, 0)
    assert [point["containers"] for point in alone["points"][:3]] == [1, 1, 0]
    more = officer.get("/waste-forecast", arrivals=3).json
    assert more["arrivals_a_month"] == pytest.approx(1 / 3)
    assert more["points"][12]["containers"] == pytest.approx(2 / 3)
    assert officer.get("/waste-forecast", arrivals=25).status_code == 422
