"""The store in the months to come: what decays, what leaves when, and what comes again if asked."""

from datetime import timedelta

import pytest

from radiopharm.core.checking import RulesInForce
from radiopharm.core.waste import Container
from radiopharm.services.bulk_checks import Batch
from radiopharm.services.forecast import MONTH, _arriving, _decaying
from tests.core.making_waste import DATA, PACKS, START, make_container, make_item, make_portion

PACK = PACKS["house-ten-half-lives"]
GBQ = 10**9


def test_what_is_here_decays_and_leaves_at_its_earliest_instant() -> None:
    """Ten half-lives of Lu-177 are 66.47 d: there after two months of 30.44 d, gone after three."""
    store = [make_container("Lu-177"), make_container("Tc-99m"), make_container("Sr-90")]
    points = _decaying(Batch(store, PACK, DATA), START)
    assert [point.containers for point in points] == [3, 2, 2, *[1] * 10]
    alone = _decaying(Batch(store[:2], PACK, DATA), START)
    left_bq = [GBQ * 2 ** -(k * MONTH / timedelta(days=6.647)) for k in (1, 2)]
    assert [point.activity_bq for point in alone[1:4]] == pytest.approx([*left_bq, 0])


def test_without_a_pack_nothing_leaves() -> None:
    points = _decaying(Batch([make_container("Tc-99m")], None, DATA), START)
    assert {point.containers for point in points} == {1}


def test_an_empty_store_stays_empty() -> None:
    points = _decaying(Batch([], PACK, DATA), START)
    assert [(point.containers, point.activity_bq) for point in points] == [(0, 0)] * 13


def opened(*months_ago: float, nuclide: str = "Lu-177") -> list[Container]:
    return [
        Container(items=(make_item(make_portion(nuclide), put_in_at=START - ago * MONTH),))
        for ago in months_ago
    ]


def test_arrivals_come_again_every_month_and_leave_as_they_did() -> None:
    """Two in four months are half a container a month; each stays 2.18 months."""
    points = _arriving(opened(0.5, 3.5), RulesInForce(pack=PACK), DATA, START, 4)
    assert [point.containers for point in points[:5]] == [0, 0.5, 1.0, 1.0, 1.0]
    aged_bq = [GBQ * 2 ** -((n + 0.5) * (MONTH / timedelta(days=6.647))) for n in range(2)]
    assert points[1].activity_bq == pytest.approx(0.5 * aged_bq[0])
    assert points[6].activity_bq == pytest.approx(0.5 * sum(aged_bq))


def test_arrivals_that_never_leave_add_up() -> None:
    points = _arriving(opened(0.2, 1.9, nuclide="Sr-90"), RulesInForce(pack=None), DATA, START, 2)
    assert [point.containers for point in points] == [pytest.approx(k) for k in range(13)]
