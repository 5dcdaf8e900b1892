"""Records as their retention sees them, and what sites decided about keeping them."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from radiopharm.core.figures import Status
from radiopharm.core.retention import SITE, KeptRecord, RecordClass, RetentionRule, Start
from radiopharm.store.tables.accounts import users
from radiopharm.store.tables.directives import directive_versions, directives
from radiopharm.store.tables.doses import dispensings
from radiopharm.store.tables.retention import retention_decisions
from radiopharm.store.tables.surveys import rooms, survey_plans, surveys
from radiopharm.store.tables.vials import ledger_entries, vials
from radiopharm.store.tables.waste import waste_containers, waste_events, waste_releases

Query = sa.Select[Any]
LEFT = ("transferred", "returned_to_supplier")


def page(
    db: sa.Connection, site_id: int, record_class: RecordClass, after: int, size: int
) -> list[KeptRecord]:
    """The site's records of a class by number, one more than *size* where there are more."""
    found = _QUERIES[record_class](site_id).subquery()
    query = sa.select(found).where(found.c.id > after).order_by(found.c.id).limit(size + 1)
    return [_record(record_class, row) for row in db.execute(query)]


def of_patient(db: sa.Connection, site_id: int, reference: str) -> list[KeptRecord]:
    """Every directive and dose written for a patient."""
    return [
        _record(record_class, row)
        for record_class in (RecordClass.DIRECTIVE, RecordClass.DOSAGE)
        for row in db.execute(
            _QUERIES[record_class](site_id).where(directives.c.patient == reference)
        )
    ]


def decisions(db: sa.Connection, site_id: int) -> list[sa.Row[Any]]:
    """Every decision of a site, the newest first, with who made it."""
    query = (
        sa.select(retention_decisions, users.c.display_name.label("by"))
        .join(users, users.c.id == retention_decisions.c.actor_id)
        .where(retention_decisions.c.site_id == site_id)
    )
    return list(db.execute(query.order_by(retention_decisions.c.id.desc())))


def decided(db: sa.Connection, site_id: int) -> list[RetentionRule]:
    """The decision that stands of each class, as a rule of the site's own."""
    newest = {row.record_class: row for row in reversed(decisions(db, site_id))}
    return [_rule(row) for row in newest.values()]


def add_decision(db: sa.Connection, **values: Any) -> int:
    """Write a decision; the one before it stays on record."""
    made = db.execute(retention_decisions.insert().values(**values))
    return int(made.inserted_primary_key[0])


def _rule(row: sa.Row[Any]) -> RetentionRule:
    return RetentionRule(
        code=f"decision-{row.id}",
        record_class=RecordClass(row.record_class),
        years=row.years,
        start=Start.MADE,
        jurisdiction=SITE,
        clause=f"decision of {row.by}",
        source=row.source,
        status=Status.VERIFIED,
    )


def _record(record_class: RecordClass, row: sa.Row[Any]) -> KeptRecord:
    return KeptRecord(
        record_class=record_class,
        id=row.id,
        code=_CODES[record_class].format(row.id),
        made_at=row.made_at,
        disposed_at=row.disposed_at,
    )


def _directives(site_id: int) -> Query:
    newest = sa.func.max(directive_versions.c.recorded_at)
    return (
        sa.select(directives.c.id, newest.label("made_at"), _NEVER)
        .join(directive_versions, directive_versions.c.directive_id == directives.c.id)
        .where(directives.c.site_id == site_id)
        .group_by(directives.c.id)
    )


def _dosages(site_id: int) -> Query:
    return (
        sa.select(dispensings.c.id, dispensings.c.recorded_at.label("made_at"), _NEVER)
        .join(directives, directives.c.id == dispensings.c.directive_id)
        .where(directives.c.site_id == site_id)
    )


def _receipts(site_id: int) -> Query:
    entries = ledger_entries.c
    later = ledger_entries.alias()
    emptied = (
        sa.select(entries.recorded_at)
        .where(
            entries.vial_id == vials.c.id,
            entries.volume_after_ul == 0,
            ~sa.exists().where(
                later.c.vial_id == entries.vial_id, later.c.sequence > entries.sequence
            ),
        )
        .scalar_subquery()
    )
    made = vials.c.recorded_at.label("made_at")
    return sa.select(vials.c.id, made, emptied.label("disposed_at")).where(
        vials.c.site_id == site_id
    )


def _waste(site_id: int) -> Query:
    events = waste_events.c
    handed_over = (
        sa.select(sa.func.max(events.at))
        .where(events.container_id == waste_containers.c.id, events.kind.in_(LEFT))
        .scalar_subquery()
    )
    left = sa.func.coalesce(waste_releases.c.at, handed_over)
    return (
        sa.select(waste_containers.c.id)
        .add_columns(waste_containers.c.recorded_at.label("made_at"), left.label("disposed_at"))
        .outerjoin(waste_releases, waste_releases.c.container_id == waste_containers.c.id)
        .where(waste_containers.c.site_id == site_id)
    )


def _surveys(site_id: int) -> Query:
    return (
        sa.select(surveys.c.id, surveys.c.recorded_at.label("made_at"), _NEVER)
        .join(survey_plans, survey_plans.c.id == surveys.c.plan_id)
        .join(rooms, rooms.c.id == survey_plans.c.room_id)
        .where(rooms.c.site_id == site_id)
    )


_NEVER = sa.null().label("disposed_at")
_QUERIES: dict[RecordClass, Callable[[int], Query]] = {
    RecordClass.DIRECTIVE: _directives,
    RecordClass.DOSAGE: _dosages,
    RecordClass.RECEIPT: _receipts,
    RecordClass.WASTE: _waste,
    RecordClass.SURVEY: _surveys,
}
_CODES = {
    RecordClass.DIRECTIVE: "R-{:06d}",
    RecordClass.DOSAGE: "D-{:06d}",
    RecordClass.RECEIPT: "V-{:06d}",
    RecordClass.WASTE: "W-{:06d}",
    RecordClass.SURVEY: "Survey {}",
}
