"""Taking from a vial beside dispensing: discarding, transferring; and adding volume to it.

What was taken is a fact. When it is more than the book held, and its author says so, the surplus is
posted first as an `assayed` difference, so the book never goes below zero and hides nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from radiopharm.core import formatting as fmt
from radiopharm.core import timing
from radiopharm.core.ledger import (
    Amount,
    Entry,
    Kind,
    Ledger,
    beyond,
    following,
    impossible_from,
    post,
    share,
)
from radiopharm.core.refusals import Refusal, run
from radiopharm.core.timing import Timing
from radiopharm.core.vials import Vial


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """What leaves a vial, or for `diluted` comes in; `volume_ul` None means all that it holds.

    `overdrawn_reason` says why more left than the book held; without it that is refused.
    """

    kind: Kind
    after_sequence: int
    volume_ul: int | None = None
    reason: str = ""
    occurred_at: datetime | None = None
    overdrawn_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A taking beside the vial and its whole ledger."""

    command: Taking
    vial: Vial
    entries: Sequence[Entry]
    now: datetime

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.command.occurred_at or self.now

    @property
    def held(self) -> Amount:
        """What the book holds."""
        return self.vial.ledger.balance

    @property
    def volume_ul(self) -> int:
        """How much is meant."""
        said = self.command.volume_ul
        return self.held.volume_ul if said is None else said

    @property
    def is_beyond_the_book(self) -> bool:
        """Whether more left than the book holds."""
        return self.command.kind is not Kind.DILUTED and self.volume_ul > self.held.volume_ul

    @property
    def timing(self) -> Timing:
        """When it happened and when we hear of it."""
        return Timing(
            received_at=self.vial.received_at,
            occurred_at=self.at,
            now=self.now,
            reason=self.command.reason or self.command.overdrawn_reason,
        )


def refusals(case: Case) -> tuple[Refusal, ...]:
    """Everything that stands in the way; last, that the vial could not have held it then."""
    if broken := timing.refusals(case.timing) + run(_RULES, case):
        return broken
    return run((_was_possible,), case)


def entries(case: Case) -> tuple[Entry, ...]:
    """What is posted: one entry, or first the difference where more left than the book held."""
    ledger, found = case.vial.ledger, []
    if case.is_beyond_the_book:
        surplus = beyond(case.held, case.entries[0].change, case.volume_ul)
        found.append(_post(case, ledger, Kind.ASSAYED, surplus, case.command.overdrawn_reason))
        ledger = following(found[0])
    kind = case.command.kind
    if kind is Kind.DILUTED:
        change = Amount(volume_ul=case.volume_ul, reference_bq=0)
    else:
        change = -share(ledger.balance, case.volume_ul)
    return (*found, _post(case, ledger, kind, change, case.command.reason))


def _post(case: Case, ledger: Ledger, kind: Kind, change: Amount, reason: str) -> Entry:
    return post(ledger, kind, change, occurred_at=case.at, recorded_at=case.now, reason=reason)


def _there_is_something(c: Case) -> Refusal | None:
    if c.volume_ul > 0:
        return None
    return Refusal(code="empty", message=f"{c.vial.code} is empty by the book.")


def _the_book_holds_it(c: Case) -> Refusal | None:
    if not c.is_beyond_the_book or c.command.overdrawn_reason:
        return None
    held, asked = fmt.ml(c.held.volume_ul), fmt.ml(c.volume_ul)
    return Refusal(
        code="insufficient",
        field="volume",
        message=(
            f"{c.vial.code} holds {held} by the book, you say {asked}. Look at it again. If there "
            "really was more, say how that was found."
        ),
        value=asked,
        operator="<=",
        limit=held,
    )


def _was_possible(c: Case) -> Refusal | None:
    since = impossible_from([*c.entries, *entries(c)])
    if since is None:
        return None
    said = f"{c.vial.code} did not hold that much at that time. Check when it happened."
    return Refusal(code="impossible_then", field="occurred_at", message=said)


_RULES = (_there_is_something, _the_book_holds_it)
