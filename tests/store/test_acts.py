"""One act: all of it with its audit event, once, or nothing (promises P-02, P-08, P-13, P-15)."""

import contextlib
import multiprocessing
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from threading import Barrier
from time import sleep

import pytest
import sqlalchemy as sa

from radiopharm.core.actions import Action
from radiopharm.core.ledger import Amount
from radiopharm.core.refusals import Conflict
from radiopharm.runtime import Runtime
from radiopharm.services import corrections, ledgers
from radiopharm.store import audit, make_engine, vials
from radiopharm.store import ledgers as books
from radiopharm.store.acts import Act, Outcome
from radiopharm.store.once import Answer, KeyReused, Once
from radiopharm.store.tables.audit import audit_events, audit_heads
from radiopharm.store.tables.vials import ledger_entries
from tests import hospital
from tests.services.acting import entries

FORK = multiprocessing.get_context("fork")
KILLS = {"sqlite": 20, "postgresql": 10}


@pytest.fixture
def vial_id(runtime: Runtime) -> int:
    return hospital.accepted(runtime)


def discard(vial_id: int, after: int = 1) -> Callable[[Act], Answer]:
    return lambda act: {"sequence": corrections.discard(act, vial_id, after, 1_000, "")}


def perform(runtime: Runtime, work: Callable[[Act], Answer], once: Once | None = None) -> Outcome:
    return perform_at(runtime, work, runtime.clock(), once)


def perform_at(
    runtime: Runtime, work: Callable[[Act], Answer], now: datetime, once: Once | None = None
) -> Outcome:
    actor = hospital.person(runtime, "radiopharmacist")
    return runtime.act(work, actor=actor, now=now, once=once)


