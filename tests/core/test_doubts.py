"""A reading at background of a bag whose book says it is far from empty is doubted, not refused."""

from decimal import Decimal

import pytest

from radiopharm.core.doubts import Doubt, doubts
from radiopharm.core.rule_packs import exempt_activities
from tests.core.making_waste import (
    DATA,
    PACKS,
    REFERENCE,
    START,
    check,
    make_container,
    make_portion,
    make_survey,
)

EXEMPT_BQ = 10_000_000  # Lu-177, 2013/59/Euratom Annex VII Table B column 3


def found(activity_bq: int, reading: str = "0.10") -> tuple[Doubt, ...]:
    survey = make_survey(measured_at=START, reading=Decimal(reading))
    bag = make_container(make_portion("Lu-177", activity_bq=activity_bq), surveys=(survey,))
    exempt = exempt_activities(REFERENCE.rule_packs, PACKS["us-dis"], START)
    assert exempt is not None
    return doubts(check(bag, "us-dis", START), exempt, DATA)


@pytest.mark.parametrize(("over", "doubted"), [(-1, 0), (0, 0), (1, 1)])
def test_what_is_more_than_exempt_is_doubted_to_the_becquerel(over: int, doubted: int) -> None:
    assert len(found(EXEMPT_BQ + over)) == doubted


def test_a_doubt_says_what_the_book_says_and_whose_figure_it_is_compared_to() -> None:
    (doubt,) = found(98_900_000)
    assert "98.9 MBq of Lu-177 is still inside" in doubt.message
    assert "10.0 MBq" in doubt.message
    assert "2013/59/Euratom Annex VII" in doubt.source


def test_a_reading_that_failed_is_refused_already_and_not_doubted() -> None:
    assert found(98_900_000, reading="0.42") == ()


def test_a_pack_that_names_no_other_raises_no_doubt() -> None:
    assert exempt_activities(REFERENCE.rule_packs, PACKS["eu-clearance"], START) is None
