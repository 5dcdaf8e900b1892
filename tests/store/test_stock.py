"""States in SQL and states in words are the same states, on a stock of every kind of past."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa

from radiopharm.core.ledger import Kind, following, post, share
from radiopharm.core.states import VialState, vial_state
from radiopharm.core.vials import Happening, VialEvent
from radiopharm.runtime import Runtime
from radiopharm.store import acts, ledgers, stock, vials
from tests import hospital

HOUR = timedelta(hours=1)
VIALS = 40
ONCE = (Happening.ACCEPTED, Happening.OPENED, Happening.THAWED)
AGAIN = (Happening.QUARANTINED, Happening.RELEASED)


def lived(chance: random.Random, came_at: datetime, actor_id: int) -> Iterator[VialEvent]:
    """Some things that may have happened to a vial, on whole hours so that instants coincide."""
    for kind in [*chance.sample(ONCE, chance.randint(0, 3)), *chance.choices(AGAIN, k=3)]:
        at = came_at + chance.randint(0, 30) * HOUR
        starts_clock = kind in (Happening.OPENED, Happening.THAWED) and chance.random() < 0.8
        yield VialEvent(
            kind=kind,
            occurred_at=at,
            recorded_at=at,
            actor_id=actor_id,
            reason="so it was",
            use_by_at=at + chance.randint(1, 12) * HOUR if starts_clock else None,
        )


def draw(db: sa.Connection, site_id: int, vial_id: int, part: int, at: datetime, by: int) -> None:
    """Take 1/*part* of what is left, all of it when *part* is one."""
    ledger = vials.get(db, site_id, vial_id).ledger
    taken = -share(ledger.balance, ledger.balance.volume_ul // part)
    entry = post(ledger, Kind.DRAWN, taken, occurred_at=at, recorded_at=at)
    assert following(entry).sequence == 2
    ledgers.append(db, vial_id, entry, actor_id=by)


def mixed_stock(runtime: Runtime, seed: int) -> datetime:
    """Vials that came at various times, some drawn from, some drawn out; when the first came."""
    chance, start = random.Random(seed), runtime.clock() - 40 * HOUR
    person = hospital.person(runtime, "radiopharmacist")
    for _ in range(VIALS):
        came_at = start + chance.randint(0, 10) * HOUR
        vial_id = hospital.receive(
            runtime,
            received_at=came_at,
            reference_at=came_at,
            expires_at=came_at + chance.randint(8, 36) * HOUR,
        )
        with acts.writing(runtime.engine) as db:
            for event in lived(chance, came_at, person.id):
                vials.add_event(db, vial_id, event)
            if chance.random() < 0.6:
                at = came_at + chance.randint(0, 30) * HOUR
                draw(db, person.site.id, vial_id, chance.choice((1, 3)), at, person.id)
    return start


def test_the_database_and_the_core_name_the_same_states(runtime: Runtime) -> None:
    start = mixed_stock(runtime, seed=20261122)
    site_id = hospital.person(runtime, "auditor").site.id
    seen: set[VialState] = set()
    with runtime.reading() as db:
        everything, _ = stock.page(db, site_id, start, stock.Filters(), None, VIALS)
        found = vials.by_ids(db, site_id, everything)
        for hours in range(-1, 45, 3):
            at = start + hours * HOUR
            balances = ledgers.balances_at(db, everything, at)
            named = {vial.id: vial_state(vial, balances.get(vial.id), at) for vial in found}
            for state in VialState:
                filters = stock.Filters(states=frozenset({state}))
                ids, _ = stock.page(db, site_id, at, filters, None, VIALS)
                assert set(ids) == {vial_id for vial_id, name in named.items() if name is state}
            seen |= set(named.values())
    assert seen == set(VialState)
