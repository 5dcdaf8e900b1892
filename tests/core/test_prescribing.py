"""Prescribing: slips of the unit are named, what cannot be meant is refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from radiopharm.core import prescribing
from radiopharm.core.prescribing import DirectiveText, Prescription
from radiopharm.core.products import Product
from radiopharm.core.reference import Reference

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
GBQ = 10**9


def prescription(reference: Reference, product: str = "lutathera", **changes: Any) -> Prescription:
    usual: dict[str, Any] = {
        "product": product,
        "prescribed_bq": 7_400_000_000,
        "prescribed_text": "7.4 GBq",
        "planned_for": NOON + timedelta(days=2),
    }
    found: Product = reference.products[product]
    return Prescription(text=DirectiveText(**{**usual, **changes}), product=found, now=NOON)


def warned(p: Prescription, code: str) -> list[str]:
    return [w.message for w in prescribing.warnings(p) if w.code == code]


def test_a_usual_dose_raises_nothing(reference: Reference) -> None:
    usual = prescription(reference)
    assert prescribing.refusals(usual) == ()
    assert prescribing.warnings(usual) == ()


@pytest.mark.parametrize(
    ("prescribed_bq", "words"),
    [
        (74 * GBQ, "10 times more"),
        (740_000_000, "10 times less"),
        (200 * GBQ, "27 times more"),
        (200_000_000, "37 times less"),
        (7_400_000_000_000, "1,000 times more"),
        (7_400_000, "1,000 times less"),
    ],
)
def test_a_slip_of_the_unit_is_named(reference: Reference, prescribed_bq: int, words: str) -> None:
    (said,) = warned(prescription(reference, prescribed_bq=prescribed_bq), "unit_slip")[:1]
    assert words in said
    assert "7,400 MBq (200 mCi)" in said


@pytest.mark.parametrize(
    ("prescribed_bq", "unusual"),
    [(9_250_000_000, 0), (9_250_000_001, 1), (3_700_000_000, 0), (3_699_999_999, 1)],
)
def test_the_products_range_counts_its_limits_in(
    reference: Reference, prescribed_bq: int, unusual: int
) -> None:
    p = prescription(reference, prescribed_bq=prescribed_bq)
    assert len(warned(p, "dose_unusual")) == unusual


def test_every_reason_is_said_at_once(reference: Reference) -> None:
    wrong = prescription(
        reference,
        "ga-68-dotatate",
        lowest_bq=8 * GBQ,
        highest_bq=9 * GBQ,
        planned_for=NOON + timedelta(days=367),
        cycle=0,
    )
    codes = {refusal.code for refusal in prescribing.refusals(wrong)}
    assert codes == {"not_a_therapy", "outside_range", "route", "planned_far", "cycle"}
