"""What is to be seen to before a product is given, line by line, and how each was answered.

A line is product data with its source. It asks, it never forbids: what was not done is recorded
with its reason, what nobody answered stands there as not answered.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from radiopharm.core.figures import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistLine:
    """One line of a product's checklist."""

    code: str
    words: str
    source: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A line's answer: done at an instant, or not done and why."""

    code: str
    done_at: datetime | None = None
    reason: str = ""


def answered(
    lines: Iterable[ChecklistLine], answers: Iterable[Answer]
) -> tuple[tuple[ChecklistLine, Answer | None], ...]:
    """Every line with its answer; None where nobody gave one."""
    given = {answer.code: answer for answer in answers}
    return tuple((line, given.get(line.code)) for line in lines)
