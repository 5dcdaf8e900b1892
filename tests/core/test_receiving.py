"""What a delivery must be, what is worth a word, and what its label means."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiopharm.core import receiving
from radiopharm.core.certificates import DeclaredImpurity
from radiopharm.core.outlook import outlook
from radiopharm.core.receiving import Delivery, third_of
from radiopharm.core.reference import Reference
from tests import hospital

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
Make = Callable[..., Delivery]


@pytest.fixture
def make(reference: Reference) -> Make:
    """A Lutathera vial of 20.5 mL at 370 MBq/mL, calibrated two days ahead."""

    def make(**changes: Any) -> Delivery:
        command = hospital.delivery(NOON, **changes)
        product = reference.products[command.product]
        data = product.nuclear_data(reference.default_nuclear_data)
        return Delivery(command=command, product=product, data=data, now=NOON)

    return make


def lu_177m(percent: str, at: datetime | None = None) -> dict[str, Any]:
    declared = DeclaredImpurity(nuclide="Lu-177m", ratio=Decimal(percent) / 100, at=at)
    return {"impurities": (declared,)}


def refused(delivery: Delivery) -> set[str]:
    return {refusal.code for refusal in receiving.refusals(delivery)}


def warned(delivery: Delivery) -> set[str]:
    return {warning.code for warning in receiving.warnings(delivery)}


def test_an_ordinary_delivery_is_neither_refused_nor_remarkable(make: Make) -> None:
    assert refused(make()) == warned(make()) == set()


@given(st.integers(1, 10**13), st.integers(1, 10**6))
def test_any_two_quantities_give_the_third(activity_bq: int, volume_ul: int) -> None:
    concentration = Fraction(activity_bq, volume_ul)
    whole = (activity_bq, volume_ul)
    assert third_of(activity_bq, volume_ul, None) == whole
    assert third_of(None, volume_ul, concentration) == whole
    assert third_of(activity_bq, None, concentration) == whole


@pytest.mark.parametrize("given_one", [(1, None, None), (None, 1, None), (None, None, Fraction(1))])
def test_one_quantity_gives_nothing(given_one: tuple[Any, Any, Any]) -> None:
    assert third_of(*given_one) is None


@pytest.mark.parametrize(
    ("concentration", "agrees"),
    [("370000", True), ("370018", True), ("370019", False), ("369982", True), ("369981", False)],
)
def test_three_quantities_must_agree_to_one_microlitre(concentration: str, agrees: bool) -> None:
    found = third_of(7_585_000_000, 20_500, Fraction(concentration))
    assert (found is not None) is agrees


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("activity", {"activity_bq": 0}),
        ("volume", {"volume_ul": 0}),
        ("lot", {"lot": ""}),
        ("expiry_before_reference", {"expires_at": NOON + timedelta(days=2)}),
        ("arrival_ahead", {"received_at": NOON + timedelta(minutes=5, seconds=1)}),
        ("reference_far", {"reference_at": NOON - timedelta(days=66, hours=12)}),
        ("impurity_ratio", lu_177m("0")),
        ("impurity_instant", lu_177m("0.02", NOON - timedelta(days=70))),
        ("impurity_instant", lu_177m("0.02", NOON + timedelta(days=70))),
        ("unknown_nuclide", {"impurities": (DeclaredImpurity(nuclide="Xx-1", ratio=Decimal(1)),)}),
        ("impurity_twice", {"impurities": (DeclaredImpurity(nuclide="Lu-177", ratio=Decimal(1)),)}),
    ],
)
def test_each_impossibility_is_refused_by_its_own_rule(
    make: Make, code: str, changes: dict[str, Any]
) -> None:
    assert refused(make(**changes)) == {code}


def test_at_its_limit_a_rule_does_not_refuse(make: Make) -> None:
    limit = timedelta(seconds=10 * 6.647 * 86_400)
    far = make(reference_at=NOON - limit)
    ahead = make(received_at=NOON + timedelta(minutes=5))
    assert refused(far) == refused(ahead) == set()


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("volume_unusual", {"volume_ul": 20_499, "activity_bq": 7_584_630_000}),
        ("volume_unusual", {"volume_ul": 25_001, "activity_bq": 9_250_370_000}),
        ("concentration_unusual", {"activity_bq": 7_964_250_001}),
        ("impurity_above_usual", lu_177m("0.0700001")),
    ],
)
def test_what_is_odd_is_said_and_recorded_all_the_same(
    make: Make, code: str, changes: dict[str, Any]
) -> None:
    delivery = make(**changes)
    assert warned(delivery) == {code}
    assert refused(delivery) == set()


@pytest.mark.parametrize(
    "changes",
    [
        {"volume_ul": 25_000, "activity_bq": 9_250_000_000},
        {"activity_bq": 7_964_250_000},
        lu_177m("0.07"),
    ],
)
def test_at_its_limit_nothing_is_odd(make: Make, changes: dict[str, Any]) -> None:
    assert warned(make(**changes)) == set()


def test_an_expired_arrival_is_recorded_with_a_word(make: Make) -> None:
    past = NOON - timedelta(days=9)
    late = make(reference_at=past, expires_at=past + timedelta(days=3))
    assert (refused(late), warned(late)) == (set(), {"expired_on_arrival"})


def test_a_ratio_stated_at_the_reference_stays_to_the_last_digit(make: Make) -> None:
    (impurity,) = receiving.composition(make(**lu_177m("0.02")))
    assert str(impurity.ratio) == impurity.stated_ratio == "0.0002"


def test_a_ratio_stated_later_was_smaller_at_the_reference(make: Make) -> None:
    """Lu-177 fades faster than its isomer, which feeds it a little."""
    reference_at = NOON + timedelta(days=2)
    later = reference_at + timedelta(days=6.647)
    (impurity,) = receiving.composition(make(**lu_177m("0.04", later)))
    kept_of_isomer = 2 ** -(6.647 / 160.4)
    assert float(impurity.ratio) == pytest.approx(0.0004 * 0.5 / kept_of_isomer, rel=1e-3)
    assert impurity.stated_at == later


def test_the_sentence_says_how_far_the_reference_is_and_what_that_makes(make: Make) -> None:
    ahead = outlook(make(reference_at=NOON + timedelta(hours=47)))
    behind = outlook(make(reference_at=NOON - timedelta(hours=3, minutes=20)))
    assert ahead.sentence == ("The reference time is 47 h ahead: activity now is 1.23 × the label.")
    assert behind.sentence.startswith("The reference time was 3 h 20 min ago: activity now is 0.98")


def test_the_outlook_at_expiry_is_the_label_less_three_days(make: Make) -> None:
    shown = outlook(make())
    assert shown.at_expiry.activity_bq == pytest.approx(7.585e9 * 2 ** (-3 / 6.647), rel=1e-12)
