"""Many dispensers at one vial: nothing is over-drawn, and a command sent often is done once."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from radiopharm.core.dispensing import DispenseDose, DrawWish
from radiopharm.core.readings import Measured
from radiopharm.core.refusals import Conflict, Refused
from radiopharm.runtime import Runtime, make_runtime
from radiopharm.services import dispensing
from radiopharm.store import acts, ledgers, vials
from radiopharm.store.acts import Act
from radiopharm.store.once import Once
from tests import hospital
from tests.conftest import StandingClock

DISPENSERS = 16
COPIES = 8
EACH_UL, HELD_UL = 2_000, 25_000


@pytest.fixture
def table(runtime: Runtime, clock: StandingClock) -> tuple[int, list[int]]:
    """A vial of 25 mL and sixteen signed directives for what 2 mL of it will hold."""
    planned = {"reference_at": clock.now, "expires_at": clock.now + timedelta(days=3)}
    vial_id = hospital.accepted(
        runtime,
        product="lu-177-dotatate",
        volume_ul=HELD_UL,
        activity_bq=HELD_UL * 370_000,
        **planned,
    )
    wanted = {"product": "lu-177-dotatate", "prescribed_bq": EACH_UL * 370_000}
    directive_ids = [
        hospital.directive(runtime, planned_for=clock.now, **wanted) for _ in range(DISPENSERS)
    ]
    return vial_id, directive_ids


@pytest.mark.requirement("RQ-28")
def test_dispensers_who_look_again_empty_the_vial_and_never_more(
    runtime: Runtime, table: tuple[int, list[int]], tmp_path: Path
) -> None:
    vial_id, directive_ids = table
    start = threading.Barrier(DISPENSERS)

    def until_answered(directive_id: int) -> str:
        own = _another(runtime, tmp_path)
        start.wait()
        try:
            return _until_answered(own, directive_id, vial_id)
        finally:
            own.engine.dispose()

    with ThreadPoolExecutor(DISPENSERS) as people:
        results = Counter(people.map(until_answered, directive_ids))
    possible = HELD_UL // EACH_UL
    assert results == {"dispensed": possible, "insufficient": DISPENSERS - possible}
    with runtime.reading() as db:
        vial = vials.get(db, 1, vial_id)
        drawn = [entry.change.volume_ul for entry in ledgers.entries(db, vial_id)][1:]
    assert drawn == [-EACH_UL] * possible
    assert vial.ledger.balance.volume_ul == HELD_UL - possible * EACH_UL


@pytest.mark.requirement("RQ-29")
def test_copies_of_one_command_make_one_dose(
    runtime: Runtime, table: tuple[int, list[int]], tmp_path: Path
) -> None:
    vial_id, directive_ids = table
    start = threading.Barrier(COPIES)

    def copy(_: int) -> tuple[int, bool]:
        own = _another(runtime, tmp_path)
        start.wait()
        try:
            outcome = _dispense(own, directive_ids[0], vial_id, 1, once=ONCE)
            return outcome.answer["id"], outcome.replayed
        finally:
            own.engine.dispose()

    with ThreadPoolExecutor(COPIES) as people:
        answers = list(people.map(copy, range(COPIES)))
    assert len({dose_id for dose_id, _ in answers}) == 1
    assert sum(not replayed for _, replayed in answers) == 1
    with runtime.reading() as db:
        assert vials.get(db, 1, vial_id).ledger.sequence == 2


ONCE = Once(key="test:one", fingerprint="0" * 64)


def _another(runtime: Runtime, folder: Path) -> Runtime:
    """A runtime of its own for one dispenser, as another process would have."""
    return make_runtime(hospital.settings(runtime.settings.database_url, folder), runtime.clock)


def _until_answered(own: Runtime, directive_id: int, vial_id: int) -> str:
    """Look, dispense, and look again while the vial has moved on meanwhile."""
    while True:
        with own.reading() as db:
            seen = vials.get(db, 1, vial_id).ledger.sequence
        try:
            _dispense(own, directive_id, vial_id, seen)
            return "dispensed"
        except Conflict as conflict:
            if conflict.code != "stale":
                return conflict.code
        except Refused as refused:
            return "+".join(refusal.code for refusal in refused.refusals)


def _dispense(
    own: Runtime, directive_id: int, vial_id: int, seen: int, once: Once | None = None
) -> acts.Outcome:
    now = own.clock()
    wish = DrawWish(vial_id=vial_id, after_sequence=seen, volume_ul=EACH_UL)
    command = DispenseDose(
        directive_id=directive_id,
        draws=(wish,),
        measured=Measured(
            bq=EACH_UL * 370_000, text="740 MBq", at=now, instrument_id=hospital.calibrator(own)
        ),
    )

    signing = hospital.signing(own, "radiopharmacist", hospital.PIN)

    def work(act: Act) -> acts.Answer:
        return {"id": dispensing.dispense(act, command, signing, None)}

    return own.act(work, actor=hospital.person(own, "radiopharmacist"), now=now, once=once)
