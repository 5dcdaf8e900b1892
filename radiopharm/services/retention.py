"""What may be destroyed and when: rules of the site's jurisdiction and its officer's decisions.

The jurisdiction is that of the rule pack the site has signed. Nothing is destroyed here.
"""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from radiopharm.core.actions import Action
from radiopharm.core.people import Site
from radiopharm.core.reference import Reference
from radiopharm.core.retention import (
    SITE,
    DecideRetention,
    KeptRecord,
    RecordClass,
    Retention,
    retention,
)
from radiopharm.services import rule_packs
from radiopharm.store import Connection, licence_ends
from radiopharm.store import retention as store
from radiopharm.store.acts import Act


def page(
    db: Connection,
    reference: Reference,
    site: Site,
    record_class: RecordClass,
    at: datetime,
    *,
    after: int,
    size: int,
) -> tuple[list[Retention], int | None]:
    """Records of a class with how long each is kept, and the key of the next page."""
    records = store.page(db, site.id, record_class, after, size)
    following = records[size - 1].id if len(records) > size else None
    return _judged(db, reference, site, records[:size], at), following


def of_patient(
    db: Connection, reference: Reference, site: Site, patient: str, at: datetime
) -> list[Retention]:
    """How long each record that needs to know who a patient is must be kept."""
    return _judged(db, reference, site, store.of_patient(db, site.id, patient), at)


def decide(act: Act, command: DecideRetention) -> int:
    """Write how long the site keeps records of a class; it never shortens what a rule asks."""
    site_id, named = act.actor.site.id, str(command.record_class)
    before = {str(rule.record_class): rule.years for rule in store.decided(act.db, site_id)}
    decision_id = store.add_decision(
        act.db,
        site_id=site_id,
        record_class=named,
        years=command.years,
        source=command.source,
        reason=command.reason,
        decided_at=act.now,
        actor_id=act.actor.id,
    )
    act.record(
        Action.RETENTION_DECIDED,
        f"retention:{named}",
        reason=command.reason,
        years=command.years,
        source=command.source,
        old={"years": before.get(named)},
    )
    return decision_id


def jurisdictions(db: Connection, reference: Reference, site_id: int, at: datetime) -> list[str]:
    """Whose rules hold here: the site's own decisions, and the jurisdiction of its rule pack."""
    pack = rule_packs.in_force(db, reference, site_id, at).pack
    return [SITE, *([pack.jurisdiction] if pack else [])]


def _judged(
    db: Connection, reference: Reference, site: Site, records: Iterable[KeptRecord], at: datetime
) -> list[Retention]:
    rules = [*reference.retention, *store.decided(db, site.id)]
    holding = jurisdictions(db, reference, site.id, at)
    zone = ZoneInfo(site.zone)
    ended_on = licence_ends.ended_on(db, site.id)
    return [retention(record, rules, holding, zone, ended_on) for record in records]
