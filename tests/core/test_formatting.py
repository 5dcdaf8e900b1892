"""What people read: the unit is always there, the digits are honest, the zone is said."""

from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiopharm.core import formatting
from radiopharm.core.units import parse_activity

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("bq", "text"),
    [
        (7_400_000_000, "7,400 MBq"),
        (7_393_612_345.678, "7,394 MBq"),
        (12_487_500_000, "12,490 MBq"),
        (999_949_999, "999.9 MBq"),
        (999_950_000, "1,000 MBq"),
        (9_999_600_000, "10,000 MBq"),
        (370_000_000, "370 MBq"),
        (1_110_000, "1.11 MBq"),
        (74_000, "0.0740 MBq"),
        (1_000, "0.00100 MBq"),
        (999, "< 0.001 MBq"),
        (1e-300, "< 0.001 MBq"),
        (-999, "> −0.001 MBq"),
        (0, "0 MBq"),
        (-0.0, "0 MBq"),
        (-375_000_000, "−375 MBq"),
        (10**21, "1,000,000,000,000,000 MBq"),
    ],
)
def test_megabecquerels_keep_four_significant_digits(bq: float, text: str) -> None:
    assert formatting.mbq(bq) == text


@pytest.mark.parametrize(("bq", "text"), [(1_000_500, "1.000"), (1_001_500, "1.002")])
def test_a_tie_goes_to_the_even_digit(bq: int, text: str) -> None:
    assert formatting.figure(Fraction(bq, 10**6), column=True) == text


@pytest.mark.requirement("RQ-07")
def test_a_dose_is_shown_in_both_units() -> None:
    assert formatting.mbq_mci(7_400_000_000) == "7,400 MBq (200 mCi)"


def test_a_unit_may_be_asked_for_and_an_unknown_one_is_an_error() -> None:
    assert formatting.activity(7_400_000_000, "GBq") == "7.40 GBq"
    assert formatting.activity(1_110_000, "µCi") == "30.0 µCi"
    with pytest.raises(KeyError):
        formatting.activity(1, "mBq")


@pytest.mark.parametrize(
    ("bq", "text"),
    [
        (0, "0 Bq"),
        (0.25, "0.250 Bq"),
        (0.0001, "< 0.001 Bq"),
        (0.99996, "1.00 Bq"),
        (999, "999 Bq"),
        (999.96, "1.00 kBq"),
        (74_000, "74.0 kBq"),
        (-74_000, "−74.0 kBq"),
        (7_400_000_000, "7.40 GBq"),
        (3e12, "3.00 TBq"),
    ],
)
def test_the_unit_follows_the_size(bq: float, text: str) -> None:
    assert formatting.activity_auto(bq) == text


def test_the_book_is_shown_to_the_becquerel() -> None:
    assert formatting.mbq_exact(12_487_500_000) == "12,487.5 MBq"
    assert formatting.mbq_exact(-1) == "−0.000001 MBq"
    assert formatting.mbq_exact(0) == "0 MBq"


@given(st.integers(-(10**15), 10**15))
def test_what_is_shown_is_within_half_of_the_last_digit(bq: int) -> None:
    shown = formatting.activity_auto(bq).replace(",", "").replace("−", "")
    assert abs(parse_activity(shown) - abs(bq)) <= abs(bq) / 2000


@pytest.mark.parametrize("bq", [float("nan"), float("inf")])
def test_what_is_no_number_is_never_shown(bq: float) -> None:
    with pytest.raises((ValueError, OverflowError)):
        formatting.mbq(bq)


def test_volumes_never_hide_a_microlitre() -> None:
    assert formatting.ml(20_500) == "20.50 mL"
    assert formatting.ml(185) == "0.185 mL"
    assert formatting.ml(5) == "0.005 mL"
    assert formatting.ml(1_234_560) == "1,234.56 mL"
    assert formatting.ml(0) == "0.00 mL"
    assert formatting.ml(-500) == "−0.50 mL"
    assert formatting.ml(18_238.9) == "18.239 mL"


def test_a_column_of_volumes_keeps_its_microlitres() -> None:
    figures = [formatting.ml_figure(ul) for ul in (20_500, 16_095, 125, 0)]
    assert figures == ["20.500", "16.095", "0.125", "0.000"]


def test_concentrations_and_ratios() -> None:
    assert formatting.mbq_per_ml(370_000) == "370 MBq/mL"
    assert formatting.percent(0.983) == "98.3 %"
    assert [formatting.deviation(r) for r in (0.03, -0.2, 0.0004)] == ["+3.0 %", "−20.0 %", "0.0 %"]


def test_an_instant_says_its_day_and_its_zone() -> None:
    assert formatting.instant(datetime(2026, 3, 14, 8, 30, 59, tzinfo=UTC), PARIS) == (
        "Sat 14 Mar 2026 09:30 CET"
    )
    assert formatting.instant_to_second(datetime(2026, 3, 14, 8, 30, 9, tzinfo=UTC), UTC) == (
        "Sat 14 Mar 2026 08:30:09 UTC"
    )


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    times = [formatting.clock_time(first + timedelta(hours=h), PARIS) for h in (0, 1)]
    assert times == ["02:30 CEST", "02:30 CET"]


def test_a_zone_without_a_name_shows_its_offset() -> None:
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert formatting.clock_time(noon, ZoneInfo("America/Sao_Paulo")) == "09:00 UTC-03"
    assert formatting.clock_time(noon, timezone(timedelta(hours=2))) == "14:00 UTC+02:00"


def test_an_instant_without_a_zone_is_an_error() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        formatting.instant(datetime(2026, 3, 14, 8, 30), PARIS)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (183_600, "2 d 3 h"),
        (86_400, "1 d"),
        (86_399, "23 h 59 min"),
        (3_600, "1 h"),
        (250, "4 min 10 s"),
        (-250, "−4 min 10 s"),
        (59.9, "59 s"),
        (0.4, "0 s"),
        (-0.4, "0 s"),
        (86_460, "1 d"),
    ],
)
def test_durations_name_their_two_largest_units(seconds: float, text: str) -> None:
    assert formatting.duration(seconds) == text
