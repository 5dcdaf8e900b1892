"""A container is opened again with a reason, and then nothing of its seal or readings counts."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from radiopharm.core.containers import (
    ContainerEvent,
    ContainerKind,
    Step,
    WasteContainer,
)
from radiopharm.core.filling import Change, reopening_faults, reopening_refusals
from radiopharm.core.states import ContainerState, container_state
from radiopharm.core.waste import PutIn
from tests.core.making_waste import DAY, MICROSECOND, START, check, make_container, make_portion

HOUR = timedelta(hours=1)


def make_bag(*steps: tuple[Step, timedelta]) -> WasteContainer:
    told = [
        ContainerEvent(step=step, at=START + after, recorded_at=START + after, actor_id=1)
        for step, after in steps
    ]
    return WasteContainer(
        id=1,
        site_id=1,
        kind=ContainerKind.BAG,
        nuclide="Lu-177",
        first_place="Store B",
        description="",
        opened_at=START,
        opened_by=1,
        events=tuple(told),
    )


SEALED = make_bag((Step.SEALED, HOUR))
AGAIN = make_bag((Step.SEALED, HOUR), (Step.REOPENED, DAY))
ANEW = make_bag((Step.SEALED, HOUR), (Step.REOPENED, DAY), (Step.SEALED, 2 * DAY))


@pytest.mark.parametrize(
    ("bag", "after", "state"),
    [
        (AGAIN, HOUR - MICROSECOND, ContainerState.OPEN),
        (AGAIN, HOUR, ContainerState.SEALED),
        (AGAIN, DAY - MICROSECOND, ContainerState.SEALED),
        (AGAIN, DAY, ContainerState.OPEN),
        (ANEW, 2 * DAY - MICROSECOND, ContainerState.OPEN),
        (ANEW, 2 * DAY, ContainerState.SEALED),
    ],
)
def test_the_state_follows_seal_and_opening_to_the_microsecond(
    bag: WasteContainer, after: timedelta, state: ContainerState
) -> None:
    assert container_state(bag, START + after) is state


def test_what_was_sealed_and_opened_has_no_seal_and_no_mass() -> None:
    assert AGAIN.facts().sealed_at is None
    assert ANEW.facts().sealed_at == START + 2 * DAY


@pytest.mark.parametrize(
    ("bag", "reason", "codes"),
    [
        (SEALED, "A vial was forgotten", []),
        (SEALED, " ", ["no_reason"]),
        (AGAIN, "A vial was forgotten", ["open_already"]),
        (make_bag((Step.SEALED, HOUR), (Step.TRANSFERRED, DAY)), "x", ["already_left"]),
    ],
)
def test_only_what_is_sealed_and_here_is_opened_again_and_with_a_reason(
    bag: WasteContainer, reason: str, codes: list[str]
) -> None:
    change = Change(container=bag, at=START + DAY, now=START + 3 * DAY, field="reopened_at")
    assert [each.code for each in reopening_refusals(change, reason)] == codes


def test_it_is_not_opened_before_it_was_sealed() -> None:
    change = Change(container=SEALED, at=START, now=START + DAY, field="reopened_at")
    assert [each.code for each in reopening_faults(change)] == ["before_seal"]


@pytest.mark.parametrize(
    ("articles", "bq", "passed"),
    [(None, 40_000, True), (None, 40_001, False), (3, 120_000, True), (3, 120_001, False)],
)
def test_uncounted_an_item_is_one_article_and_counted_so_many(
    articles: int | None, bq: int, passed: bool
) -> None:
    item = PutIn(
        put_in_at=START, portions=(make_portion("Lu-177", activity_bq=bq),), articles=articles
    )
    bag = make_container("Lu-177", volume_ml=10**6, mass_g=1)
    bag = type(bag)(items=(item,), sealed_at=START, volume_ml=bag.volume_ml)
    legs: dict[str, Any] = {leg.kind: leg for leg in check(bag, "uk-vllw", START).legs}
    assert legs["per_article"].passed is passed
    assert Decimal(legs["per_article"].value.split()[0]) >= Decimal(40)
