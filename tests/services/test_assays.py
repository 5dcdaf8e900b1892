"""Measuring a vial: the reading is kept, and moves the book only where it speaks for it."""

from decimal import Decimal
from typing import Any

import pytest

from radiopharm.core.assays import Assay
from radiopharm.core.certificates import DeclaredImpurity
from radiopharm.core.readings import Measured
from radiopharm.core.refusals import Invalid, Refused
from radiopharm.runtime import Runtime
from radiopharm.services import assays, corrections
from tests import hospital
from tests.conftest import StandingClock
from tests.services.acting import do, entries, vial

LABEL = 7_585_000_000
LU177M = (DeclaredImpurity(nuclide="Lu-177m", ratio=Decimal("0.0005")),)


def assay(runtime: Runtime, vial_id: int, measured_bq: int, **said: Any) -> dict[str, Any]:
    typed = Measured(
        bq=measured_bq,
        text=f"{measured_bq} Bq",
        at=said.pop("measured_at", runtime.clock()),
        instrument_id=said.pop("instrument_id", hospital.calibrator(runtime)),
    )
    command = Assay(**{"after_sequence": 1, "measured": typed, **said})
    found: dict[str, Any] = do(runtime, lambda act: assays.assay(act, vial_id, command))
    return found


def test_the_balance_follows_a_reading_at_the_reference_time(
    runtime: Runtime, clock: StandingClock
) -> None:
    vial_id = hospital.accepted(runtime)
    clock.move(days=2)
    found = assay(runtime, vial_id, LABEL + 3_000_001)
    assert (found["sequence"], found["expected_bq"]) == (2, LABEL)
    assert entries(runtime, vial_id)[-1].change.reference_bq == 3_000_001
    assert vial(runtime, vial_id).ledger.balance.volume_ul == 20_500


def test_after_the_assay_the_vial_shows_what_was_read(
    runtime: Runtime, clock: StandingClock
) -> None:
    vial_id = hospital.accepted(runtime, impurities=LU177M)
    clock.move(days=9)
    before = assay(runtime, vial_id, 3_500_000_000)
    again = assay(runtime, vial_id, 3_500_000_000, after_sequence=2)
    assert before["expected_bq"] != pytest.approx(3.5e9, rel=1e-3)
    assert again["expected_bq"] == pytest.approx(3.5e9, abs=1)


def test_a_reading_after_three_half_lives_stays_a_reading(
    runtime: Runtime, clock: StandingClock
) -> None:
    vial_id = hospital.accepted(runtime)
    clock.move(days=2 + 3 * 6.647, seconds=1)
    found = assay(runtime, vial_id, 950_000_000)
    assert found["sequence"] is None
    assert "3 half-lives" in found["not_posted_because"]
    assert len(entries(runtime, vial_id)) == 1


def test_exactly_three_half_lives_still_counts(runtime: Runtime, clock: StandingClock) -> None:
    vial_id = hospital.accepted(runtime)
    clock.move(days=2 + 3 * 6.647)
    assert assay(runtime, vial_id, LABEL // 8)["sequence"] == 2


def test_a_reading_that_is_partly_an_impuritys_stays_a_reading(
    runtime: Runtime, clock: StandingClock
) -> None:
    dirty = (DeclaredImpurity(nuclide="Lu-177m", ratio=Decimal("0.02")),)
    vial_id = hospital.accepted(runtime, impurities=dirty)
    clock.move(days=2)
    assert "impurities" in assay(runtime, vial_id, LABEL)["not_posted_because"]


def test_a_reading_from_before_the_newest_entry_stays_a_reading(
    runtime: Runtime, clock: StandingClock
) -> None:
    vial_id = hospital.accepted(runtime)
    then = clock.now
    clock.move(minutes=10)
    do(runtime, lambda act: corrections.discard(act, vial_id, 1, 500, ""))
    found = assay(runtime, vial_id, 9_344_000_000, after_sequence=2, measured_at=then)
    assert "later entries" in found["not_posted_because"]
    assert found["expected_bq"] == pytest.approx(LABEL * 2 ** (2 / 6.647))


def test_a_reading_far_from_the_book_asks_for_a_reason(
    runtime: Runtime, clock: StandingClock
) -> None:
    vial_id = hospital.accepted(runtime)
    clock.move(days=2)
    with pytest.raises(Refused) as refused:
        assay(runtime, vial_id, LABEL // 37)
    assert [r.code for r in refused.value.refusals] == ["deviation_needs_reason"]
    assert assay(runtime, vial_id, LABEL // 37, reason="vial leaked")["sequence"] == 2


def test_an_empty_vial_is_not_assayed(runtime: Runtime) -> None:
    vial_id = hospital.accepted(runtime)
    do(runtime, lambda act: corrections.discard(act, vial_id, 1, None, ""))
    with pytest.raises(Refused) as refused:
        assay(runtime, vial_id, 1, after_sequence=2)
    assert [r.code for r in refused.value.refusals] == ["empty"]


def test_an_assay_names_an_activity_meter(runtime: Runtime) -> None:
    vial_id = hospital.accepted(runtime)
    with pytest.raises(Invalid):
        assay(runtime, vial_id, LABEL, instrument_id=hospital.survey_meter(runtime))


def test_a_late_reading_says_why(runtime: Runtime, clock: StandingClock) -> None:
    vial_id = hospital.accepted(runtime)
    then = clock.now
    clock.move(hours=1)
    expected = round(LABEL * 2 ** (2 / 6.647))
    with pytest.raises(Refused):
        assay(runtime, vial_id, expected, measured_at=then)
    assert assay(runtime, vial_id, expected, measured_at=then, reason="was down")["sequence"] == 2
