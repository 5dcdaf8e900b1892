"""A container leaves once, by a way whose every rule is met, and all that is missing is said."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from radiopharm.core.leaving import Departure, Papers, Transfer, return_refusals, transfer_refusals
from radiopharm.core.refusals import Refusal
from radiopharm.core.releasing import Release, release_refusals
from radiopharm.core.waste import Container
from tests.core.making_waste import DAY, START, check, make_container, make_survey

LEFT = Departure(way="transferred", left_at=START + DAY)


def make_release(container: Container | None = None, **other: Any) -> Release:
    given = {"departure": None, "labels_defaced": True, "roles": {"safety_officer"}}
    answer = check(container or make_container("Lu-177"), "us-dis")
    return Release(check=answer, **(given | other))


def make_transfer(**other: Any) -> Transfer:
    given = {
        "container": make_container("Lu-177", "Lu-177m"),
        "at": START + DAY,
        "zone": ZoneInfo("Europe/Madrid"),
        "departure": None,
        "recipient": "Low-level waste facility",
        "licence_number": "R-1234",
        "roles": {"safety_officer"},
    }
    return Transfer(**(given | other))


def codes(refusals: tuple[Refusal, ...]) -> set[str]:
    return {refusal.code for refusal in refusals}


def test_what_passes_is_released() -> None:
    assert release_refusals(make_release()) == ()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"departure": LEFT}, "already_left"),
        ({"labels_defaced": False}, "labels_not_defaced"),
        ({"roles": {"admin", "physicist"}}, "not_safety_officer"),
        ({"container": make_container("Lu-177m")}, "half_life"),
        ({"two_people": True}, "no_releaser"),
    ],
)
def test_each_thing_in_the_way_of_a_release_is_said(wrong: dict[str, Any], code: str) -> None:
    assert codes(release_refusals(make_release(**wrong))) == {code}


def test_two_people_are_enough_where_two_are_asked_for() -> None:
    assert release_refusals(make_release(two_people=True, has_releaser=True)) == ()


def test_everything_in_the_way_is_said_at_once() -> None:
    open_bag = make_container("Lu-177", "Lu-177m", sealed_at=None)
    release = make_release(open_bag, departure=LEFT, labels_defaced=False, roles=())
    assert codes(release_refusals(release)) == {
        "already_left",
        "labels_not_defaced",
        "not_safety_officer",
        "sealed",
        "half_life",
        "survey",
    }


@pytest.mark.requirement("RQ-39")
def test_a_failing_leg_is_refused_with_its_comparison_and_source() -> None:
    container = make_container("Lu-177", surveys=(make_survey(reading=Decimal("0.3")),))
    (refusal,) = release_refusals(make_release(container))
    assert (refusal.value, refusal.operator, refusal.limit) == ("0.3 µSv/h", "<=", "0.10 µSv/h")
    assert "10 CFR 35.92" in (refusal.source or "")


def test_what_no_rule_releases_may_be_transferred_or_returned() -> None:
    assert transfer_refusals(make_transfer()) == ()
    assert return_refusals(make_transfer(licence_number="")) == ()


@pytest.mark.requirement("RQ-42")
@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"departure": LEFT}, "already_left"),
        ({"roles": {"technologist"}}, "not_safety_officer"),
        ({"container": make_container("Lu-177m", sealed_at=None)}, "sealed"),
        ({"recipient": " "}, "no_recipient"),
        ({"licence_number": " "}, "no_licence_number"),
    ],
)
def test_each_thing_in_the_way_of_a_transfer_is_said(wrong: dict[str, Any], code: str) -> None:
    assert codes(transfer_refusals(make_transfer(**wrong))) == {code}


@pytest.mark.parametrize(("hour", "said"), [(21, set()), (22, {"licence_has_ended"})])
def test_a_licence_is_valid_until_the_day_is_over_where_the_site_is(
    hour: int, said: set[str]
) -> None:
    papers = Papers(licence_until=date(2026, 6, 1))
    at = datetime(2026, 6, 1, hour, tzinfo=UTC)  # 22:00 UTC is midnight in Madrid
    late = make_transfer(at=at, papers=papers, container=make_container("Lu-177", sealed_at=START))
    assert codes(transfer_refusals(late)) == said
