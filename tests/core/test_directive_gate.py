"""What a dose still to be drawn needs of its directive."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from radiopharm.core import directive_gate
from radiopharm.core.directives import Directive
from radiopharm.core.dispensing import DispenseDose, Situation
from radiopharm.core.readings import Measured
from radiopharm.core.reference import Reference
from tests.core.test_directive_acts import ORAL, STATES
from tests.core.test_directives import NOON
from tests.core.test_intervals import planned

READ = Measured(bq=1, text="1 Bq", at=NOON, instrument_id=1)
COMMAND = DispenseDose(directive_id=17, draws=(), measured=READ)


def stops(
    reference: Reference,
    given: Directive,
    *,
    now: datetime = NOON,
    verifies: bool = False,
    **changes: Any,
) -> list[str]:
    product = replace(reference.products["lutathera"], pharmacist_verifies=verifies)
    usual = {
        "sources": (),
        "measured": None,
        "instrument": None,
        "has_second": False,
        "now": now,
        **changes,
    }
    situation = Situation(command=COMMAND, directive=given, product=product, **usual)
    return [refusal.code for refusal in directive_gate.refusals(situation)]


@pytest.mark.requirement("RQ-08")
@pytest.mark.parametrize(
    ("state", "codes"),
    [
        ("draft", ["directive_not_signed"]),
        ("oral", ["second_person"]),
        ("signed", []),
        ("verified", []),
        ("cancelled", ["directive_not_signed"]),
        ("dispensed, changed", ["directive_not_signed"]),
    ],
)
def test_only_a_physicians_word_lets_a_dose_be_drawn(
    reference: Reference, state: str, codes: list[str]
) -> None:
    assert stops(reference, STATES[state]) == codes


@pytest.mark.parametrize(("state", "codes"), [("signed", ["not_verified"]), ("verified", [])])
def test_a_product_may_wait_for_the_pharmacist(
    reference: Reference, state: str, codes: list[str]
) -> None:
    assert stops(reference, STATES[state], verifies=True) == codes


@pytest.mark.parametrize(("late", "codes"), [(0, []), (1, ["oral_overdue"])])
def test_an_oral_directive_is_drawn_by_two_people_within_48_hours(
    reference: Reference, late: int, codes: list[str]
) -> None:
    now = NOON + timedelta(hours=48, seconds=late)
    assert stops(reference, ORAL, has_second=True, now=now) == codes


def test_another_live_directive_too_close_stops_the_dose(reference: Reference) -> None:
    other = planned(reference, timedelta(days=3), directive="R-000002")
    assert stops(reference, STATES["signed"], others=(other,)) == ["conflict"]
