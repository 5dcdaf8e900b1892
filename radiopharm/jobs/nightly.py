"""The long daily jobs: they read, or copy, while others write, and lock only to say what came out.

A check that finds a fault is a run that took effect: its row and its audit event name the first.
"""

from datetime import datetime, timedelta

from radiopharm.core.actions import Action
from radiopharm.jobs import sealer
from radiopharm.jobs.effects import Effect, Result
from radiopharm.runtime import Runtime
from radiopharm.services import backups, day_balance, flags, ledgers, proof
from radiopharm.store import drafts, residues, sessions
from radiopharm.store.acts import Act

LONGEST = 200
SESSIONS_KEPT = timedelta(days=7)


def back_up(runtime: Runtime, _slot: datetime) -> Effect:
    """A new backup in the backup directory, its whole hash in the event; the oldest go."""
    sealer.tick(runtime, at_once=True)
    settings, now = runtime.settings, runtime.clock()
    made = backups.nightly(runtime.engine, settings.audit_key, settings.backup_directory, now)

    def record(act: Act) -> Result:
        act.record(Action.BACKED_UP, sha256=made.sha256)
        return Result(changed=1, message=f"sha256 {made.sha256[:12]}…")

    return record


def verify_ledgers(runtime: Runtime, _slot: datetime) -> Effect:
    """Every book computed again from nothing."""
    with runtime.reading() as db:
        faults = list(ledgers.verify(db))
    result = _found(faults, "every book adds up")
    return lambda _act: result


def verify_audit(runtime: Runtime, _slot: datetime) -> Effect:
    """Every chain walked; what backups, seals and anchors have witnessed must still be there."""
    with runtime.reading() as db:
        found = proof.prove(db, runtime.settings, runtime.anchors)
    bad = found.first_bad
    faults = [f"{bad.stream}, event {bad.number}: {bad.message}"] if bad else []
    result = _found(faults, f"{found.events} events hold")
    return lambda _act: result


def balance_books(runtime: Runtime, _slot: datetime) -> Effect:
    """Every vial and waste store balanced over its whole life; what does not close is flagged."""
    with runtime.reading() as db:
        found = day_balance.look(db, runtime.reference, runtime.clock())
    result = _found(found.faults, f"{found.vials} vials balance at {found.sites} sites")

    def flag(act: Act) -> Result:
        flags.apply(act, found.changes)
        return result

    return flag


def forget(runtime: Runtime, _slot: datetime) -> Effect:
    """Sessions long over and drafts too old go; they hold no fact. What erasures freed is wiped."""
    residues.wipe(runtime.engine)
    before = runtime.clock() - SESSIONS_KEPT

    def remove(act: Act) -> Result:
        return Result(changed=sessions.forget(act.db, before) + drafts.forget(act.db, act.now))

    return remove


def _found(faults: list[str], otherwise: str) -> Result:
    message = faults[0] if faults else otherwise
    return Result(changed=len(faults), message=message[:LONGEST])
