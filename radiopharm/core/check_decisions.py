"""A decision over a failed check: the instrument is used all the same, signed, with a reason.

It holds for that one failed check; a later one that fails locks the instrument again.
"""

from zoneinfo import ZoneInfo

from radiopharm.core import formatting as fmt
from radiopharm.core.instrument_checks import Check
from radiopharm.core.refusals import Refusal, run
from radiopharm.core.signing import Record, Statement

KIND = "instrument check"
MEANING = "I let this instrument be used although the check failed, for the reason given"
DECIDERS = ("physicist", "safety_officer")


def refusals(check: Check) -> tuple[Refusal, ...]:
    """Why there is nothing to decide over a check."""
    return run(_RULES, check)


def statement(
    check: Check, instrument: str, reason: str, zone: ZoneInfo, *, meaning: str = MEANING
) -> Statement:
    """What is signed: which check failed, by how much, and why it is used all the same."""
    limit = check.plan.tolerance_text if check.plan else ""
    return Statement(
        record=Record(kind=KIND, key=str(check.id), version=1),
        meaning=meaning,
        sentences=(
            f"{instrument} failed its check of {check.called} at "
            f"{fmt.instant(check.checked_at, zone)}: {check.worst_text}, tolerance {limit}.",
            f"It may be used all the same: {reason}.",
        ),
        facts={"check": check.id, "difference": check.worst_text, "reason": reason},
    )


def _has_failed(check: Check) -> Refusal | None:
    if check.passed is False and check.voided is None:
        return None
    return Refusal(code="not_failed", message="This check has not failed, or does not count.")


def _is_not_decided(check: Check) -> Refusal | None:
    if check.decision is None:
        return None
    said = f"{check.decision.by} has decided over this check already."
    return Refusal(code="decided", message=said)


_RULES = (_has_failed, _is_not_decided)
