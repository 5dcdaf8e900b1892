"""The periodic review of a site's audit: counted, put before the safety officer, and signed."""

import json
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from radiopharm.core import reviews as rules
from radiopharm.core.actions import Action
from radiopharm.core.audit_views import ALL
from radiopharm.core.people import Site
from radiopharm.core.refusals import Invalid
from radiopharm.core.reviews import Review
from radiopharm.core.signing import Signing, Statement
from radiopharm.core.working_hours import WorkingHours
from radiopharm.services import audits, signatures
from radiopharm.store import Connection, audit_search, audit_trail, reviews
from radiopharm.store.acts import Act
from radiopharm.store.audit_search import Filters


def counts(
    db: Connection, site: Site, period: tuple[datetime, datetime], hours: WorkingHours
) -> dict[str, int]:
    """How many events of a period each view holds; open deviations are those open now."""
    asked = Filters(start=period[0], end=period[1])
    return {
        view.code: audit_search.count(
            db, site.stream, audits.viewed(db, asked, view, site, hours, period[1])
        )
        for view in ALL
    }


def statement(
    db: Connection,
    review: Review,
    site: Site,
    hours: WorkingHours,
    now: datetime,
    meaning: str = rules.MEANING,
) -> Statement:
    """What would be signed of *review*; raises `Invalid` with every reason why it cannot be."""
    if broken := rules.refusals(review, now):
        raise Invalid(broken)
    found = counts(db, site, (review.start, review.end), hours)
    zone, stream = ZoneInfo(site.zone), site.stream
    end = audit_trail.end_before(db, stream, review.end)
    return rules.statement(review, found, end, zone, meaning=meaning)


def sign(act: Act, review: Review, signing: Signing, hours: WorkingHours) -> int:
    """Write a review with the safety officer's signature under it; returns its id."""
    meaning = signatures.meaning_of(signing, rules.MEANING)
    said = statement(act.db, review, act.actor.site, hours, act.now, meaning)
    signature_id = signatures.sign(act, said, signing, roles=signatures.OFFICER)
    found: Mapping[str, int] = said.facts["counts"]
    review_id = reviews.add(
        act.db,
        site_id=act.actor.site.id,
        starts_at=review.start,
        ends_at=review.end,
        counts=json.dumps(found, sort_keys=True),
        findings=review.findings,
        next_due_at=review.next_due_at,
        recorded_at=act.now,
        actor_id=act.actor.id,
        signature_id=signature_id,
    )
    act.record(
        Action.AUDIT_REVIEWED,
        f"review:{review_id}",
        period=[review.start, review.end],
        counts=found,
        next_due_at=review.next_due_at,
        signature=signatures.audited(act.db, signature_id),
    )
    return review_id
