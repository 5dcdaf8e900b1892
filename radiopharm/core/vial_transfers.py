"""Handing over from a vial: to a licensed recipient, or back to the supplier, with its papers.

The book follows by an ordinary `transferred` entry; the rules of hand-overs stand beside its own.
"""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from radiopharm.core import leaving
from radiopharm.core.corrections import Taking
from radiopharm.core.leaving import HandOver, Papers
from radiopharm.core.refusals import Refusal, Rule, run
from radiopharm.core.timing import LATE_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class VialTransfer:
    """A transfer as asked for: what leaves the book, and to whom; no licence is the supplier."""

    taking: Taking
    to: HandOver


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A transfer that went at `at` beside the instant it is entered; `zone` is the site's."""

    to: HandOver
    at: datetime
    now: datetime
    zone: tzinfo

    @property
    def recipient(self) -> str:
        """Who gets it."""
        return self.to.recipient

    @property
    def papers(self) -> Papers:
        """What goes with it."""
        return self.to.papers


def refusals(case: Case) -> tuple[Refusal, ...]:
    """Everything about recipient and papers that stands in the way."""
    return run(RULES, case)


def _late_has_a_reason(case: Case) -> Refusal | None:
    """To whom it went is no reason why it is entered late."""
    if case.now - case.at <= LATE_AFTER or case.to.reason:
        return None
    said = "This is entered late. Say why."
    return Refusal(code="late_needs_reason", field="reason", message=said)


RULES: tuple[Rule[Case], ...] = (
    leaving.no_recipient,
    leaving.licence_has_ended,
    leaving.received_before,
    _late_has_a_reason,
)
