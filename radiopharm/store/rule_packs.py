"""A site's rules: which pack its safety officer chose and signed, and its licence's conditions."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from radiopharm.core.waste import LicenceCondition
from radiopharm.store.tables.accounts import users
from radiopharm.store.tables.waste import licence_conditions, rule_pack_choices


def chosen(db: sa.Connection, site_id: int, at: datetime) -> str | None:
    """The code of the pack in force at *at*; None before the first choice."""
    found = choice(db, site_id, at)
    return found.pack if found else None


def choice(db: sa.Connection, site_id: int, at: datetime) -> sa.Row[Any] | None:
    """The choice in force at *at*: a pack, and how many people sign a release (None is one)."""
    columns = rule_pack_choices.c
    return db.execute(
        sa.select(columns.pack, columns.signers)
        .where(columns.site_id == site_id, columns.from_at <= at)
        .order_by(columns.from_at.desc(), columns.id.desc())
        .limit(1)
    ).first()


def choices(db: sa.Connection, site_id: int) -> list[sa.Row[Any]]:
    """Every choice, the newest first, with who made it."""
    columns = rule_pack_choices.c
    return list(
        db.execute(
            sa.select(rule_pack_choices, users.c.display_name.label("by"))
            .join(users, users.c.id == columns.actor_id)
            .where(columns.site_id == site_id)
            .order_by(columns.from_at.desc(), columns.id.desc())
        )
    )


def add_choice(db: sa.Connection, **values: Any) -> int:
    """Write a choice; returns its id."""
    return int(db.execute(rule_pack_choices.insert().values(**values)).inserted_primary_key[0])


def conditions(db: sa.Connection, site_id: int, at: datetime) -> list[LicenceCondition]:
    """The conditions in force at *at*; a later wording of a number replaces the earlier one."""
    columns = licence_conditions.c
    rows = db.execute(
        sa.select(licence_conditions)
        .where(columns.site_id == site_id, columns.from_at <= at)
        .order_by(columns.from_at, columns.id)
    )
    newest = {row.number: row for row in rows}
    return [
        LicenceCondition(
            number=row.number,
            text=row.wording,
            nuclides=frozenset(row.nuclides.split(", ")),
            hold=Decimal(row.hold),
            hold_unit=row.hold_unit,
        )
        for row in newest.values()
    ]


def add_condition(db: sa.Connection, condition: LicenceCondition, **values: Any) -> int:
    """Write a condition; returns its id."""
    row = {
        **values,
        "number": condition.number,
        "nuclides": ", ".join(sorted(condition.nuclides)),
        "wording": condition.text,
        "hold": f"{condition.hold:f}",
        "hold_unit": condition.hold_unit,
    }
    return int(db.execute(licence_conditions.insert().values(**row)).inserted_primary_key[0])
