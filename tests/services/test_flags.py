"""Flags are raised once, cleared when there is nothing to look at, and each change is audited."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from radiopharm.core.ledger import reverse
from radiopharm.core.people import SYSTEM
from radiopharm.core.vials import Happening, VialEvent
from radiopharm.jobs import sealer
from radiopharm.jobs.registry import find
from radiopharm.jobs.running import run
from radiopharm.runtime import Runtime
from radiopharm.services import flags as service
from radiopharm.store import acts, flags, ledgers, vials
from radiopharm.store.acts import Act, Answer
from radiopharm.store.tables.audit import audit_events
from tests import hospital
from tests.conftest import NOON, StandingClock
from tests.store.test_snapshots import draw_everything

EXPIRES = NOON + timedelta(days=5)  # of the usual vial
NEAR = timedelta(hours=12)


def refresh(runtime: Runtime, clock: StandingClock) -> int:
    sealer.tick(runtime, at_once=True)
    return int(run(runtime, find(runtime.settings, "flags"), clock())["changed"])


def raised(runtime: Runtime) -> list[str]:
    with runtime.reading() as db:
        return [row.kind for row in flags.page(db, 1, None, 50)]


def changes(runtime: Runtime) -> list[dict[str, object]]:
    query = sa.select(audit_events.c.canonical).where(
        audit_events.c.stream == "site:1", audit_events.c.action == "flags:changed"
    )
    with runtime.reading() as db:
        rows = db.scalars(query.order_by(audit_events.c.number))
        return [json.loads(row)["facts"] for row in rows]


def test_a_vial_is_flagged_near_its_expiry_and_at_it(
    runtime: Runtime, clock: StandingClock
) -> None:
    hospital.receive(runtime)
    assert (refresh(runtime, clock), raised(runtime)) == (0, [])
    clock.now = EXPIRES - NEAR
    assert (refresh(runtime, clock), raised(runtime)) == (1, ["near_expiry"])
    clock.now = EXPIRES
    assert (refresh(runtime, clock), raised(runtime)) == (1, ["expired"])
    clock.move(minutes=15)
    assert (refresh(runtime, clock), raised(runtime)) == (0, ["expired"])


def test_each_change_is_in_the_audit_of_its_site(runtime: Runtime, clock: StandingClock) -> None:
    hospital.receive(runtime)
    for at in (EXPIRES - NEAR, EXPIRES):
        clock.now = at
        refresh(runtime, clock)
    assert changes(runtime) == [
        {"raised": {"vial:1": "near_expiry"}, "cleared": {}},
        {"raised": {"vial:1": "expired"}, "cleared": {"vial:1": "near_expiry"}},
    ]


def test_an_emptied_vial_loses_its_flag_and_a_returned_dose_brings_it_back_once(
    runtime: Runtime, clock: StandingClock
) -> None:
    vial_id = hospital.receive(runtime)
    clock.now = EXPIRES
    refresh(runtime, clock)
    clock.move(minutes=15)
    draw_everything(runtime, vial_id, at=clock())
    assert (refresh(runtime, clock), raised(runtime)) == (1, [])
    clock.move(minutes=15)
    put_back(runtime, vial_id, clock)
    assert (refresh(runtime, clock), raised(runtime)) == (1, ["expired"])
    clock.move(minutes=15)
    assert refresh(runtime, clock) == 0


def test_opening_starts_the_clock_that_counts(runtime: Runtime, clock: StandingClock) -> None:
    vial_id = hospital.receive(runtime)
    refresh(runtime, clock)
    clock.move(hours=1)
    open_for(runtime, vial_id, clock, timedelta(hours=6))
    assert (refresh(runtime, clock), raised(runtime)) == (1, ["near_expiry"])
    clock.move(hours=6)
    assert (refresh(runtime, clock), raised(runtime)) == (1, ["expired"])


def test_a_vial_received_already_expired_is_found(runtime: Runtime, clock: StandingClock) -> None:
    refresh(runtime, clock)
    clock.move(hours=1)
    hospital.receive(
        runtime,
        reference_at=clock() - timedelta(days=4),
        received_at=clock() - timedelta(days=3),
        expires_at=clock() - timedelta(days=1),
        reason="late",
    )
    assert (refresh(runtime, clock), raised(runtime)) == (1, ["expired"])


def test_a_longer_warning_time_reaches_what_has_crossed_it_the_next_day(
    runtime: Runtime, clock: StandingClock
) -> None:
    hospital.receive(runtime)
    clock.now = EXPIRES - timedelta(hours=47)
    refresh(runtime, clock)
    clock.move(days=1)
    longer = runtime.act(
        lambda act: _refreshed(act, timedelta(hours=48)), actor=SYSTEM, now=clock()
    )
    assert longer.answer == {"changed": 1}


def test_a_run_looks_only_at_what_changed(runtime: Runtime, clock: StandingClock) -> None:
    """What is open and unchanged is not even a candidate: the cost follows what happened."""
    hospital.receive(runtime)
    clock.now = EXPIRES
    refresh(runtime, clock)
    clock.move(minutes=30)
    touched = flags._touched(clock(), NEAR, clock() - timedelta(minutes=15))
    with runtime.reading() as db:
        assert list(db.scalars(touched)) == []


def test_no_flag_is_open_twice(runtime: Runtime) -> None:
    row = {"site_id": 1, "subject": "vial", "subject_id": 1, "kind": "expired", "message": ""}
    with pytest.raises(sa.exc.IntegrityError), acts.writing(runtime.engine) as db:
        flags.add(db, [{**row, "raised_at": NOON}] * 2)


def _refreshed(act: Act, near: timedelta) -> Answer:
    return {"changed": service.refresh(act, near)}


def put_back(runtime: Runtime, vial_id: int, clock: StandingClock) -> None:
    with acts.writing(runtime.engine) as db:
        ledger, last = vials.get(db, 1, vial_id).ledger, ledgers.entries(db, vial_id)[-1]
        back = reverse(ledger, last, recorded_at=clock(), reason="not discarded after all")
        ledgers.append(db, vial_id, back, actor_id=1)


def open_for(runtime: Runtime, vial_id: int, clock: StandingClock, shelf_life: timedelta) -> None:
    opened = VialEvent(
        kind=Happening.OPENED,
        occurred_at=clock(),
        recorded_at=clock(),
        actor_id=1,
        use_by_at=clock() + shelf_life,
    )
    with acts.writing(runtime.engine) as db:
        vials.add_event(db, vial_id, opened)
