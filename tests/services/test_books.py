"""Any history of a vial leaves books that close to the becquerel (promises P-01 and P-06).

A machine does whatever may be done to vials, in any order, against real databases; beside it a
model keeps every change in a plain list. After each step SQL's own sums must be the model's.
`LEDGER_EXAMPLES` and `LEDGER_STEPS` set how long it runs.
"""

import os
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from radiopharm.core import ledger
from radiopharm.core.actions import Action
from radiopharm.core.assays import Assay
from radiopharm.core.corrections import Taking
from radiopharm.core.ledger import Amount, Kind
from radiopharm.core.readings import Measured
from radiopharm.core.refusals import Conflict, Refused
from radiopharm.runtime import Runtime
from radiopharm.services import assays, corrections, ledgers
from radiopharm.store import ledgers as books
from radiopharm.store import vials as store
from radiopharm.store.acts import Act
from radiopharm.store.tables.vials import ledger_entries
from tests import hospital
from tests.conftest import StandingClock
from tests.services.acting import do

FLOORS = {"sqlite": (40, 25), "postgresql": (15, 20)}
VOLUMES = st.integers(1, 25_000)
DOSES = {Kind.DRAWN: Action.DOSE_DISPENSED, Kind.RETURNED: Action.DOSE_RETURNED}


