"""What happens to a vial without moving activity."""

from datetime import timedelta
from typing import Any

import pytest

from radiopharm.core.happenings import Happen
from radiopharm.core.ledger import Amount
from radiopharm.core.refusals import Conflict, Invalid, Refused
from radiopharm.core.states import is_quarantined, use_by
from radiopharm.core.vials import Happening
from radiopharm.runtime import Runtime
from radiopharm.services import corrections, happenings
from tests import hospital
from tests.conftest import NOON, StandingClock
from tests.services.acting import do, vial


def happen(runtime: Runtime, vial_id: int, kind: Happening, **said: Any) -> None:
    command = Happen(kind=kind, **{"after_sequence": 1, **said})
    do(runtime, lambda act: happenings.happen(act, vial_id, command))


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {refusal.code for refusal in refused.value.refusals}


@pytest.mark.requirement("RQ-18")
def test_a_quarantine_holds_until_it_is_released(runtime: Runtime, clock: StandingClock) -> None:
    vial_id = hospital.accepted(runtime)
    happen(runtime, vial_id, Happening.QUARANTINED, reason="wet parcel")
    assert is_quarantined(vial(runtime, vial_id), clock.now)
    happen(runtime, vial_id, Happening.RELEASED, reason="wipe test clean")
    assert not is_quarantined(vial(runtime, vial_id), clock.now)


@pytest.mark.requirement("RQ-18")
def test_release_and_quarantine_ask_for_their_opposite_and_a_reason(runtime: Runtime) -> None:
    vial_id = hospital.accepted(runtime)
    with pytest.raises(Refused) as refused:
        happen(runtime, vial_id, Happening.RELEASED)
    assert codes(refused) == {"reason", "not_quarantined"}
    happen(runtime, vial_id, Happening.QUARANTINED, reason="wet parcel")
    with pytest.raises(Refused) as refused:
        happen(runtime, vial_id, Happening.QUARANTINED, reason="again")
    assert codes(refused) == {"quarantined"}


def test_thawing_starts_the_products_clock_and_freezes_its_end(
    runtime: Runtime, clock: StandingClock
) -> None:
    vial_id = hospital.accepted(runtime, product="i-131-mibg")
    happen(runtime, vial_id, Happening.THAWED)
    assert use_by(vial(runtime, vial_id), clock.now) == NOON + timedelta(hours=4)


def test_what_never_was_frozen_does_not_thaw(runtime: Runtime) -> None:
    vial_id = hospital.accepted(runtime)
    with pytest.raises(Refused) as refused:
        happen(runtime, vial_id, Happening.THAWED)
    assert codes(refused) == {"does_not_thaw"}


def test_a_vial_is_opened_once(runtime: Runtime) -> None:
    vial_id = hospital.accepted(runtime)
    happen(runtime, vial_id, Happening.OPENED)
    with pytest.raises(Refused) as refused:
        happen(runtime, vial_id, Happening.OPENED)
    assert codes(refused) == {"opened_already"}


def test_an_empty_vial_is_neither_opened_nor_kept(runtime: Runtime) -> None:
    vial_id = hospital.accepted(runtime)
    do(runtime, lambda act: corrections.discard(act, vial_id, 1, None, ""))
    for kind in (Happening.OPENED, Happening.ALLOCATED):
        with pytest.raises(Refused) as refused:
            happen(runtime, vial_id, kind, after_sequence=2)
        assert codes(refused) == {"empty"}
    assert vial(runtime, vial_id).ledger.balance == Amount(volume_ul=0, reference_bq=0)


def test_it_stands_where_it_was_put_last(runtime: Runtime, clock: StandingClock) -> None:
    vial_id = hospital.accepted(runtime)
    clock.move(hours=3)
    happen(runtime, vial_id, Happening.MOVED, place="Hot cell 2")
    earlier = clock.now - timedelta(hours=1)
    happen(
        runtime, vial_id, Happening.MOVED, place="Bench", occurred_at=earlier, reason="forgotten"
    )
    last = vial(runtime, vial_id).latest(Happening.MOVED)
    assert last is not None
    assert last.place == "Hot cell 2"


@pytest.mark.parametrize(
    ("hours", "code"),
    [(0.1, "ahead"), (-4, "before_receipt"), (-2, "late_needs_reason")],
)
def test_the_time_must_be_possible_and_lateness_explained(
    runtime: Runtime, clock: StandingClock, hours: float, code: str
) -> None:
    vial_id = hospital.accepted(runtime)
    clock.move(hours=3)
    at = clock.now + timedelta(hours=hours)
    with pytest.raises(Refused) as refused:
        happen(
            runtime, vial_id, Happening.OPENED, occurred_at=at, reason="" if code[0] == "l" else "x"
        )
    assert codes(refused) == {code}


def test_a_vial_is_kept_for_a_directive_of_its_product_and_let_go(runtime: Runtime) -> None:
    vial_id, directive_id = hospital.accepted(runtime), hospital.directive(runtime)
    happen(runtime, vial_id, Happening.ALLOCATED, directive_id=directive_id)
    happen(runtime, vial_id, Happening.ALLOCATED)
    kept = [e.directive_id for e in vial(runtime, vial_id).events if e.kind == "allocated"]
    assert kept == [directive_id, None]


def test_a_vial_is_not_kept_for_another_products_directive(runtime: Runtime) -> None:
    vial_id = hospital.accepted(runtime, product="i-131-mibg")
    with pytest.raises(Refused) as refused:
        happen(runtime, vial_id, Happening.ALLOCATED, directive_id=hospital.directive(runtime))
    assert codes(refused) == {"wrong_product"}
    with pytest.raises(Invalid):
        happen(runtime, vial_id, Happening.ALLOCATED, directive_id=999)


def test_a_stale_page_does_nothing(runtime: Runtime) -> None:
    vial_id = hospital.accepted(runtime)
    with pytest.raises(Conflict, match="stale"):
        happen(runtime, vial_id, Happening.OPENED, after_sequence=2)
    assert vial(runtime, vial_id).latest(Happening.OPENED) is None
