"""Reversing a ledger entry: each once, never a reversal, never under what rests upon it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from radiopharm.core.ledger import Entry, Kind, impossible_from, reverse
from radiopharm.core.refusals import Conflict, Refusal, run
from radiopharm.core.vials import Vial


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal:
    """An entry that somebody wants undone, beside its vial's whole ledger."""

    vial: Vial
    entry: Entry
    entries: Sequence[Entry]
    reason: str
    now: datetime

    @property
    def undone(self) -> frozenset[int]:
        """The numbers of the entries that have been reversed."""
        return frozenset(e.reverses for e in self.entries if e.reverses is not None)


def refusals(reversal: Reversal) -> tuple[Refusal, ...]:
    """Everything that stands in the way; last, that the book would not hold without it."""
    return run(_RULES, reversal) or run((_leaves_a_possible_book,), reversal)


def mirrored(reversal: Reversal) -> Entry:
    """The entry that undoes it; raises `Conflict` when the balance it leaves is impossible."""
    return reverse(
        reversal.vial.ledger,
        reversal.entry,
        recorded_at=reversal.now,
        reason=reversal.reason,
    )


def posted_by(drawn: Entry, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """What one draw posted, newest first: itself, and before it what it found beyond the book.

    A draw that never was has found nothing. Only a draw's own surplus lies directly before it with
    a volume: an assay changes none, and what was discarded beyond the book follows at once.
    """
    before = next((e for e in entries if e.sequence == drawn.sequence - 1), None)
    if before is None or before.kind is not Kind.ASSAYED or not before.change.volume_ul:
        return (drawn,)
    return drawn, before


def _has_a_reason(r: Reversal) -> Refusal | None:
    if r.reason:
        return None
    return Refusal(code="reason", field="reason", message="Say why the entry is undone.")


def _is_no_reversal(r: Reversal) -> Refusal | None:
    if r.entry.kind is not Kind.REVERSED:
        return None
    said = "A reversal is not reversed. Enter again what was right."
    return Refusal(code="is_reversal", message=said)


def _is_no_return(r: Reversal) -> Refusal | None:
    if r.entry.kind is not Kind.RETURNED:
        return None
    said = "With this entry a dose was put back. Dispense or discard from the vial instead."
    return Refusal(code="is_return", message=said)


def _is_not_undone(r: Reversal) -> Refusal | None:
    if r.entry.sequence not in r.undone:
        return None
    said = f"Entry {r.entry.sequence} has been reversed already."
    return Refusal(code="reversed_already", message=said)


def _nothing_rests_on_the_receipt(r: Reversal) -> Refusal | None:
    standing = [
        e.sequence
        for e in r.entries
        if e.kind not in (Kind.RECEIVED, Kind.REVERSED) and e.sequence not in r.undone
    ]
    if r.entry.kind is not Kind.RECEIVED or not standing:
        return None
    said = f"Later entries stand on the receipt: undo {_listed(standing)} first."
    return Refusal(code="entries_stand", message=said)


def _leaves_a_possible_book(r: Reversal) -> Refusal | None:
    try:
        since = impossible_from([*r.entries, mirrored(r)])
    except Conflict:
        since = r.now
    if since is None:
        return None
    said = (
        "Without this entry the vial would have held less than left it. Undo what followed first."
    )
    return Refusal(code="impossible_without", message=said)


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(f"entry {number}" for number in numbers)


_RULES = (
    _has_a_reason,
    _is_no_reversal,
    _is_no_return,
    _is_not_undone,
    _nothing_rests_on_the_receipt,
)
