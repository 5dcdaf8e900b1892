"""Wall clocks: the night that has an hour twice, the one that lacks it, and elapsed shelf life."""

from datetime import UTC, datetime

import pytest

from radiopharm.core.local_time import instants
from radiopharm.core.reference import Reference


@pytest.mark.requirement("RQ-51")
@pytest.mark.case("DST-NONEXISTENT")
@pytest.mark.parametrize(("time", "zone"), [("01:30", "Europe/London"), ("02:30", "Europe/Paris")])
def test_a_time_in_the_spring_gap_did_not_exist(time: str, zone: str) -> None:
    assert instants("2026-03-29", time, zone) == ()


def test_a_time_in_the_autumn_hour_is_two_instants() -> None:
    first, second = instants("2026-10-25", "01:30", "Europe/London")
    assert (second - first).total_seconds() == 3600


def test_a_half_hour_shift_is_seen_too() -> None:
    assert len(instants("2026-04-05", "01:45", "Australia/Lord_Howe")) == 2
    assert instants("2026-10-04", "02:15", "Australia/Lord_Howe") == ()


def test_an_unknown_zone_is_said_so() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        instants("2026-03-29", "12:00", "Mars/Olympus")


@pytest.mark.case("EXPIRY-72H-DST")
def test_a_shelf_life_is_elapsed_time_not_the_clock_on_the_wall(reference: Reference) -> None:
    (calibration,) = instants("2026-03-27", "12:00", "Europe/Paris")
    expiry = reference.products["lutathera"].expiry_after_calibration(calibration)
    assert expiry == datetime(2026, 3, 30, 11, 0, tzinfo=UTC)
