"""The ledger of a vial, kept at the vial's reference time, where decay stands still.

In that frame activity, like volume, only changes when somebody moves it: entries simply add up, in
whole becquerels and microlitres, and what is in the vial now is the balance times one decay factor.
A draw posts its share of the balance; no entry is ever changed, a reversal mirrors it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from radiopharm.core.refusals import Conflict


class Kind(StrEnum):
    """What an entry says happened to the vial."""

    RECEIVED = "received"
    DRAWN = "drawn"
    DISCARDED = "discarded"
    DILUTED = "diluted"
    TRANSFERRED = "transferred"
    RETURNED = "returned"
    ASSAYED = "assayed"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A volume (µL) and its activity (Bq at the vial's reference time); signed in an entry."""

    volume_ul: int
    reference_bq: int

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(
            volume_ul=self.volume_ul + other.volume_ul,
            reference_bq=self.reference_bq + other.reference_bq,
        )

    def __neg__(self) -> "Amount":
        return Amount(volume_ul=-self.volume_ul, reference_bq=-self.reference_bq)

    @property
    def is_possible(self) -> bool:
        """Whether a vial can hold this: nothing negative, and no activity without volume."""
        return (
            self.volume_ul >= 0
            and self.reference_bq >= 0
            and (self.volume_ul > 0 or self.reference_bq == 0)
        )


NOTHING = Amount(volume_ul=0, reference_bq=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the ledger: what changed, what it left, when it happened and when we heard."""

    sequence: int
    kind: Kind
    change: Amount
    after: Amount
    occurred_at: datetime
    recorded_at: datetime
    reason: str = ""
    reverses: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Where a vial's ledger stands: the number of its newest entry and the balance it left."""

    sequence: int = 0
    balance: Amount = NOTHING


def share(balance: Amount, volume_ul: int) -> Amount:
    """What *volume_ul* drawn from *balance* takes with it: floor(activity × drawn / held).

    The last microlitre takes the rest, so an emptied vial holds exactly nothing. Raises
    `ValueError` unless 0 < volume ≤ held.
    """
    if not 0 < volume_ul <= balance.volume_ul:
        raise ValueError("a share is more than nothing and at most all")
    activity = balance.reference_bq * volume_ul // balance.volume_ul
    return Amount(volume_ul=volume_ul, reference_bq=activity)


def post(
    ledger: Ledger,
    kind: Kind,
    change: Amount,
    *,
    occurred_at: datetime,
    recorded_at: datetime,
    reason: str = "",
    reverses: int | None = None,
) -> Entry:
    """The next entry; raises `Conflict` when the vial could not hold what it would leave."""
    after = ledger.balance + change
    if not after.is_possible:
        raise Conflict("insufficient", "The vial does not hold that much.")
    return Entry(
        sequence=ledger.sequence + 1,
        kind=kind,
        change=change,
        after=after,
        occurred_at=occurred_at,
        recorded_at=recorded_at,
        reason=reason,
        reverses=reverses,
    )


def following(entry: Entry) -> Ledger:
    """The ledger as *entry* leaves it."""
    return Ledger(sequence=entry.sequence, balance=entry.after)


def reverse(ledger: Ledger, entry: Entry, *, recorded_at: datetime, reason: str) -> Entry:
    """The entry that mirrors *entry*; it counts from the instant at which *entry* did."""
    return post(
        ledger,
        Kind.REVERSED,
        -entry.change,
        occurred_at=entry.occurred_at,
        recorded_at=recorded_at,
        reason=reason,
        reverses=entry.sequence,
    )


def beyond(balance: Amount, opening: Amount, volume_ul: int) -> Amount:
    """What turned out to be there beyond the book when *volume_ul* left a vial.

    The surplus volume counts at the concentration that the book holds, or, of a vial that is empty
    by the book, at that of its *opening* entry. Raises `ValueError` when the book holds enough.
    """
    surplus_ul = volume_ul - balance.volume_ul
    if surplus_ul <= 0:
        raise ValueError("the book holds that much")
    known = balance if balance.volume_ul else opening
    activity = known.reference_bq * surplus_ul // known.volume_ul
    return Amount(volume_ul=surplus_ul, reference_bq=activity)


def has_left(entries: Sequence[Entry]) -> bool:
    """Whether the last that a vial held went to waste or away, and the vial itself with it."""
    last = entries[-1]
    return last.kind in (Kind.DISCARDED, Kind.TRANSFERRED) and last.after.volume_ul == 0


def balance_at(
    entries: Iterable[Entry], at: datetime, known_at: datetime | None = None
) -> Amount | None:
    """The balance at the instant *at*, as known at *known_at*; None before the first entry."""
    counted = [
        entry
        for entry in entries
        if entry.occurred_at <= at and (known_at is None or entry.recorded_at <= known_at)
    ]
    if not counted:
        return None
    return sum((entry.change for entry in counted), start=NOTHING)


def impossible_from(entries: Sequence[Entry]) -> datetime | None:
    """The first instant at which a vial would have held what no vial can; None when there is none.

    Entries made late count from when they happened, so a balance can be possible now and not then.
    """
    balance = NOTHING
    for at, together in groupby(sorted(entries, key=_happened), key=_happened):
        balance = sum((entry.change for entry in together), start=balance)
        if not balance.is_possible:
            return at
    return None


def _happened(entry: Entry) -> datetime:
    return entry.occurred_at


def faults(entries: Sequence[Entry]) -> list[str]:
    """What does not add up when every balance is computed again from nothing."""
    found = []
    balance = NOTHING
    for number, entry in enumerate(entries, start=1):
        balance += entry.change
        if entry.sequence != number:
            found.append(f"entry {number} is missing")
        if entry.after != balance:
            found.append(f"entry {entry.sequence} leaves another balance than it says")
        if not balance.is_possible:
            found.append(f"entry {entry.sequence} leaves an impossible balance")
    return found
