"""Checks of instruments: exact at the tolerance, decay either way, never passed without a plan."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from radiopharm.core.check_plans import CheckKind, CheckPlan, SetCheckPlan
from radiopharm.core.check_plans import refusals as plan_refusals
from radiopharm.core.check_rules import refusals
from radiopharm.core.check_sources import CheckSource, TakenOut
from radiopharm.core.check_standing import Standing, standing
from radiopharm.core.instrument_checks import (
    Check,
    Decision,
    Point,
    RecordCheck,
    Taken,
    Voided,
    difference_text,
    passes,
    points,
    worst,
)
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.readings import Measured

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")
CAESIUM = CheckSource(
    id=1,
    nuclide="Cs-137",
    serial="4711",
    activity_bq=8_000_000,
    activity_text="8 MBq",
    reference_at=NOON - timedelta(days=3650),
    certificate="C-1",
    uncertainty="3 % (k = 2)",
    recorded_at=NOON,
    by="Physicist",
)


def plan(**changes: Any) -> CheckPlan:
    usual: dict[str, Any] = {
        "id": 1,
        "instrument_id": 1,
        "kind": CheckKind.CONSTANCY,
        "tolerance": Decimal(5),
        "unit": "%",
        "operator": "<=",
        "interval_days": 1,
        "is_required": False,
        "source": "Local rule 7",
        "reason": "New",
        "recorded_at": NOON,
        "by": "Physicist",
    }
    return CheckPlan(**{**usual, **changes})


def read(bq: int, days: float = 0) -> Measured:
    return Measured(bq=bq, text=f"{bq} Bq", at=NOON + timedelta(days=days), instrument_id=1)


def taken(icrp: NuclearData, kind: CheckKind, *said: tuple[str, Measured], **changes: Any) -> Taken:
    source = changes.pop("source", None)
    command = RecordCheck(instrument_id=1, kind=kind, readings=said, **changes)
    return Taken(command=command, readings=said, source=source, plan=None, data=icrp, now=NOON)


def point(bq: int, expected: float) -> Point:
    return Point(label="", bq=bq, text="", at=NOON, expected_bq=expected)


def check(day: int, passed: bool | None = True, **changes: Any) -> Check:
    usual: dict[str, Any] = {
        "id": day,
        "instrument_id": 1,
        "kind": CheckKind.CONSTANCY,
        "source_id": 1,
        "source": "Cs-137, no. 4711",
        "nuclide": "Cs-137",
        "points": (point(94, 100.0),),
        "plan": None if passed is None else plan(),
        "passed": passed,
        "note": "",
        "checked_at": NOON + timedelta(days=day),
        "recorded_at": NOON,
        "by": "Tech",
    }
    return Check(**{**usual, **changes})


def stands(*made: Check, by: CheckPlan | None = None) -> Standing:
    return standing(1, CheckKind.CONSTANCY, by or plan(), made, MADRID)


def stops(it: Standing, days: float) -> list[str]:
    at = NOON + timedelta(days=days)
    return [refusal.code for refusal in it.refusals("Calibrator A", at, MADRID)]


@pytest.mark.requirement("RQ-05")
@pytest.mark.parametrize(
    ("bq", "operator", "passed"),
    [(105, "<=", True), (105, "<", False), (95, "<=", True), (95, "<", False), (94, "<=", False)],
)
def test_a_difference_is_judged_exactly_at_the_tolerance(
    bq: int, operator: str, passed: bool
) -> None:
    found = (point(bq, 100.0),)
    assert passes(CheckKind.CONSTANCY, found, plan(operator=operator)) is passed


def test_a_check_without_a_tolerance_never_passes() -> None:
    assert passes(CheckKind.CONSTANCY, (point(100, 100.0),), None) is None
    assert check(1, None).verdict == "cannot be judged: enter a tolerance"


def test_what_is_expected_is_the_certificate_carried_by_decay(icrp: NuclearData) -> None:
    found = points(taken(icrp, CheckKind.CONSTANCY, ("", read(6_300_000)), source=CAESIUM))[0]
    years = 3650 / 365.2422
    assert found.expected_bq == pytest.approx(8e6 * 2 ** (-years / 30.1671), rel=1e-12)
    assert found.working
    assert found.working["elapsed_s"] == 3650 * 86400


def test_a_reading_before_the_reference_is_carried_backwards(icrp: NuclearData) -> None:
    later = replace(CAESIUM, reference_at=NOON + timedelta(days=3650))
    found = points(taken(icrp, CheckKind.ACCURACY, ("", read(9_000_000)), source=later))[0]
    assert found.expected_bq
    assert found.expected_bq > 8e6


def test_a_series_is_held_against_its_first_reading_carried_both_ways(icrp: NuclearData) -> None:
    said = (("noon", read(1000)), ("a day before", read(2000, -1)), ("later", read(600, 1)))
    kept = taken(icrp, CheckKind.LINEARITY, *said, nuclide="Tc-99m")
    first, before, after = points(kept)
    factor = 2 ** (24 / 6.015)
    assert first.expected_bq == 1000
    assert before.expected_bq == pytest.approx(1000 * factor)
    assert after.expected_bq == pytest.approx(1000 / factor)
    assert worst(CheckKind.LINEARITY, (first, before, after)) == after.difference(
        CheckKind.LINEARITY
    )


def test_what_sticks_to_the_dipper_is_what_reads_more_with_it(icrp: NuclearData) -> None:
    said = (("without", read(3000)), ("with dipper", read(2500)), ("with liner", read(15_000)))
    found = points(taken(icrp, CheckKind.CONTAMINATION, *said))
    by = plan(kind=CheckKind.CONTAMINATION, tolerance=Decimal(12), unit="kBq")
    assert worst(CheckKind.CONTAMINATION, found) == 12_000
    assert passes(CheckKind.CONTAMINATION, found, by)
    assert not passes(CheckKind.CONTAMINATION, found, replace(by, operator="<"))
    assert passes(CheckKind.CONTAMINATION, found[:2], by)


def test_a_background_is_judged_as_it_is_read(icrp: NuclearData) -> None:
    found = points(taken(icrp, CheckKind.BACKGROUND, ("", read(3000))))
    by = plan(kind=CheckKind.BACKGROUND, tolerance=Decimal("0.1"), unit="µCi")
    assert passes(CheckKind.BACKGROUND, found, by)
    assert difference_text(CheckKind.BACKGROUND, Fraction(3000)) == "3.00 kBq"


def test_a_difference_reads_with_its_sign() -> None:
    assert difference_text(CheckKind.CONSTANCY, Fraction(-41, 10_000)) == "−0.41 %"
    assert difference_text(CheckKind.CONSTANCY, Fraction(1, 20)) == "+5.00 %"


def test_every_reason_against_a_check_is_said_at_once(icrp: NuclearData) -> None:
    out = TakenOut(reason="Leaks", at=NOON, by="Physicist")
    gone = taken(
        icrp, CheckKind.CONSTANCY, ("", read(1, 1)), source=replace(CAESIUM, taken_out=out)
    )
    assert [each.code for each in refusals(gone)] == ["check_source", "ahead"]
    short = taken(icrp, CheckKind.LINEARITY, ("", read(1)))
    assert [each.code for each in refusals(short)] == ["nuclide", "readings", "label"]
    empty = taken(
        icrp, CheckKind.LINEARITY, ("first", read(0)), ("second", read(0)), nuclide="Tc-99m"
    )
    assert [each.code for each in refusals(empty)] == ["undefined"]


def test_a_failed_check_stops_until_the_same_source_passes() -> None:
    failed = check(1, False)
    assert stops(stands(failed), 1) == ["instrument_failed"]
    assert stops(stands(failed, check(2, source_id=2)), 2) == ["instrument_failed"]
    assert stops(stands(failed, check(2, nuclide="Co-57")), 2) == ["instrument_failed"]
    assert stops(stands(failed, check(2, None)), 2) == ["instrument_failed"]
    assert stops(stands(failed, check(2)), 2) == []
    assert stops(stands(check(0), failed), 2) == ["instrument_failed"]


def test_a_decision_opens_one_failed_check_and_a_void_one_counts_for_nothing() -> None:
    decision = Decision(reason="Known offset", at=NOON, by="Physicist")
    decided = check(1, False, decision=decision)
    assert stops(stands(decided), 1) == []
    assert stops(stands(decided, check(2, False)), 2) == ["instrument_failed"]
    assert stops(stands(check(1, False, voided=Voided(reason="x", at=NOON, by="P"))), 1) == []


def test_a_check_is_due_on_its_day_and_stops_only_where_the_site_says_so() -> None:
    it = stands(check(0))
    assert it.due_on == date(2026, 6, 2)
    assert it.due_at == datetime(2026, 6, 1, 22, tzinfo=UTC)
    assert (it.is_due(NOON), it.is_due(NOON + timedelta(hours=10))) == (False, True)
    assert not it.is_overdue(NOON + timedelta(hours=33))
    assert it.is_overdue(NOON + timedelta(hours=34))
    assert stops(it, 9) == []
    wanted = stands(check(0), by=plan(is_required=True))
    assert (stops(wanted, 0), stops(wanted, 1)) == ([], ["instrument_check_due"])
    assert stops(stands(by=plan(is_required=True)), 0) == ["instrument_check_due"]
    assert stands(check(0), by=plan(interval_days=None)).due_on is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"unit": "kBq"}, "unit"),
        ({"kind": CheckKind.BACKGROUND}, "unit"),
        ({"tolerance": Decimal(0)}, "tolerance"),
        ({"tolerance": Decimal(100)}, "tolerance"),
        ({"is_required": True, "interval_days": None}, "interval"),
    ],
)
def test_a_plan_that_cannot_be_judged_by_is_refused(changes: dict[str, Any], code: str) -> None:
    names = ("kind", "tolerance", "unit", "operator", "interval_days", "is_required", "source")
    said = {name: getattr(plan(), name) for name in names}
    assert [it.code for it in plan_refusals(SetCheckPlan(**{**said, "reason": "", **changes}))] == [
        code
    ]
