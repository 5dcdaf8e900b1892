"""What is in a container is the sum of what its items have become."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from radiopharm.core.decay import chain_activities
from radiopharm.core.waste import Container, PutIn, contents, ignoring
from tests.core.making_waste import (
    DATA,
    DAY,
    MICROSECOND,
    START,
    make_condition,
    make_container,
    make_item,
    make_portion,
)

HALF_LIFE_OF_Y90_S = 230_760.0


def test_items_decay_each_from_its_own_instant() -> None:
    items = (make_item("Y-90"), make_item("Y-90", put_in_at=START + 2 * DAY))
    at = START + 3 * DAY
    alone = [chain_activities({"Y-90": 1e9}, days * 86_400.0, DATA)["Y-90"] for days in (3.0, 1.0)]
    assert contents(Container(items=items), at, DATA) == {"Y-90": pytest.approx(sum(alone))}


def test_an_item_decays_by_the_half_life_it_was_received_with() -> None:
    longer = make_portion("Y-90", half_life_s=2 * HALF_LIFE_OF_Y90_S)
    container = Container(items=(make_item("Y-90"), make_item(longer)))
    at = START + HALF_LIFE_OF_Y90_S * DAY / 86_400
    assert contents(container, at, DATA)["Y-90"] == pytest.approx(1e9 * (0.5 + 0.5**0.5))


def test_progeny_is_in_the_contents() -> None:
    at = START + 100 * DAY
    found = contents(make_container("Lu-177m"), at, DATA)
    assert found["Lu-177"] > 0.2 * found["Lu-177m"] > 0


def test_what_goes_in_later_is_not_there_yet() -> None:
    assert contents(make_container("Y-90"), START - MICROSECOND, DATA) == {}
    assert contents(make_container("Y-90"), START, DATA) == {"Y-90": 1e9}


def test_an_item_of_nothing_known_is_no_item() -> None:
    with pytest.raises(ValueError, match="without a declared nuclide"):
        PutIn(put_in_at=START, portions=())


def test_ignoring_a_nuclide_leaves_out_items_of_nothing_else() -> None:
    items = (make_item("Lu-177", "Lu-177m"), make_item("Lu-177m"))
    left = ignoring(Container(items=items), {"Lu-177m"})
    assert left.items == (make_item("Lu-177"),)


def test_each_nuclide_counts_with_its_longest_half_life() -> None:
    short, middle = make_portion("Y-90", half_life_s=10.0), make_portion("F-18", half_life_s=11.0)
    long = make_portion("Y-90", half_life_s=12.0)
    assert make_container(long, short, middle, long).nuclides == (middle, long)
    assert make_container(long, middle, short).nuclides == (middle, long)


@pytest.mark.parametrize(
    "wrong",
    [{"number": " "}, {"text": ""}, {"nuclides": frozenset()}, {"hold_unit": "h"}]
    + [{"hold": Decimal(hold)} for hold in ("-1", "NaN", "Infinity")],
)
def test_half_a_licence_condition_is_none(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"has a number|hold"):
        replace(make_condition("Lu-177m"), **wrong)
