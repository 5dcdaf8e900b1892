"""Discarding, transferring, diluting and undoing: the book follows, to the becquerel."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from radiopharm.core.corrections import Taking
from radiopharm.core.ledger import NOTHING, Amount, Kind
from radiopharm.core.refusals import Conflict, NotFound, Refused
from radiopharm.runtime import Runtime
from radiopharm.services import corrections, ledgers
from tests import hospital
from tests.conftest import StandingClock
from tests.meddling import as_owner
from tests.services.acting import do, entries, vial

WHOLE = Amount(volume_ul=20_500, reference_bq=7_585_000_000)


def discard(runtime: Runtime, vial_id: int, after: int, volume_ul: int | None, **more: Any) -> int:
    reason = more.pop("reason", "")
    at = more.pop("occurred_at", None)
    number: int = do(
        runtime,
        lambda act: corrections.discard(act, vial_id, after, volume_ul, reason, at, **more),
    )
    return number


def reverse(runtime: Runtime, vial_id: int, sequence: int, after: int, reason: str = "slip") -> int:
    number: int = do(runtime, lambda act: ledgers.reverse(act, vial_id, sequence, after, reason))
    return number


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {refusal.code for refusal in refused.value.refusals}


@pytest.fixture
def vial_id(runtime: Runtime) -> int:
    return hospital.accepted(runtime)


def test_a_discard_takes_its_share_and_the_remainder_takes_the_rest(
    runtime: Runtime, vial_id: int
) -> None:
    assert discard(runtime, vial_id, 1, 10_250) == 2
    assert vial(runtime, vial_id).ledger.balance == Amount(
        volume_ul=10_250, reference_bq=3_792_500_000
    )
    discard(runtime, vial_id, 2, None)
    assert vial(runtime, vial_id).ledger.balance == NOTHING


def test_more_than_the_book_holds_is_refused_until_it_is_explained(
    runtime: Runtime, vial_id: int
) -> None:
    with pytest.raises(Refused) as refused:
        discard(runtime, vial_id, 1, 20_600)
    assert codes(refused) == {"insufficient"}
    assert discard(runtime, vial_id, 1, 20_600, overdrawn_reason="vial was overfilled") == 3
    found, gone = entries(runtime, vial_id)[1:]
    assert (found.kind, found.change) == (
        Kind.ASSAYED,
        Amount(volume_ul=100, reference_bq=37_000_000),
    )
    assert gone.after == NOTHING


def test_an_empty_vial_has_nothing_to_discard(runtime: Runtime, vial_id: int) -> None:
    discard(runtime, vial_id, 1, None)
    with pytest.raises(Refused) as refused:
        discard(runtime, vial_id, 2, None)
    assert codes(refused) == {"empty"}


def test_a_late_discard_counts_from_when_it_happened(
    runtime: Runtime, clock: StandingClock, vial_id: int
) -> None:
    clock.move(hours=6)
    at = clock.now - timedelta(hours=2)
    with pytest.raises(Refused) as refused:
        discard(runtime, vial_id, 1, 500, occurred_at=at)
    assert codes(refused) == {"late_needs_reason"}
    discard(runtime, vial_id, 1, 500, occurred_at=at, reason="system was down")
    entry = entries(runtime, vial_id)[-1]
    assert (entry.occurred_at, entry.recorded_at) == (at, clock.now)


def test_what_was_not_there_then_cannot_have_been_discarded_then(
    runtime: Runtime, clock: StandingClock, vial_id: int
) -> None:
    clock.move(hours=1)
    discard(runtime, vial_id, 1, None)
    clock.move(hours=1)
    undone = reverse(runtime, vial_id, 2, 2)
    assert undone == 3
    refill = Taking(kind=Kind.DILUTED, after_sequence=3, volume_ul=1_000)
    do(runtime, lambda act: corrections.take(act, vial_id, refill))
    early = clock.now - timedelta(minutes=90)
    with pytest.raises(Refused) as refused:
        discard(runtime, vial_id, 4, 21_500, occurred_at=early, reason="forgotten")
    assert codes(refused) == {"impossible_then"}


def test_a_dilution_adds_volume_and_nothing_else(runtime: Runtime, vial_id: int) -> None:
    taking = Taking(kind=Kind.DILUTED, after_sequence=1, volume_ul=4_500)
    do(runtime, lambda act: corrections.take(act, vial_id, taking))
    assert vial(runtime, vial_id).ledger.balance == Amount(
        volume_ul=25_000, reference_bq=WHOLE.reference_bq
    )


def test_a_reversal_mirrors_its_entry_once(runtime: Runtime, vial_id: int) -> None:
    discard(runtime, vial_id, 1, 1_000)
    assert reverse(runtime, vial_id, 2, 2) == 3
    assert vial(runtime, vial_id).ledger.balance == WHOLE
    with pytest.raises(Refused) as refused:
        reverse(runtime, vial_id, 2, 3)
    assert codes(refused) == {"reversed_already"}
    with pytest.raises(Refused) as refused:
        reverse(runtime, vial_id, 3, 3)
    assert codes(refused) == {"is_reversal"}


def test_a_reversal_needs_its_reason_and_its_entry(runtime: Runtime, vial_id: int) -> None:
    discard(runtime, vial_id, 1, 1_000)
    with pytest.raises(Refused) as refused:
        reverse(runtime, vial_id, 2, 2, reason="")
    assert codes(refused) == {"reason"}
    with pytest.raises(NotFound):
        reverse(runtime, vial_id, 7, 2)


def test_the_receipt_is_undone_last(runtime: Runtime, vial_id: int) -> None:
    discard(runtime, vial_id, 1, 1_000)
    with pytest.raises(Refused) as refused:
        reverse(runtime, vial_id, 1, 2)
    assert codes(refused) == {"entries_stand"}
    reverse(runtime, vial_id, 2, 2)
    reverse(runtime, vial_id, 1, 3, reason="delivered to the wrong house")
    assert vial(runtime, vial_id).ledger.balance == NOTHING


def test_what_later_entries_rest_upon_is_not_undone_under_them(
    runtime: Runtime, vial_id: int
) -> None:
    refill = Taking(kind=Kind.DILUTED, after_sequence=1, volume_ul=500)
    do(runtime, lambda act: corrections.take(act, vial_id, refill))
    discard(runtime, vial_id, 2, 20_800)
    with pytest.raises(Refused) as refused:
        reverse(runtime, vial_id, 2, 3)
    assert codes(refused) == {"impossible_without"}


def test_a_stale_page_moves_nothing(runtime: Runtime, vial_id: int) -> None:
    discard(runtime, vial_id, 1, 1_000)
    with pytest.raises(Conflict) as conflict:
        discard(runtime, vial_id, 1, 1_000)
    assert conflict.value.code == "stale"
    assert conflict.value.facts["volume_ul"] == 19_500
    with pytest.raises(Conflict):
        reverse(runtime, vial_id, 2, 1)


def test_the_books_are_found_in_order(runtime: Runtime, vial_id: int) -> None:
    discard(runtime, vial_id, 1, 1_000)
    with runtime.reading() as db:
        assert list(ledgers.verify(db)) == []


def test_a_book_that_does_not_add_up_is_named(runtime: Runtime, vial_id: int) -> None:
    discard(runtime, vial_id, 1, 1_000)
    _cook(runtime.engine)
    with runtime.reading() as db:
        assert list(ledgers.verify(db)) == [
            f"V-{vial_id:06d}: entry 2 leaves another balance than it says"
        ]


def _cook(engine: sa.Engine) -> None:
    """Somebody who may drop a guard adds a millilitre to the last balance."""
    with engine.begin() as db:
        as_owner(db)
        on_table = " ON ledger_entries" if db.dialect.name == "postgresql" else ""
        guard = "no_change" if on_table else "no_update"
        db.exec_driver_sql(f"DROP TRIGGER ledger_entries_{guard}{on_table}")
        db.exec_driver_sql(
            "UPDATE ledger_entries SET volume_after_ul = volume_after_ul + 1000 WHERE sequence = 2"
        )
