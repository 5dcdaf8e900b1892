"""A dose to be given, and the words of its administration, as tests of both doors use them."""

from datetime import timedelta
from typing import Any

from radiopharm.runtime import Runtime
from radiopharm.schemas.instants import instant_out
from tests import hospital
from tests.conftest import StandingClock
from tests.doors import Api


def dispensed(bench: Api, runtime: Runtime, clock: StandingClock, **changes: Any) -> dict[str, Any]:
    """A whole Lutathera vial measured at 7.4 GBq (200 mCi), to be given now."""
    vial_id, directive_id = hospital.accepted(runtime), hospital.directive(runtime, **changes)
    clock.move(days=2)
    made: dict[str, Any] = bench.post("/dispensings", dose_of(runtime, vial_id, directive_id)).json
    return made


def dose_of(runtime: Runtime, vial_id: int, directive_id: int, **changes: Any) -> dict[str, Any]:
    """A whole, untouched vial read as 7.4 GBq and to be given now, for a directive."""
    now = instant_out(runtime.clock())
    return {
        "directive_id": directive_id,
        "draws": [{"vial_id": vial_id, "after_sequence": 1}],
        "measured_activity": "7.4 GBq",
        "measured_at": now,
        "instrument_id": hospital.calibrator(runtime),
        "administer_at": now,
        "reason": "as read",
        "signature": {"username": "radiopharmacist", "secret": hospital.PASSWORD},
        **changes,
    }


def given(clock: StandingClock, **changes: Any) -> dict[str, Any]:
    """Half an hour that began now, told four hours later."""
    start = clock.now
    clock.move(hours=4)
    return {
        "started_at": instant_out(start),
        "ended_at": instant_out(start + timedelta(minutes=30)),
        **changes,
    }


def left(item: str, activity: str, at: str) -> dict[str, str]:
    """A residue."""
    return {"item": item, "activity": activity, "measured_at": at}
