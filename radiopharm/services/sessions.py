"""Who comes in at a shared bench, and what becomes of the sessions that were there.

A password begins a session. A bench PIN only resumes one that its person left locked at the same
enrolled workstation, and after five wrong ones the password is asked for. Every entry makes a new
session id and ends or locks the old one in the same transaction.
"""

from dataclasses import dataclass
from datetime import datetime

from radiopharm.core.actions import Action
from radiopharm.core.emergency import LASTS
from radiopharm.core.lockout import FREE_TRIES
from radiopharm.core.people import is_badge
from radiopharm.core.refusals import Invalid, NotFound, Refusal
from radiopharm.core.sessions import MOST_SESSIONS, Limits, Session, Stage, stage
from radiopharm.core.workstations import Workstation
from radiopharm.services import accounts as service
from radiopharm.store import Connection, accounts, badges, envelopes, sessions, sign_ins
from radiopharm.store.acts import Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where somebody comes in: the browser's cookie, its device, its workstation if enrolled."""

    device: str | None
    workstation: Workstation | None
    limits: Limits
    token_hash: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Somebody who came in; `started_at` is when they last gave their password."""

    user_id: int
    started_at: datetime


def named(db: Connection, text: str) -> str:
    """The user name that was typed, or whose badge was scanned; empty for an unknown badge."""
    code = text.strip().upper()
    if is_badge(code):
        return badges.owner(db, code) or ""
    return text.strip().lower()[:64] if text.isprintable() else ""


def enter(act: Act, username: str, secret: str, door: Door) -> Entry | None:
    """Let the person in whose name and secret these are; None when they are not.

    The try is written either way. Raises `WrongSecret` while tries do not count, `Invalid` where a
    PIN does not open.
    """
    if service.is_pin(secret):
        entry = _resume(act, username, secret, door)
    else:
        is_spent = _is_spent(act, username, door)
        user_id = service.sign_in(act, username, secret, door.device, is_barred=is_spent)
        entry = Entry(user_id=user_id, started_at=act.now) if user_id else None
    if entry:
        settle(act, username, entry, door)
    return entry


def lock(act: Act, token_hash: str) -> None:
    """Lock one's own session at once; what it was doing is kept."""
    sessions.lock(act.db, token_hash, act.now)
    act.record(Action.SESSION_LOCKED)


def end(act: Act, token_hash: str, limits: Limits) -> None:
    """End one of one's own sessions; raises `NotFound` for anybody else's."""
    mine = sessions.of_person(act.db, act.actor.id, act.now - limits.whole)
    if token_hash not in {row.token_hash for row in mine}:
        raise NotFound("session")
    sessions.end(act.db, token_hash, act.now)
    act.record(Action.SESSION_ENDED)


def _is_spent(act: Act, username: str, door: Door) -> bool:
    """Whether a secret from an envelope opens nothing here: it unlocks the one session it began."""
    envelope = envelopes.find(act.db, username)
    if envelope is None:
        return False
    row = sessions.find(act.db, door.token_hash) if door.token_hash else None
    if row is None or row.user_id != envelope.user_id or envelope.opened_at <= act.now - LASTS:
        return True
    return stage(sessions.instants(row), door.limits, act.now) is Stage.ENDED


def _resume(act: Act, username: str, pin: str, door: Door) -> Entry | None:
    row = accounts.account(act.db, username)
    waiting = row and not row.disabled_at and _left_locked(act, row.id, door)
    if not row or not waiting:
        raise _refusal("A PIN opens only what you left locked here. Use your password.")
    if sign_ins.wrong_pins(act.db, row.username) >= FREE_TRIES:
        raise _refusal("Too many wrong PINs. Use your password.")
    right = row.pin_hash is not None and service.matches(row.pin_hash, pin)
    sign_ins.add(act.db, row.username, "pin", None, succeeded=right, at=act.now)
    action = Action.SESSION_UNLOCKED if right else Action.SIGN_IN_FAILED
    act.record(action, f"user:{row.username}", means="pin")
    return Entry(user_id=row.id, started_at=waiting.started_at) if right else None


def _left_locked(act: Act, user_id: int, door: Door) -> Session | None:
    """The session that this person left locked at this workstation and that has not ended."""
    if door.workstation is None:
        return None
    for row in sessions.of_person(act.db, user_id, act.now - door.limits.whole):
        found = sessions.instants(row)
        here = row.workstation_id == door.workstation.id
        if here and stage(found, door.limits, act.now) is Stage.LOCKED:
            return found
    return None


def settle(act: Act, username: str, entry: Entry, door: Door) -> None:
    """One live session at a place and three in all; every other one waits locked."""
    others = sessions.of_person(act.db, entry.user_id, act.now - door.limits.whole)
    place = door.workstation.id if door.workstation else None
    kept = 0
    for row in others:
        is_here = row.token_hash == door.token_hash or (place and row.workstation_id == place)
        kept += not is_here
        if is_here or kept >= MOST_SESSIONS:
            sessions.end(act.db, row.token_hash, act.now)
        else:
            sessions.lock(act.db, row.token_hash, act.now)
    _leave(act, username, entry, door)


def _leave(act: Act, username: str, entry: Entry, door: Door) -> None:
    """Lock whoever was at this browser before, or end the session of nobody."""
    before = sessions.find(act.db, door.token_hash) if door.token_hash else None
    if before is None:
        return
    if before.user_id is None:
        sessions.end(act.db, before.token_hash, act.now)
    else:
        sessions.lock(act.db, before.token_hash, act.now)
        former = accounts.names(act.db, [before.user_id])[before.user_id]
        act.record(Action.PERSON_SWITCHED, f"user:{username}", former=former)


def _refusal(message: str) -> Invalid:
    return Invalid([Refusal(code="pin_here", field="password", message=message)])
