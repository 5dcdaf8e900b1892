"""What else a patient was given and is planned to be given, beside the directive looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from radiopharm.core import intervals as rules
from radiopharm.core.directives import Directive
from radiopharm.core.intervals import Given, Planned
from radiopharm.core.prescribing import DirectiveText
from radiopharm.core.reference import Reference
from radiopharm.core.refusals import Refusal
from radiopharm.store import Connection, administrations, directives


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A patient's treatments so far, and what of the others lies too close to one of them."""

    given: tuple[Given, ...]
    conflicts: tuple[Refusal, ...] = ()
    since_last: Refusal | None = None

    @property
    def cumulative(self) -> Mapping[str, float]:
        """Net activity (Bq) received, by the product's name."""
        return rules.cumulative(self.given)


def of_directive(
    db: Connection, reference: Reference, directive: Directive, now: datetime
) -> Course:
    """The patient's treatments beside a directive's newest version."""
    newest = directive.newest
    mine = rules.planned(directive, newest, reference.products[newest.product], now)
    return _course(db, reference, directive.site_id, directive.patient, mine, directive.id, now)


def of_text(
    db: Connection,
    reference: Reference,
    site_id: int,
    patient: str,
    text: DirectiveText,
    now: datetime,
    but: int | None = None,
) -> Course:
    """The patient's treatments beside a text still being written; *but* is its own directive."""
    mine = Planned(
        directive="",
        product=reference.products[text.product],
        planned_for=text.planned_for,
        written_at=now,
        stands_at=now,
        reason=text.interval_reason,
    )
    return _course(db, reference, site_id, patient, mine, but, now)


def others(
    db: Connection,
    reference: Reference,
    site_id: int,
    patient: str,
    but: int | None,
    now: datetime,
) -> tuple[Planned, ...]:
    """The patient's live directives but one, as planned."""
    return tuple(
        rules.planned(each, each.newest, reference.products[each.newest.product], now)
        for each in directives.of_patient(db, site_id, patient)
        if each.is_live and each.id != but
    )


def given(db: Connection, reference: Reference, site_id: int, patient: str) -> tuple[Given, ...]:
    """What a patient received so far, oldest first."""
    return tuple(
        Given(
            dose_id=row.dispensing_id,
            directive_id=row.directive_id,
            product=reference.products[row.product],
            started_at=row.started_at,
            net_bq=row.net_bq,
        )
        for row in administrations.of_patient(db, site_id, patient)
    )


def _course(
    db: Connection,
    reference: Reference,
    site_id: int,
    patient: str,
    mine: Planned,
    but: int | None,
    now: datetime,
) -> Course:
    received = given(db, reference, site_id, patient)
    before = [each for each in received if each.directive_id != but]
    is_given = len(before) < len(received)
    if is_given:
        return Course(given=received)
    return Course(
        given=received,
        conflicts=rules.conflicts(mine, others(db, reference, site_id, patient, but, now)),
        since_last=rules.since_last(mine, before),
    )
