"""Readings since the seal are fitted and compared with the model; one plans with the later date."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from math import exp, log, sqrt

import pytest

from radiopharm.core.log_fits import FitPoint, digit_uncertainty, fit
from radiopharm.core.remeasurement import Pace, Series, series_of
from radiopharm.core.suspicion import Suspicion, plan_with, suspicion
from radiopharm.core.waste import Container, Survey, contents
from tests.core.making_waste import (
    DATA,
    DAY,
    MICROSECOND,
    PACKS,
    START,
    check,
    make_container,
    make_portion,
    make_survey,
)

LATE = START + 400 * DAY
LU177 = make_portion("Lu-177", activity_bq=118_000_000)
LU177M = make_portion("Lu-177m", activity_bq=23_600)


def reading(day: float, value: str, **other: object) -> Survey:
    return make_survey(START + timedelta(days=day), reading=Decimal(value), **other)


def decaying(half_life_d: float, days: Iterable[float], begin: float = 50.0) -> list[Survey]:
    """Readings that fall with a half-life, over the background of 0.10."""
    return [reading(day, f"{begin * 2 ** (-day / half_life_d) + 0.1:.4f}") for day in days]


def only(surveys: Iterable[Survey], *portions: object, at: datetime = LATE) -> Series:
    container = make_container(*(portions or (LU177,)), surveys=tuple(surveys))
    (found,) = series_of(container, at, DATA)
    return found


def suspected(surveys: Iterable[Survey], pack: str = "de-clearance") -> Suspicion | None:
    container = make_container(LU177, surveys=tuple(surveys), mass_g=100)
    (series,) = series_of(container, LATE, DATA)
    return suspicion(series, container, PACKS[pack], LATE, DATA)


def test_a_line_through_exact_points_is_the_decay() -> None:
    points = [
        FitPoint(elapsed_s=t, value=7 * exp(-0.25 * t), relative=0.01 * (1 + t)) for t in (0, 3, 8)
    ]
    line = fit(points)
    assert line is not None
    assert line.rate == pytest.approx(0.25, rel=1e-12)
    assert line.at(0) == pytest.approx(7, rel=1e-12)
    assert line.birge == pytest.approx(0, abs=1e-9)


def test_the_line_and_its_uncertainty_by_hand() -> None:
    """Three points of equal weight 100 at 0, 1, 2 with logarithms 0, −1 and −1.4."""
    points = [
        FitPoint(elapsed_s=t, value=exp(y), relative=0.1) for t, y in ((0, 0), (1, -1), (2, -1.4))
    ]
    line = fit(points)
    assert line is not None
    assert line.rate == pytest.approx(0.7)
    chi2 = 100 * (0.1**2 + 0.2**2 + 0.1**2)
    assert line.birge == pytest.approx(sqrt(chi2))
    assert line.expanded == pytest.approx(12.71 * sqrt(chi2) * 0.1 / sqrt(2))


def test_a_better_reading_weighs_more() -> None:
    loose = [FitPoint(elapsed_s=t, value=v, relative=r) for t, v, r in ((0, 8, 0.01), (1, 4, 0.01))]
    off = FitPoint(elapsed_s=1, value=2, relative=1.0)
    line = fit([*loose, off])
    assert line is not None
    assert line.rate == pytest.approx(log(2), rel=1e-3)


def test_two_points_have_the_uncertainty_of_their_digits_alone() -> None:
    points = [FitPoint(elapsed_s=t, value=v, relative=0.02) for t, v in ((0, 8), (100, 4))]
    line = fit(points)
    assert line is not None
    assert (line.birge, line.half_life_s) == (None, pytest.approx(100))
    assert line.expanded == pytest.approx(2 * 0.02 * sqrt(2) / 100)


@pytest.mark.parametrize("instants", [[], [0], [5, 5, 5]])
def test_no_line_goes_through_one_instant(instants: list[int]) -> None:
    assert fit([FitPoint(elapsed_s=t, value=1, relative=0.1) for t in instants]) is None


@pytest.mark.parametrize(
    ("written", "half_width"), [("0.12", 0.005), ("0.120", 0.0005), ("12", 0.5)]
)
def test_a_reading_is_as_good_as_its_last_digit(written: str, half_width: float) -> None:
    assert digit_uncertainty(Decimal(written)) == pytest.approx(half_width / sqrt(3))


def test_readings_that_fall_as_they_should_agree() -> None:
    series = only(decaying(6.647, (1, 5, 9, 14, 20)))
    assert series.pace is Pace.AS_EXPECTED
    assert series.fitted is not None
    assert series.fitted.half_life_s == pytest.approx(6.647 * 86_400, rel=1e-3)
    assert "6.65 d by the model" in series.says


@pytest.mark.requirement("RQ-39")
def test_slow_readings_ask_for_lutetium_177m() -> None:
    surveys = decaying(152, (80, 120, 160, 240, 330))
    found = suspected(surveys)
    assert found is not None
    assert found.asks.startswith("Lu-177m")
    assert only(surveys).says.startswith("Measured half-life 152 d (")


def test_the_expectation_is_that_of_the_mixture_between_the_same_instants() -> None:
    """Late, what is left of the declared mixture decays as Lu-177m does: nothing to suspect."""
    days = (120, 160, 200, 260)
    container = make_container(LU177, LU177M, surveys=(make_survey(),))
    surveys = [
        reading(
            day, f"{sum(contents(container, START + day * DAY, DATA).values()) / 1e3 + 0.1:.4f}"
        )
        for day in days
    ]
    assert only(surveys, LU177, LU177M).pace is Pace.AS_EXPECTED
    assert only(surveys, LU177).pace is Pace.SLOWER


def test_the_estimate_stands_beside_the_computed_date_and_one_plans_with_the_later() -> None:
    surveys = decaying(152, (80, 120, 160, 240, 330))
    container = make_container(LU177, surveys=tuple(surveys), mass_g=100)
    computed = check(container, "de-clearance", LATE)
    found = suspected(surveys)
    assert found is not None
    assert computed.earliest_at is not None
    assert computed.earliest_at < START + 90 * DAY
    assert plan_with(computed, found.check) == found.check.earliest_at
    assert found.check.earliest_at > START + 600 * DAY


def test_what_may_never_leave_has_no_date_to_plan_with() -> None:
    surveys = decaying(152, (80, 120, 160, 240, 330))
    found = suspected(surveys, "us-dis")
    assert found is not None
    assert (found.check.earliest_at, found.check.governing) == (None, "half_life")
    computed = check(make_container(LU177), "us-dis")
    assert plan_with(computed, found.check) is None


def test_the_excess_is_what_the_readings_leave_over_the_model() -> None:
    """Half gone between the readings, of 118 MBq; the model leaves 118 MBq × 2^(−20/6.647)."""
    found = suspected([reading(0, "50.1000"), reading(20, "25.1000")])
    assert found is not None
    excess_bq = 118e6 * (0.5 - 2 ** (-20 / 6.647))
    half_life_d = found.taken.half_life_s / 86_400
    assert found.taken.activity_bq == pytest.approx(excess_bq * 2 ** (20 / half_life_d), rel=1e-6)


def test_two_readings_say_that_they_cannot_show_their_scatter() -> None:
    series = only(decaying(6.647, (1, 8)))
    assert series.fitted is not None
    assert "cannot show how much they scatter" in series.says


def test_readings_at_one_instant_are_no_decay() -> None:
    series = only([reading(3, "5.0"), reading(3, "4.0")])
    assert (series.fitted, series.pace) == (None, Pace.UNKNOWN)
    assert "at different times" in series.says


@pytest.mark.parametrize("value", ["0.10", "0.05", "0"])
def test_a_reading_not_above_background_is_left_out_and_says_so(value: str) -> None:
    series = only([*decaying(6.647, (1, 5, 9)), reading(60, value)])
    assert series.readings[-1].left_out == "not above background"
    assert len(series.fitted_readings) == 3
    assert series.pace is Pace.AS_EXPECTED


def test_a_background_in_another_unit_cannot_be_taken_off() -> None:
    series = only([reading(1, "5", background_unit="cps"), reading(2, "4.5")])
    assert series.readings[0].left_out == "its background is in another unit"
    assert series.fitted is None


def test_rising_readings_are_slower_than_any_decay_and_estimate_nothing() -> None:
    surveys = [reading(1, "5.00"), reading(9, "6.00"), reading(20, "7.10")]
    series = only(surveys)
    assert series.pace is Pace.SLOWER
    assert series.says.startswith("The readings do not fall")
    assert suspected(surveys) is None


def test_readings_that_scatter_prove_nothing() -> None:
    surveys = [reading(1, "5.0"), reading(4, "2.2"), reading(7, "4.6"), reading(10, "1.4")]
    assert only(surveys).pace is Pace.AS_EXPECTED


def test_readings_that_fall_too_fast_ask_about_the_place() -> None:
    series = only(decaying(3, (1, 3, 6)))
    assert series.pace is Pace.FASTER
    assert "in the same place?" in series.says


@pytest.mark.parametrize(
    "other", [{"instrument_id": 2}, {"unshielded": False}, {"reading_unit": "cps"}]
)
def test_readings_of_another_instrument_unit_or_geometry_are_not_pooled(
    other: dict[str, object],
) -> None:
    pair = [reading(day, "9.0", **other) for day in (2, 3)]
    surveys = (*decaying(6.647, (1, 5, 9)), *pair)
    container = make_container(LU177, surveys=surveys)
    found = series_of(container, LATE, DATA)
    assert [len(each.readings) for each in found] == [3, 2]


def test_readings_before_the_seal_are_of_other_contents() -> None:
    surveys = (reading(-0.5, "9.0"), *decaying(6.647, (0, 5)))
    container = make_container(LU177, surveys=surveys)
    (found,) = series_of(container, LATE, DATA)
    assert len(found.readings) == 2
    assert series_of(make_container(LU177, surveys=surveys, sealed_at=None), LATE, DATA) == ()


def test_a_reading_made_later_is_not_known_yet() -> None:
    surveys = decaying(6.647, (1, 5, 9))
    (found,) = series_of(
        make_container(LU177, surveys=tuple(surveys)), START + 5 * DAY - MICROSECOND, DATA
    )
    assert len(found.readings) == 1


def test_an_empty_container_has_no_series() -> None:
    assert series_of(Container(sealed_at=START, surveys=(make_survey(),)), LATE, DATA) == ()
