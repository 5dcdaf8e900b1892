"""The books: undoing an entry, and adding every book up again from nothing."""

from collections.abc import Iterator

from radiopharm.core import ledger
from radiopharm.core import reversals as rules
from radiopharm.core.actions import Action
from radiopharm.core.refusals import Conflict, NotFound, Refused
from radiopharm.core.registers import code
from radiopharm.core.reversals import Reversal
from radiopharm.store import Connection, ledgers, vials
from radiopharm.store.acts import Act


def reverse(act: Act, vial_id: int, sequence: int, after_sequence: int, reason: str) -> int:
    """Undo one entry by its mirror image; returns the mirror's number.

    `Refused` says what rests upon it; `Conflict` when it belongs to a dose, which is voided whole,
    lies in a waste container, or went to the drain.
    """
    vial = vials.get(act.db, act.actor.site.id, vial_id)
    vials.require_sequence(vial, after_sequence)
    _require_free(act.db, vial_id, sequence)
    entries = ledgers.entries(act.db, vial_id)
    entry = next((e for e in entries if e.sequence == sequence), None)
    if entry is None:
        raise NotFound(f"entry {sequence}")
    reversal = Reversal(vial=vial, entry=entry, entries=entries, reason=reason, now=act.now)
    if broken := rules.refusals(reversal):
        raise Refused(broken)

    mirrored = rules.mirrored(reversal)
    ledgers.append(act.db, vial_id, mirrored, actor_id=act.actor.id)
    act.record(
        Action.ENTRY_REVERSED,
        f"vial:{vial_id}",
        reason=reason,
        reverses=sequence,
        kind=str(entry.kind),
        sequence=mirrored.sequence,
        volume_ul=mirrored.change.volume_ul,
        reference_bq=mirrored.change.reference_bq,
    )
    return mirrored.sequence


def verify(db: Connection) -> Iterator[str]:
    """Every fault of every ledger, vial and entry named; nothing when all the books add up."""
    for vial_id, entries in ledgers.every(db):
        found = ledger.faults(entries) if entries else ["there is no entry at all"]
        for fault in found:
            yield f"V-{vial_id:06d}: {fault}"


def _require_free(db: Connection, vial_id: int, sequence: int) -> None:
    dose_id = ledgers.dose_of(db, vial_id, sequence)
    if dose_id is not None:
        message = f"This entry belongs to dose D-{dose_id:06d}. Void the dose."
        raise Conflict("void_the_dose", message, dispensing_id=dose_id)
    if containers := ledgers.containers_of(db, vial_id, sequence):
        named = " and ".join(code("W", number) for number in containers)
        message = f"This went into container {named} and stays in its book."
        raise Conflict("in_waste", message, container_id=containers[0], containers=containers)
    if ledgers.is_discharged(db, vial_id, sequence):
        message = "This went to the drain and stays in its account."
        raise Conflict("in_drain", message)
