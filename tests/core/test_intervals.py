"""Two treatments of one patient: the longer interval counts, and exactly that long is enough."""

from datetime import timedelta
from typing import Any

import pytest

from radiopharm.core.intervals import Given, Planned, conflicts, cumulative, since_last, stops
from radiopharm.core.reference import Reference
from tests.core.test_directives import NOON

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def planned(reference: Reference, after: timedelta = 0 * DAY, **changes: Any) -> Planned:
    product = reference.products[changes.pop("product", "lutathera")]
    usual: dict[str, Any] = {
        "directive": "R-000001",
        "planned_for": NOON + after,
        "written_at": NOON,
        "stands_at": NOON,
        "reason": "",
    }
    return Planned(product=product, **{**usual, **changes})


def given(reference: Reference, ago: timedelta, product: str = "lutathera") -> Given:
    return Given(
        dose_id=7,
        directive_id=9,
        product=reference.products[product],
        started_at=NOON - ago,
        net_bq=7.4e9,
    )


@pytest.mark.requirement("RQ-11")
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("apart", "found"), [(49 * DAY, 0), (49 * DAY - SECOND, 1), (0 * DAY, 1)])
def test_closer_than_the_interval_is_a_conflict_and_exactly_it_is_not(
    reference: Reference, apart: timedelta, found: int, sign: int
) -> None:
    other = planned(reference, sign * apart, directive="R-000002")
    assert len(conflicts(planned(reference), [other])) == found


def test_a_conflict_names_the_other_directive_and_what_to_do(reference: Reference) -> None:
    other = planned(reference, 3 * DAY, directive="R-000002")
    (said,) = conflicts(planned(reference), [other])
    assert said.message.startswith("R-000002 (Lutathera")
    assert "3 d after this one; at least 49 d must lie between" in said.message
    assert "Cancel one of the two" in said.message
    assert "Lutathera US label" in str(said.source)


def test_of_two_products_the_longer_interval_counts_for_both(reference: Reference) -> None:
    azedra = planned(reference, 60 * DAY, product="i-131-mibg-azedra")
    lutathera = planned(reference)
    assert [each.limit for each in conflicts(lutathera, [azedra])] == ["90 d"]
    assert [each.limit for each in conflicts(azedra, [lutathera])] == ["90 d"]


def test_products_without_an_interval_are_never_too_close(reference: Reference) -> None:
    first, second = (planned(reference, product="i-131-mibg") for _ in range(2))
    assert conflicts(first, [second]) == ()
    assert since_last(first, [given(reference, DAY, "i-131-mibg")]) is None


def test_only_a_verified_interval_stops_a_dose(reference: Reference) -> None:
    lutathera, azedra = planned(reference), planned(reference, product="i-131-mibg-azedra")
    in_house = planned(reference, product="lu-177-dotatate")
    assert len(conflicts(in_house, [in_house])) == 1
    assert stops(in_house, [in_house]) == ()
    assert [each.limit for each in stops(lutathera, [azedra])] == ["49 d"]


def test_a_reason_on_either_side_lets_both_stand(reference: Reference) -> None:
    plain, reasoned = planned(reference), planned(reference, DAY, reason="Split dose")
    assert conflicts(plain, [reasoned]) == conflicts(reasoned, [plain]) == ()


def test_a_reason_does_not_speak_of_what_was_written_after_it_was_signed(
    reference: Reference,
) -> None:
    reasoned = planned(reference, reason="Split dose")
    later = planned(reference, DAY, written_at=NOON + SECOND, stands_at=NOON + DAY)
    assert len(conflicts(reasoned, [later])) == len(conflicts(later, [reasoned])) == 1


@pytest.mark.parametrize(("ago", "is_said"), [(49 * DAY, False), (49 * DAY - SECOND, True)])
def test_the_last_administration_is_warned_of_within_the_interval(
    reference: Reference, ago: timedelta, is_said: bool
) -> None:
    before = [given(reference, 100 * DAY), given(reference, ago)]
    assert (since_last(planned(reference), before) is not None) is is_said


@pytest.mark.requirement("RQ-11")
def test_net_activities_add_up_by_product(reference: Reference) -> None:
    three = [given(reference, DAY), given(reference, 2 * DAY), given(reference, DAY, "i-131-mibg")]
    assert list(cumulative(three).values()) == [14.8e9, 7.4e9]
