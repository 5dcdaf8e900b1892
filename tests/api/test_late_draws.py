"""A dose entered after it was drawn, where a reading has raised the book since."""

from collections.abc import Callable

from radiopharm.runtime import Runtime
from radiopharm.schemas.instants import instant_out
from tests import giving, hospital
from tests.conftest import StandingClock
from tests.doors import Api


def test_a_dose_told_late_from_before_a_higher_reading_leaves_no_less_than_nothing_then(
    api: Callable[[str], Api], runtime: Runtime, clock: StandingClock
) -> None:
    bench, vial_id = api("radiopharmacist"), hospital.accepted(runtime)
    clock.move(hours=2)
    read = {"measured_activity": "90 GBq", "measured_at": instant_out(clock.now)}
    meter = {"instrument_id": hospital.calibrator(runtime), "reason": "as read"}
    assert bench.post(f"/vials/{vial_id}/assays", {"after_sequence": 1, **read, **meter}).json
    clock.move(hours=-1)
    before = instant_out(clock.now)
    clock.move(hours=1)
    dose = giving.dose_of(
        runtime,
        vial_id,
        hospital.directive(runtime),
        draws=[{"vial_id": vial_id, "after_sequence": 2, "volume": "20 mL"}],
        measured_at=before,
        already_drawn=True,
        second={"username": "second", "secret": hospital.PASSWORD},
    )
    assert bench.post("/dispensings", dose).status_code == 201
    assert bench.get(f"/vials/{vial_id}", at=before).json["activity_bq"] == 0
    assert bench.get("/inventory", at=before).status_code == 200
    peaks = bench.get("/registers/limits.json", **{"from": "2026-06-01", "to": "2026-06-02"})
    assert peaks.status_code == 200
