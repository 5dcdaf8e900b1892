"""Quantities are read exactly or refused in words; no unit is ever guessed."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiopharm.core.units import (
    ACTIVITY_UNITS,
    Malformed,
    parse_activity,
    parse_concentration,
    parse_ratio,
    parse_volume,
)


@pytest.mark.parametrize(
    ("text", "becquerels"),
    [
        ("7.4 GBq", 7_400_000_000),
        ("200 mCi", 7_400_000_000),
        ("0.03 mCi", 1_110_000),
        ("30 µCi", 1_110_000),
        ("30 μCi", 1_110_000),
        ("30 uCi", 1_110_000),
        ("12487.5 MBq", 12_487_500_000),
        ("370MBq", 370_000_000),
        ("0 Bq", 0),
    ],
)
def test_an_activity_is_read_with_its_unit(text: str, becquerels: int) -> None:
    assert parse_activity(text) == becquerels


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("7.4", "unit", "unit is missing"),
        ("7.4 mBq", "unit", "millibecquerel"),
        ("7.4 mbq", "unit", "exactly so"),
        ("7.4 mL", "unit", "exactly so"),
        ("7.4 \u041cBq", "number", "digits"),
        ("7.4 MBq\u200b", "unit", "exactly so"),
        ("7.4\u00a0GBq", "number", "digits"),
        ("12,5 MBq", "number", "12.5?"),
        ("1,234.5 MBq", "number", "thousands"),
        ("1.234,5 MBq", "number", "thousands"),
        ("1e3 MBq", "unit", "exactly so"),
        ("-5 MBq", "number", "negative"),
        ("−5 MBq", "number", "negative"),
        ("+5 MBq", "number", "one form"),
        ("005 MBq", "number", "one form"),
        ("5. MBq", "number", "one form"),
        (".5 MBq", "number", "one form"),
        ("１２.５ MBq", "number", "digits"),
        ("1_000 MBq", "number", "digits"),
        ("NaN", "missing", "number with its unit"),
        ("", "missing", "number with its unit"),
        ("0.0000001 MBq", "too_fine", "smallest"),
        ("0.1234567891 GBq", "too_fine", "decimals"),
        ("9" * 29 + " MBq", "range", "larger"),
        ("9" * 5000 + " MBq", "number", "plain number"),
    ],
)
@pytest.mark.requirement("RQ-07")
def test_what_is_not_a_quantity_is_refused_in_words(text: str, code: str, hint: str) -> None:
    with pytest.raises(Malformed, match=r".") as caught:
        parse_activity(text)
    assert caught.value.code == code
    assert hint in caught.value.message


@given(st.integers(0, 10**9), st.sampled_from(sorted(ACTIVITY_UNITS)))
def test_whole_amounts_convert_exactly(amount: int, unit: str) -> None:
    scale = ACTIVITY_UNITS[unit]
    if amount * scale <= 10**15:
        assert parse_activity(f"{amount} {unit}") == amount * scale


def test_volumes_ratios_and_concentrations_are_exact() -> None:
    assert parse_volume("20.5 mL") == 20_500
    assert parse_volume("500 µL") == 500
    assert parse_ratio("0.02 %") == Decimal("0.0002") == parse_ratio("0.0002")
    assert parse_concentration("370 MBq/mL") == Fraction(370_000)


@pytest.mark.case("UNIT-MCI-MBQ")
def test_millicuries_are_exactly_37_megabecquerels() -> None:
    pairs = {"200": "7400", "33": "1221", "7": "259", "0.03": "1.11", "500": "18500", "0.1": "3.7"}
    for mci, mbq in pairs.items():
        assert parse_activity(f"{mci} mCi") == parse_activity(f"{mbq} MBq")
