"""What may still be done with a directive: changed, cancelled, signed, verified, given orally.

A dose that was drawn stops none of it: the dose is recalled (`core.recall`). Once the patient has
been treated a directive says what it said; only a signature that is owed may still be given.
"""

from dataclasses import dataclass
from datetime import datetime

from radiopharm.core.directives import Directive
from radiopharm.core.refusals import Refusal, run
from radiopharm.core.timing import AHEAD_TOLERATED


@dataclass(frozen=True, slots=True, kw_only=True)
class TellOrally:
    """That a physician gave the newest version by word of mouth, when, and why it cannot wait."""

    given_by: int
    given_at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """An oral order as somebody writes it down."""

    order: TellOrally
    directive: Directive
    recorder_id: int
    now: datetime


def change_refusals(directive: Directive) -> tuple[Refusal, ...]:
    """Why a directive can have no further version, and cannot be cancelled either."""
    return run(_OPEN, directive)


def sign_refusals(directive: Directive) -> tuple[Refusal, ...]:
    """Why the newest version cannot be signed; a late signature still can be given."""
    return run((_not_cancelled, _not_yet_signed), directive)


def verify_refusals(directive: Directive) -> tuple[Refusal, ...]:
    """Why the newest version cannot be verified."""
    return run((*_OPEN, _is_signed, _not_yet_verified), directive)


def oral_refusals(telling: Telling) -> tuple[Refusal, ...]:
    """Why the newest version cannot be recorded as given orally."""
    directive = telling.directive
    standing = run((*_OPEN, _not_yet_signed, _not_yet_given_orally), directive)
    return standing + run((_is_not_ahead, _is_written_down_by_another), telling)


def _not_cancelled(directive: Directive) -> Refusal | None:
    if directive.cancellation is None:
        return None
    return Refusal(code="cancelled", message=f"{directive.code} is cancelled. Write a new one.")


def _not_administered(directive: Directive) -> Refusal | None:
    if directive.administered_at is None:
        return None
    return Refusal(
        code="administered",
        message=f"{directive.code} has been carried out and stays as it is. Write a new one.",
    )


_OPEN = (_not_cancelled, _not_administered)


def _not_yet_signed(directive: Directive) -> Refusal | None:
    if directive.newest.signature is None:
        return None
    return Refusal(code="signed_already", message="This version has been signed already.")


def _is_signed(directive: Directive) -> Refusal | None:
    if directive.newest.signature is not None:
        return None
    return Refusal(code="not_signed", message="A physician must sign this version first.")


def _not_yet_verified(directive: Directive) -> Refusal | None:
    if directive.newest.verification is None:
        return None
    return Refusal(code="verified_already", message="This version has been verified already.")


def _not_yet_given_orally(directive: Directive) -> Refusal | None:
    if directive.newest.oral is None:
        return None
    return Refusal(code="oral_already", message="This version is recorded as given orally already.")


def _is_not_ahead(telling: Telling) -> Refusal | None:
    if telling.order.given_at <= telling.now + AHEAD_TOLERATED:
        return None
    return Refusal(
        code="ahead",
        field="given_at",
        message="That lies in the future. Enter when the directive was really given.",
    )


def _is_written_down_by_another(telling: Telling) -> Refusal | None:
    if telling.order.given_by != telling.recorder_id:
        return None
    return Refusal(
        code="recorder",
        field="signature.username",
        message="Whoever gave it orally can sign it; somebody else writes down what was said.",
    )
