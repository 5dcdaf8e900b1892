"""Registers over real databases: whoever asks, whenever, the same question has the same answer."""

from typing import Any

import pytest

from radiopharm.core.periods import written
from radiopharm.core.registers import Asked, Filled
from radiopharm.runtime import Runtime
from radiopharm.services import registers
from tests import hospital

JUNE = "2026-06"


def filled(runtime: Runtime, name: str, period: str = JUNE, **asked: Any) -> Filled:
    auditor = hospital.person(runtime, "auditor")
    said = {"period": written(period, "Europe/Madrid"), "known_at": runtime.clock(), **asked}
    with runtime.reading() as db:
        return registers.fill(db, runtime.reference, auditor, name, Asked(**said))


def cells(found: Filled, name: str) -> list[Any]:
    return [line.cells[name] for line in found.lines]


@pytest.mark.requirement("RQ-44")
def test_receipts_are_of_the_period_and_the_lot(runtime: Runtime) -> None:
    hospital.accepted(runtime)
    hospital.receive(runtime, lot="LT-26-0312")

    assert cells(filled(runtime, "receipts"), "vial") == ["V-000001", "V-000002"]
    assert cells(filled(runtime, "receipts"), "accepted") == ["Second Pharmacist", "not accepted"]
    assert cells(filled(runtime, "receipts", lot="LT-26-0312"), "vial") == ["V-000002"]
    assert filled(runtime, "receipts", "2026-05").lines == ()


@pytest.mark.requirement("RQ-44")
def test_what_was_written_since_does_not_change_what_was_known(runtime: Runtime, clock) -> None:
    hospital.receive(runtime)
    then, asked_then = clock.now, filled(runtime, "receipts")
    clock.move(hours=1)
    hospital.accepted(runtime, received_at=then)

    assert filled(runtime, "receipts", known_at=then).sha256 == asked_then.sha256
    assert len(filled(runtime, "receipts").lines) == 2