def count(runtime: Runtime, table: sa.Table) -> int:
    with runtime.reading() as db:
        return int(db.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


def test_an_act_that_tells_the_audit_nothing_does_not_happen(
    runtime: Runtime, vial_id: int
) -> None:
    def silent(act: Act) -> Answer:
        entry = books.entries(act.db, vial_id)[0]
        act.db.execute(ledger_entries.insert().values(_second(vial_id, act, entry.after)))
        return {}

    with pytest.raises(RuntimeError, match="audit event"):
        perform(runtime, silent)
    assert count(runtime, ledger_entries) == 1


def _second(vial_id: int, act: Act, held: Amount) -> dict[str, object]:
    return {
        "vial_id": vial_id,
        "sequence": 2,
        "kind": "discarded",
        "occurred_at": act.now,
        "recorded_at": act.now,
        "actor_id": act.actor.id,
        "reason": "",
        "volume_ul": -held.volume_ul,
        "reference_bq": -held.reference_bq,
        "volume_after_ul": 0,
        "reference_after_bq": 0,
    }


@pytest.mark.requirement("RQ-49")
def test_when_the_audit_cannot_be_written_nothing_is(runtime: Runtime, vial_id: int) -> None:
    def work(act: Act) -> Answer:
        answer = discard(vial_id)(act)
        act.db.execute(audit_events.insert().values(_broken_event(act)))
        return answer

    before = count(runtime, audit_events)
    with pytest.raises(sa.exc.IntegrityError):
        perform(runtime, work)
    assert (count(runtime, ledger_entries), count(runtime, audit_events)) == (1, before)


def _broken_event(act: Act) -> dict[str, object]:
    return {
        "stream": act.actor.site.stream,
        "number": 10**6,
        "at": act.now,
        "actor": "nobody",
        "action": "vial:discarded",
        "canonical": "{}",
        "previous": "short",
        "hash": "short",
    }


def test_a_command_that_comes_again_gets_the_same_answer_and_does_nothing(
    runtime: Runtime, vial_id: int
) -> None:
    once = Once(key="k", fingerprint="f")
    first = perform(runtime, discard(vial_id), once)
    again = perform(runtime, discard(vial_id), once)
    assert (first.replayed, again.replayed) == (False, True)
    assert again.answer == first.answer
    assert len(entries(runtime, vial_id)) == 2


@pytest.mark.parametrize(("late_s", "order_s"), [(1, 0.000001), (60, 0.000001), (61, -61)])
def test_who_waited_is_recorded_after_those_who_went_before(
    runtime: Runtime, vial_id: int, late_s: float, order_s: float
) -> None:
    ahead = runtime.clock() + timedelta(hours=1)
    perform_at(runtime, discard(vial_id), ahead)
    perform_at(runtime, discard(vial_id, 2), ahead - timedelta(seconds=late_s))
    with runtime.reading() as db:
        recorded = db.scalars(sa.select(audit_events.c.at).order_by(audit_events.c.number)).all()
    assert recorded[-1] - ahead == timedelta(seconds=order_s)


def test_the_same_key_for_something_else_is_refused(runtime: Runtime, vial_id: int) -> None:
    perform(runtime, discard(vial_id), Once(key="k", fingerprint="f"))
    with pytest.raises(KeyReused):
        perform(runtime, discard(vial_id, after=2), Once(key="k", fingerprint="g"))
    assert len(entries(runtime, vial_id)) == 2


def together(number: int, work: Callable[[], object]) -> list[object]:
    """What each of *number* threads got that begin at the same moment, outcome or exception."""
    barrier = Barrier(number)

    def one(_: int) -> object:
        barrier.wait()
        try:
            return work()
        except Conflict as conflict:
            return conflict

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


@pytest.mark.requirement("RQ-28")
def test_eight_identical_requests_at_once_do_it_once(runtime: Runtime, vial_id: int) -> None:
    once = Once(key="k", fingerprint="f")
    outcomes = together(8, lambda: perform(runtime, discard(vial_id), once))
    assert all(isinstance(outcome, Outcome) for outcome in outcomes)
    assert sorted(outcome.replayed for outcome in outcomes) == [False] + [True] * 7
    assert len(entries(runtime, vial_id)) == 2


@pytest.mark.requirement("RQ-28")
def test_of_eight_who_saw_the_same_page_one_acts_and_seven_are_told(
    runtime: Runtime, vial_id: int
) -> None:
    outcomes = together(8, lambda: perform(runtime, discard(vial_id)))
    told = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert {conflict.code for conflict in told} == {"stale"}
    assert (len(told), len(entries(runtime, vial_id))) == (7, 2)


class Writer:
    """A process of its own that discards 1 µL after another and says which entry was kept."""

    def __init__(self, runtime: Runtime, vial_id: int, number: int) -> None:
        runtime.engine.dispose()  # no connection lives in two processes
        self._said, told = FORK.Pipe(duplex=False)
        arguments = (runtime, vial_id, number, told)
        self._process = FORK.Process(target=_discard_on, args=arguments)
        self._process.start()
        told.close()

    def next(self) -> int:
        """The next number it says; `EOFError` when it has said all."""
        return int(self._said.recv())

    def rest(self) -> Iterator[int]:
        """Whatever else it said, to its end."""
        with contextlib.suppress(EOFError):
            while True:
                yield self.next()
        self._process.join()

    def kill(self) -> None:
        """SIGKILL, wherever it is."""
        self._process.kill()


def _discard_on(runtime: Runtime, vial_id: int, number: int, told: Connection) -> None:
    own = replace(runtime, engine=make_engine(runtime.settings.database_url))
    actor = hospital.person(own, "radiopharmacist")

    def work(act: Act) -> Answer:
        seen = vials.get(act.db, actor.site.id, vial_id).ledger.sequence
        return {"sequence": corrections.discard(act, vial_id, seen, 1, "")}

    while number:
        with contextlib.suppress(Conflict):
            told.send(perform(own, work).answer["sequence"])
            number -= 1


def test_processes_take_turns_and_every_act_counts_once(runtime: Runtime, vial_id: int) -> None:
    writers = [Writer(runtime, vial_id, 15) for _ in range(2)]
    said = [number for each in writers for number in each.rest()]
    assert sorted(said) == list(range(2, 32))
    assert len(entries(runtime, vial_id)) == 31


def test_a_killed_writer_loses_nothing_it_was_told_is_kept(runtime: Runtime, vial_id: int) -> None:
    chance = random.Random(7)
    for _ in range(KILLS[runtime.engine.dialect.name]):
        killed = Writer(runtime, vial_id, 10**6)
        told = [killed.next() for _ in range(chance.randint(1, 4))]
        sleep(chance.random() / 50)
        killed.kill()
        told += killed.rest()
        assert len(entries(runtime, vial_id)) >= max(told)
    _require_whole(runtime)


def _require_whole(runtime: Runtime) -> None:
    """Every book adds up and every entry has its event: nothing is half there."""
    actor = hospital.person(runtime, "radiopharmacist")
    with runtime.reading() as db:
        assert list(ledgers.verify(db)) == []
        head = audit.lock_head(db, actor.site.stream)
        number = db.scalar(
            sa.select(sa.func.count()).where(audit_events.c.action == Action.VIAL_DISCARDED)
        )
    assert count(runtime, audit_events) == head.number
    assert number == count(runtime, ledger_entries) - 1
    assert count(runtime, audit_heads) == 1
