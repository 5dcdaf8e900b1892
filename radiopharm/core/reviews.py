"""The periodic review of the audit: a period, how much each view held, findings, the next due.

A safety officer signs it; the hash of the chain's end goes under the signature, so that the review
says of exactly which trail it speaks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from radiopharm.core import formatting as fmt
from radiopharm.core.audit import Head
from radiopharm.core.audit_views import VIEWS
from radiopharm.core.refusals import Refusal
from radiopharm.core.signing import Record, Statement

KIND = "audit review"
MEANING = "I have reviewed the audit trail of this period"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What was looked at in [`start`, `end`), what was found, and when it is due again."""

    start: datetime
    end: datetime
    findings: str
    next_due_at: datetime


def refusals(review: Review, now: datetime) -> list[Refusal]:
    """Why a review cannot be of that period."""
    said = {
        "from": "The period ends before it begins." if review.start >= review.end else "",
        "to": "The period is not over yet." if review.end > now else "",
        "next_due": "The next review lies in the past." if review.next_due_at <= now else "",
    }
    return [
        Refusal(code=f"review_{field}", field=field, message=message)
        for field, message in said.items()
        if message
    ]


def statement(
    review: Review,
    counts: Mapping[str, int],
    end: Head,
    zone: ZoneInfo,
    *,
    meaning: str = MEANING,
) -> Statement:
    """What is signed."""
    found = ", ".join(f"{VIEWS[code].title} {number}" for code, number in counts.items())
    return Statement(
        record=Record(kind=KIND, key=end.stream, version=1),
        meaning=meaning,
        sentences=(
            f"The audit trail of {fmt.instant(review.start, zone)} to "
            f"{fmt.instant(review.end, zone)}.",
            f"Events: {found}.",
            f"Findings: {review.findings}",
            f"Next review due {fmt.instant(review.next_due_at, zone)}.",
        ),
        facts={
            "period": [review.start, review.end],
            "counts": counts,
            "findings": review.findings,
            "next_due_at": review.next_due_at,
        },
    )
