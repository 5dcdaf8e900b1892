"""A derogation is the derogator's, of a sealed container that fails, and has a reason."""

from typing import Any

import pytest

from radiopharm.core.derogating import Derogation, derogation_refusals
from radiopharm.core.leaving import Departure
from radiopharm.core.releasing import Release, release_refusals
from radiopharm.core.waste import Container
from radiopharm.services.accounts import ROLES
from tests.core.making_waste import DAY, START, check, make_container

LEFT = Departure(way="released", left_at=START + DAY)
STATES: dict[str, tuple[Container, Departure | None]] = {
    "open": (make_container("Lu-177", sealed_at=None), None),
    "failing": (make_container("Lu-177m"), None),
    "passing": (make_container("Lu-177"), None),
    "left": (make_container("Lu-177m"), LEFT),
}


def make_derogation(state: str = "failing", **other: Any) -> Derogation:
    container, departure = STATES[state]
    given: dict[str, Any] = {"reason": "The store burns", "labels_defaced": True}
    given |= {"roles": {"derogator"}, "departure": departure}
    return Derogation(check=check(container, "us-dis"), **(given | other))


def codes(derogation: Derogation) -> set[str]:
    return {refusal.code for refusal in derogation_refusals(derogation)}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_each_act_belongs_to_one_state_and_one_role(state: str, role: str) -> None:
    container, departure = STATES[state]
    release = Release(
        check=check(container, "us-dis"), departure=departure, labels_defaced=True, roles={role}
    )
    may_release = release_refusals(release) == ()
    may_derogate = codes(make_derogation(state, roles={role})) == set()
    assert may_release == (state == "passing" and role == "safety_officer")
    assert may_derogate == (state == "failing" and role == "derogator")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"state": "open"}, "sealed"),
        ({"state": "passing"}, "nothing_to_derogate"),
        ({"state": "left"}, "already_left"),
        ({"roles": {"safety_officer", "admin"}}, "not_derogator"),
        ({"reason": "  "}, "no_reason"),
        ({"labels_defaced": False}, "labels_not_defaced"),
    ],
)
def test_each_thing_in_the_way_is_said(wrong: dict[str, Any], code: str) -> None:
    assert codes(make_derogation(**wrong)) == {code}


def test_what_fails_and_what_cannot_be_judged_are_both_departed_from() -> None:
    unmeasured = make_container("Lu-177m", surveys=())
    derogation = Derogation(
        check=check(unmeasured, "us-dis"),
        departure=None,
        labels_defaced=True,
        reason="The store burns",
        roles={"derogator"},
    )
    assert {leg.code: leg.passed for leg in derogation.failed} == {
        "half_life": False,
        "survey": None,
    }
    assert derogation_refusals(derogation) == ()
