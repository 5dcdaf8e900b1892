"""What registers read of the audit trail, of instruments and of accounts."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from radiopharm.core.registers import Asked
from radiopharm.store.tables.accounts import api_tokens, instruments, roles, sign_ins, users
from radiopharm.store.tables.audit import audit_events
from radiopharm.store.tables.bench import badges
from radiopharm.store.tables.doses import dispensings
from radiopharm.store.tables.envelopes import envelope_openings as openings
from radiopharm.store.tables.envelopes import envelopes
from radiopharm.store.tables.vials import assays
from radiopharm.store.tables.waste import limits, waste_containers, waste_measurements

NO_REASON = '%"reason":"","roles":%'
"""An event without one, as canonical JSON has it: keys are sorted, these two are always there."""


def told(
    db: sa.Connection, stream: str, asked: Asked, always: Iterable[str], never: Iterable[str]
) -> list[sa.Row[Any]]:
    """The events of a period that give a reason, or are of an *always* act; *never* those."""
    events = audit_events.c
    has_reason = events.canonical.not_like(NO_REASON)
    query = (
        sa.select(events.at, events.actor, events.action, events.canonical, events.number)
        .where(events.stream == stream, events.at <= asked.known_at)
        .where(events.at >= asked.period.since, events.at < asked.period.until)
        .where(events.action.not_in(list(never)))
        .where(sa.or_(events.action.in_(list(always)), has_reason))
        .order_by(events.number)
    )
    return list(db.execute(query))


def container_numbers(db: sa.Connection, ids: Iterable[int]) -> dict[int, str]:
    """The numbers that a site gave its containers, of those that have one."""
    columns = waste_containers.c
    query = sa.select(columns.id, columns.number).where(
        columns.id.in_(sorted(ids)), columns.number.is_not(None)
    )
    return {row.id: row.number for row in db.execute(query)}


def meters(db: sa.Connection, site_id: int, asked: Asked) -> list[sa.Row[Any]]:
    """The site's instruments with how often each was read in a period, and when last."""
    read = sa.union_all(
        _readings(dispensings, dispensings.c.measured_at, asked),
        _readings(assays, assays.c.measured_at, asked),
        _readings(waste_measurements, waste_measurements.c.measured_at, asked),
    ).subquery()
    columns = instruments.c
    query = (
        sa.select(
            instruments,
            sa.func.count(read.c.at).label("readings"),
            sa.func.max(read.c.at).label("last_at"),
        )
        .outerjoin(read, read.c.instrument_id == columns.id)
        .where(columns.site_id == site_id, columns.created_at <= asked.known_at)
        .group_by(*columns)
        .order_by(columns.kind, columns.name, columns.id)
    )
    return list(db.execute(query))


def limits_of(db: sa.Connection, site_id: int, asked: Asked) -> list[sa.Row[Any]]:
    """Every limit of what is held that was known and had begun, in the order they began."""
    columns = limits.c
    query = sa.select(limits).where(
        columns.site_id == site_id,
        columns.per.is_(None),  # a limit of a day is of what leaves, not of what is here
        columns.recorded_at <= asked.known_at,
        columns.from_at < asked.period.until,
    )
    return list(db.execute(query.order_by(columns.from_at, columns.id)))


def people(db: sa.Connection, site_id: int, asked: Asked) -> list[sa.Row[Any]]:
    """The accounts of a site with their last sign-in, badges and tokens as they were."""
    columns, tries, at = users.c, sign_ins.c, asked.at
    last = sa.select(sa.func.max(tries.at)).where(
        tries.username == columns.username, tries.succeeded, tries.at <= at
    )
    query = (
        sa.select(
            columns.id, columns.username, columns.display_name, columns.created_at,
            columns.disabled_at,
            last.scalar_subquery().label("last_at"),
            envelopes.c.id.label("envelope_id"),
            sa.case((openings.c.opened_at <= at, openings.c.opened_at)).label("opened_at"),
            sa.case((openings.c.opened_at <= at, openings.c.opener)).label("opener"),
            _standing(badges, badges.c.issued_at, asked).label("badges"),
            _standing(api_tokens, api_tokens.c.created_at, asked).label("tokens"),
        )
        .outerjoin(envelopes, envelopes.c.user_id == columns.id)
        .outerjoin(openings, openings.c.envelope_id == envelopes.c.id)
        .where(columns.site_id == site_id, columns.created_at <= at)
        .order_by(columns.username)
    )  # fmt: skip
    return list(db.execute(query))


def roles_at(db: sa.Connection, site_id: int, asked: Asked) -> list[sa.Row[Any]]:
    """Who held which role at the instant asked for."""
    query = (
        sa.select(roles.c.user_id, roles.c.role)
        .join(users, users.c.id == roles.c.user_id)
        .where(users.c.site_id == site_id, roles.c.granted_at <= asked.at)
    )
    return list(db.execute(query.order_by(roles.c.user_id, roles.c.role)))


def _readings(table: sa.Table, at: sa.ColumnElement[Any], asked: Asked) -> sa.Select[Any]:
    """When each instrument was read, by what was recorded in *table* of the period."""
    columns = table.c
    return sa.select(columns.instrument_id, at.label("at")).where(
        columns.recorded_at <= asked.known_at, at >= asked.period.since, at < asked.period.until
    )


def _standing(
    table: sa.Table, made_at: sa.ColumnElement[Any], asked: Asked
) -> sa.ScalarSelect[int]:
    """How many of someone's badges or tokens had been made and not revoked."""
    revoked = table.c.revoked_at
    return (
        sa.select(sa.func.count())
        .where(table.c.user_id == users.c.id, made_at <= asked.at)
        .where(sa.or_(revoked.is_(None), revoked > asked.at))
        .scalar_subquery()
    )
