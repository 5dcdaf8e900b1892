"""The lists' conditions in SQL name the same states as the core does in words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from radiopharm.core.states import DirectiveState, directive_state
from radiopharm.runtime import Runtime
from radiopharm.schemas.instants import instant_out
from radiopharm.store import directive_lists, directives
from radiopharm.store.directive_lists import Filters
from tests import hospital
from tests.conftest import StandingClock
from tests.doors import Api

STATES = [state for state in DirectiveState if state is not DirectiveState.SUPERSEDED]


@pytest.fixture
def dispensed(api: Callable[[str], Api], runtime: Runtime, clock: StandingClock) -> Any:
    """A directive's dose, drawn from a vial of its own."""

    def dispense(directive_id: int) -> int:
        vial_id = hospital.accepted(runtime)
        body = {
            "directive_id": directive_id,
            "draws": [{"vial_id": vial_id, "after_sequence": 1}],
            "measured_activity": "9.2 GBq",
            "measured_at": instant_out(clock.now),
            "administer_at": instant_out(clock.now + timedelta(hours=1)),
            "instrument_id": hospital.calibrator(runtime),
            "reason": "Drawn early",
            "already_drawn": True,
            "signature": {"username": "radiopharmacist", "secret": hospital.PASSWORD},
            "second": {"username": "second", "secret": hospital.PASSWORD},
        }
        answer = api("radiopharmacist").post("/dispensings", body)
        assert answer.status_code == 201, answer.text
        return int(answer.json["id"])

    return dispense


def test_the_lists_and_the_core_agree(
    api: Callable[[str], Api],
    runtime: Runtime,
    clock: StandingClock,
    dispensed: Callable[[int], int],
) -> None:
    physician, bench = api("physician"), api("radiopharmacist")
    draft, signed, cancelled, dosed, given, void = [
        hospital.directive(runtime, signed=number > 0) for number in range(6)
    ]
    physician.post(f"/directives/{cancelled}/cancel", {"reason": "Unwell"})
    dispensed(dosed)
    void_id, given_id = dispensed(void), dispensed(given)
    bench.post(f"/dispensings/{void_id}/void", {"drawn": False, "reason": "Spoilt"})
    clock.move(hours=1)
    times = {"started_at": instant_out(clock.now), "ended_at": instant_out(clock.now)}
    bench.post(f"/dispensings/{given_id}/administration", {**times, "residues": []})

    with runtime.reading() as db:
        listed = {
            directive_id: str(state)
            for state in STATES
            for directive_id in directive_lists.page(db, 1, Filters(state=state), None, 50)[0]
        }
        every = directives.by_ids(db, 1, [draft, signed, cancelled, dosed, given, void])
    assert listed == {each.id: str(directive_state(each)) for each in every}
    assert list(dict(sorted(listed.items())).values()) == [
        "draft",
        "signed",
        "cancelled",
        "dispensed",
        "administered",
        "signed",
    ]