class Books(RuleBasedStateMachine):
    """Whatever may be done to vials; `changes` is what each entry should say, vial by vial."""

    def __init__(self, runtime: Runtime, clock: StandingClock) -> None:
        super().__init__()
        self.runtime, self.clock = runtime, clock
        self.calibrator = hospital.calibrator(runtime)
        self.changes: dict[int, list[Amount]] = {}

    vials = Bundle("vials")

    @rule(target=vials, volume=VOLUMES, activity=st.integers(1, 10**13))
    def receive(self, volume: int, activity: int) -> int:
        vial_id = hospital.receive(self.runtime, volume_ul=volume, activity_bq=activity)
        self.changes[vial_id] = [Amount(volume_ul=volume, reference_bq=activity)]
        return vial_id

    @rule(vial=vials, volume=VOLUMES)
    def draw(self, vial: int, volume: int) -> None:
        if 0 < volume <= self.held(vial).volume_ul:
            self.post(vial, Kind.DRAWN, -self.share(vial, volume))

    @rule(vial=vials, volume=VOLUMES)
    def put_a_dose_back(self, vial: int, volume: int) -> None:
        self.post(vial, Kind.RETURNED, Amount(volume_ul=volume, reference_bq=volume * 1_000))

    @rule(
        vial=vials,
        kind=st.sampled_from([Kind.DISCARDED, Kind.TRANSFERRED]),
        volume=st.none() | VOLUMES,
    )
    def take(self, vial: int, kind: Kind, volume: int | None) -> None:
        held = self.held(vial).volume_ul
        taken = held if volume is None else volume
        said = Taking(kind=kind, after_sequence=self.sequence(vial), volume_ul=volume)
        if self.done(lambda act: corrections.take(act, vial, said)):
            self.changes[vial].append(-self.share(vial, taken))
        else:
            assert not 0 < taken <= held

    @rule(vial=vials, surplus=st.integers(1, 5_000))
    def discard_more_than_the_book_holds(self, vial: int, surplus: int) -> None:
        held, opening = self.held(vial), self.changes[vial][0]
        volume, known = held.volume_ul + surplus, held if held.volume_ul else opening
        found = Amount(
            volume_ul=surplus, reference_bq=known.reference_bq * surplus // known.volume_ul
        )
        at = self.sequence(vial)
        assert self.done(
            lambda act: corrections.discard(
                act, vial, at, volume, "", overdrawn_reason="overfilled"
            )
        )
        self.changes[vial] += [found, -(held + found)]

    @rule(vial=vials, volume=VOLUMES)
    def dilute(self, vial: int, volume: int) -> None:
        at = self.sequence(vial)
        said = Taking(kind=Kind.DILUTED, after_sequence=at, volume_ul=volume)
        assert self.done(lambda act: corrections.take(act, vial, said))
        self.changes[vial].append(Amount(volume_ul=volume, reference_bq=0))

    @rule(vial=vials, percent=st.integers(0, 200))
    def assay(self, vial: int, percent: int) -> None:
        before = self.held(vial)
        typed = Measured(
            bq=min(before.reference_bq * percent // 100, 10**15),
            text="as read",
            at=self.clock.now,
            instrument_id=self.calibrator,
        )
        said = Assay(after_sequence=self.sequence(vial), measured=typed, reason="checked")
        found: list[dict[str, Any]] = []
        if self.done(lambda act: found.append(assays.assay(act, vial, said))):
            assert found[0]["sequence"] == self.sequence(vial) + 1
            self.changes[vial].append(self.entries(vial)[-1].change)
            assert self.changes[vial][-1].volume_ul == 0
        else:
            assert before.volume_ul == 0

    @rule(vial=vials, which=st.integers(0, 60))
    def reverse(self, vial: int, which: int) -> None:
        at = self.sequence(vial)
        sequence = which % at + 1
        if self.done(lambda act: ledgers.reverse(act, vial, sequence, at, "slip")):
            self.changes[vial].append(-self.changes[vial][sequence - 1])

    @rule(minutes=st.integers(1, 600))
    def wait(self, minutes: int) -> None:
        self.clock.move(minutes=minutes)

    @rule(vial=vials)
    def act_on_a_stale_page(self, vial: int) -> None:
        stale = self.sequence(vial) + 1
        assert not self.done(lambda act: corrections.discard(act, vial, stale, None, ""))

    @invariant()
    def the_books_are_the_models(self) -> None:
        for vial, changes in self.changes.items():
            total = sum(changes, start=ledger.NOTHING)
            assert self.sums(vial) == (len(changes), total.volume_ul, total.reference_bq)
            assert total.is_possible
            entries = self.entries(vial)
            assert [entry.change for entry in entries] == changes
            assert ledger.faults(entries) == []
            assert ledger.impossible_from(entries) is None

    def held(self, vial: int) -> Amount:
        return sum(self.changes[vial], start=ledger.NOTHING)

    def sequence(self, vial: int) -> int:
        return len(self.changes[vial])

    def share(self, vial: int, volume: int) -> Amount:
        held = self.held(vial)
        return Amount(volume_ul=volume, reference_bq=held.reference_bq * volume // held.volume_ul)

    def done(self, work: Callable[[Act], Any]) -> bool:
        try:
            do(self.runtime, work)
        except (Refused, Conflict):
            return False
        return True

    def post(self, vial: int, kind: Kind, change: Amount) -> None:
        def work(act: Act) -> None:
            entry = ledger.post(
                store.get(act.db, act.actor.site.id, vial).ledger,
                kind,
                change,
                occurred_at=act.now,
                recorded_at=act.now,
                reason="as a dose",
            )
            books.append(act.db, vial, entry, actor_id=act.actor.id)
            act.record(DOSES[kind], f"vial:{vial}")

        do(self.runtime, work)
        self.changes[vial].append(change)

    def entries(self, vial: int) -> list[ledger.Entry]:
        with self.runtime.reading() as db:
            return books.entries(db, vial)

    def sums(self, vial: int) -> tuple[int, int, int]:
        columns = ledger_entries.c
        query = sa.select(
            sa.func.count(), sa.func.sum(columns.volume_ul), sa.func.sum(columns.reference_bq)
        ).where(columns.vial_id == vial)
        with self.runtime.reading() as db:
            count, volume, activity = db.execute(query).one()
        return count, int(volume), int(activity)


@pytest.mark.timeout(600)
@pytest.mark.requirement("RQ-28")
def test_books_close_whatever_happens(runtime: Runtime, clock: StandingClock) -> None:
    examples, steps = FLOORS[runtime.engine.dialect.name]
    run_state_machine_as_test(
        lambda: Books(runtime, clock),
        settings=settings(
            max_examples=int(os.environ.get("LEDGER_EXAMPLES", examples)),
            stateful_step_count=int(os.environ.get("LEDGER_STEPS", steps)),
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    with runtime.reading() as db:
        assert list(ledgers.verify(db)) == []
