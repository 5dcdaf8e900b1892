"""One act: one writing transaction that leaves its audit event, or nothing at all.

The site's audit head is locked before anything is read, so acts of one site happen one after the
other and a check made inside an act still holds when it commits. A command that comes again with
the same key gets the same answer and changes nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from radiopharm.core.actions import Action
from radiopharm.core.audit import RowDigest
from radiopharm.core.people import Person
from radiopharm.core.reference import Reference
from radiopharm.core.refusals import Conflict
from radiopharm.store import attested, audit
from radiopharm.store.engine import turnstile
from radiopharm.store.errors import (
    OutcomeUnknown,
    StorageUnavailable,
    ill_is_unavailable,
    is_cut_off,
    is_stale,
    is_transient,
)
from radiopharm.store.once import Answer, Once, earlier, keep

TRIES = 3
LONGEST_WAIT = timedelta(minutes=1)


class Recorded(NamedTuple):
    """An event of an act, to be appended to its stream when the work is done."""

    stream: str
    entry: dict[str, Any]
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What a service works with: the open transaction, the one `now`, who acts, what is known."""

    db: sa.Connection
    now: datetime
    actor: Person
    reference: Reference
    audit_key: bytes
    events: list[Recorded] = field(default_factory=list)
    rows: list[RowDigest] = field(default_factory=list)

    def record(
        self,
        action: Action,
        *subjects: str,
        reason: str = "",
        old: Mapping[str, Any] | None = None,
        **facts: Any,
    ) -> None:
        """An audit event of this act: `facts` say what is, `old` what was, by the same names.

        It is appended when the work is done, and vouches for the rows that were written.
        """
        entry = {
            "at": self.now,
            "actor": self.actor.username,
            "roles": sorted(self.actor.roles),
            "via": self.actor.via,
            "from": self.actor.source,
            "action": str(action),
            "reason": reason,
            "facts": facts if old is None else {**facts, "old": old},
        }
        if self.actor.emergency:
            entry["emergency"] = self.actor.emergency.mark
        self.events.append(Recorded(self.actor.site.stream, entry, subjects))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The answer of an act, and whether an earlier copy of the command had it already."""

    answer: Answer
    replayed: bool = False


Work = Callable[[Act], Answer]


@ill_is_unavailable()
def perform(
    engine: sa.Engine,
    work: Work,
    *,
    actor: Person,
    now: datetime,
    reference: Reference,
    audit_key: bytes,
    once: Once | None = None,
) -> Outcome:
    """Do *work* in one transaction with its audit event, or raise and leave nothing behind.

    A lock, deadlock or lost race repeats the whole unit at most three times, checks included; a
    database that is full, read-only or gone raises `StorageUnavailable`, and one that is lost while
    it commits `OutcomeUnknown`: the same command with the same key does it, or finds it done.
    """
    for attempt in range(1, TRIES + 1):
        try:
            with _in_turn(engine) as db:
                audit.lock_head(db, actor.site.stream)
                at = _in_order(db, actor.site.stream, now)
                act = Act(db=db, now=at, actor=actor, reference=reference, audit_key=audit_key)
                with attested.gathered(db, act.rows):
                    outcome = _answer(act, work, once)
                _append(act)
                return outcome
        except sa.exc.DBAPIError as error:
            if is_stale(error):
                raise Conflict(
                    "stale", "Somebody else has just changed this. Look again."
                ) from error
            if not is_transient(error):
                raise
            if attempt == TRIES:
                raise StorageUnavailable from error
    raise AssertionError("unreachable")


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that may write, in fair turn on SQLite."""
    with ill_is_unavailable(), _in_turn(engine) as db:
        yield db


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that only reads: one snapshot, nothing kept."""
    with ill_is_unavailable(), engine.connect() as db, db.begin():
        yield db


@contextmanager
def _in_turn(engine: sa.Engine) -> Iterator[sa.Connection]:
    queue = turnstile(engine)
    if queue:
        queue.enter()
    try:
        with engine.connect().execution_options(writing=True) as db, _committed(db):
            yield db
    finally:
        if queue:
            queue.leave()


@contextmanager
def _committed(db: sa.Connection) -> Iterator[None]:
    """Keep what is done within; `OutcomeUnknown` where the answer to that was cut off."""
    with db.begin() as transaction:
        yield
        try:
            transaction.commit()
        except sa.exc.DBAPIError as error:
            if is_cut_off(error):
                raise OutcomeUnknown from error
            raise


def _in_order(db: sa.Connection, stream: str, now: datetime) -> datetime:
    """*now*, or just after the newest event where it was read before that: while we waited.

    Whoever was told what was known at an instant is told the same for ever. An event further ahead
    is a clock that was wrong, which is the watch's to say and not ours to follow.
    """
    newest = audit.newest_at(db, stream)
    if newest is not None and now < newest <= now + LONGEST_WAIT:
        return newest + timedelta(microseconds=1)
    return now


def _answer(act: Act, work: Work, once: Once | None) -> Outcome:
    if once and (said := earlier(act.db, act.actor.id, once)) is not None:
        return Outcome(answer=said, replayed=True)
    answer = work(act)
    if not act.events:
        raise RuntimeError("an act without an audit event does not happen")
    if once:
        keep(act.db, act.actor.id, once, answer, act.now)
    return Outcome(answer=answer)


def _append(act: Act) -> None:
    """This act's events onto the chain; the last one vouches for every row."""
    if act.events and act.rows:
        act.events[-1].entry["rows"] = [[row.table, row.id, row.digest] for row in act.rows]
    for event in act.events:
        audit.append(act.db, act.audit_key, event.stream, event.entry, event.subjects)
