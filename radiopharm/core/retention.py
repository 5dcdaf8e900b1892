"""How long a record must be kept: the latest end of all rules that speak of it, with its working.

Nothing here destroys anything. Where no rule speaks, or one cannot be computed, the answer is not
a date but a person: the record stays until the safety officer decides.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from radiopharm.core.figures import Status

SITE = "site"
"""The jurisdiction of what a site's own safety officer decided."""


class RecordClass(StrEnum):
    """What kind of record it is."""

    DIRECTIVE = "directive"
    DOSAGE = "dosage"
    RECEIPT = "receipt"
    WASTE = "waste"
    SURVEY = "survey"


class Start(StrEnum):
    """The event a period runs from."""

    MADE = "made"
    DISPOSED = "disposed"
    LICENCE_ENDED = "licence_ended"


AWAITED = {
    Start.MADE: "it was made",
    Start.DISPOSED: "what it is about was disposed of",
    Start.LICENCE_ENDED: "the licence ended",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """Records of a class are kept so many years from an event, in one jurisdiction."""

    code: str
    record_class: RecordClass
    years: int
    start: Start
    jurisdiction: str
    clause: str
    source: str
    status: Status
    note: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.years <= 100:
            raise ValueError(f"years lie from 0 to 100, not {self.years}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideRetention:
    """How many years a site keeps records of a class where no rule says more, and by what."""

    record_class: RecordClass
    years: int
    source: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRecord:
    """A record as its retention sees it; what has not happened is None."""

    record_class: RecordClass
    id: int
    code: str
    made_at: datetime
    disposed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One rule applied to a record; `until` is None while its event has not happened."""

    rule: RetentionRule
    until: date | None

    @property
    def words(self) -> str:
        """``until 2029-06-01: 3 years from when it was made (10 CFR 35.2063)``."""
        length = f"{self.rule.years} year{'' if self.rule.years == 1 else 's'}"
        said = f"{length} from when {AWAITED[self.rule.start]} ({self.rule.clause})"
        if self.until:
            return f"until {self.until.isoformat()}: {said}"
        return f"{said}, which has not happened as far as is known here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """A record with every rule that speaks of it."""

    record: KeptRecord
    terms: tuple[Term, ...]

    @property
    def earliest(self) -> date | None:
        """The first day on which it may be destroyed; None where only a decision can tell."""
        days = [term.until for term in self.terms if term.until]
        return max(days) if days and len(days) == len(self.terms) else None

    @property
    def governing(self) -> Term | None:
        """The rule that decides: the one still open, else the one that ends last."""
        return max(self.terms, key=lambda term: term.until or date.max, default=None)

    def is_free(self, today: date) -> bool:
        """Whether nothing asks any more that it be kept."""
        return self.earliest is not None and self.earliest <= today

    @property
    def words(self) -> str:
        """What governs, in a sentence."""
        if self.governing:
            return f"{self.record.code} is kept {self.governing.words}."
        return (
            f"{self.record.code} is kept until the safety officer decides how long a "
            f"{self.record.record_class} is kept: no rule known here says it."
        )


def retention(
    record: KeptRecord,
    rules: Iterable[RetentionRule],
    jurisdictions: Collection[str],
    zone: ZoneInfo,
    licence_ended_on: date | None = None,
) -> Retention:
    """How long *record* is kept under the rules of *jurisdictions* and the site's own decisions."""
    days = {
        Start.MADE: record.made_at.astimezone(zone).date(),
        Start.DISPOSED: record.disposed_at and record.disposed_at.astimezone(zone).date(),
        Start.LICENCE_ENDED: licence_ended_on,
    }
    terms = []
    for rule in rules:
        if rule.record_class is record.record_class and rule.jurisdiction in jurisdictions:
            day = days[rule.start]
            until = anniversary(day, rule.years) if day else None
            terms.append(Term(rule=rule, until=until))
    return Retention(record=record, terms=tuple(terms))


def anniversary(day: date, years: int) -> date:
    """The same day so many years later; of 29 February, where there is none, 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
