"""Sites, people and their tokens, in and out of the database."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.core.people import Person, Site
from radiopharm.store import envelopes
from radiopharm.store.tables.accounts import api_tokens, roles, sites, users


def first_site(db: sa.Connection) -> Site | None:
    """The oldest site; None in a new database."""
    row = db.execute(sa.select(sites).order_by(sites.c.id).limit(1)).first()
    return _site(row) if row else None


def all_sites(db: sa.Connection) -> list[Site]:
    """Every site, oldest first."""
    return [_site(row) for row in db.execute(sa.select(sites).order_by(sites.c.id))]


def site(db: sa.Connection, site_id: int) -> Site:
    """A site by its id."""
    return _site(db.execute(sa.select(sites).where(sites.c.id == site_id)).one())


def add_site(db: sa.Connection, name: str, zone: str, now: datetime) -> Site:
    """Write a new site."""
    values = {"name": name, "zone": zone, "created_at": now}
    site_id = db.execute(sites.insert().values(values)).inserted_primary_key[0]
    return Site(id=site_id, name=name, zone=zone)


def add_user(
    db: sa.Connection,
    site_id: int,
    username: str,
    display_name: str,
    password_hash: str,
    granted: Iterable[str],
    now: datetime,
) -> int:
    """Write a new person with their roles; returns the id."""
    result = db.execute(
        users.insert().values(
            site_id=site_id,
            username=username,
            display_name=display_name,
            password_hash=password_hash,
            created_at=now,
        )
    )
    user_id = int(result.inserted_primary_key[0])
    db.execute(
        roles.insert(), [{"user_id": user_id, "role": r, "granted_at": now} for r in granted]
    )
    return user_id


def any_user(db: sa.Connection) -> bool:
    """Whether there is an account at all."""
    return db.execute(sa.select(users.c.id).limit(1)).first() is not None


def account(db: sa.Connection, username: str) -> sa.Row[Any] | None:
    """The users row of a user name, disabled or not."""
    return db.execute(sa.select(users).where(users.c.username == username.lower())).first()


def set_user(db: sa.Connection, user_id: int, **values: Any) -> None:
    """Change what may change on an account: password, PIN, disabled, an opened envelope's name."""
    db.execute(users.update().where(users.c.id == user_id).values(**values))


def person(
    db: sa.Connection,
    user_id: int,
    *,
    via: str,
    at: datetime,
    source: str = "",
    session: str = "",
    workstation_id: int | None = None,
) -> Person | None:
    """The person behind an account, with roles and site; None when disabled or unknown at *at*.

    A sealed envelope's account is nobody's until it is opened, and again four hours later.
    """
    row = db.execute(
        sa.select(users, sites.c.name.label("site_name"), sites.c.zone.label("site_zone"))
        .join(sites, sites.c.id == users.c.site_id)
        .where(users.c.id == user_id, users.c.disabled_at.is_(None))
        .where(users.c.id.not_in(envelopes.closed(at)))
    ).first()
    if row is None:
        return None
    held = db.scalars(sa.select(roles.c.role).where(roles.c.user_id == user_id))
    return Person(
        id=row.id,
        username=row.username,
        display_name=row.display_name,
        roles=frozenset(held),
        site=Site(id=row.site_id, name=row.site_name, zone=row.site_zone),
        via=via,
        source=source,
        session=session,
        workstation_id=workstation_id,
        emergency=envelopes.opening(db, row.id),
    )


def people(db: sa.Connection, site_id: int) -> list[sa.Row[Any]]:
    """Every account of a site but those in envelopes, for the accounts page."""
    return list(
        db.execute(
            sa.select(users.c.id, users.c.username, users.c.display_name, users.c.disabled_at)
            .where(users.c.site_id == site_id, users.c.id.not_in(envelopes.accounts()))
            .order_by(users.c.username)
        )
    )


def holders(db: sa.Connection, site_id: int, role: str, at: datetime) -> list[sa.Row[Any]]:
    """The accounts of a site open at *at* that hold a role: id, user name, display name."""
    return list(
        db.execute(
            sa.select(users.c.id, users.c.username, users.c.display_name)
            .join(roles, roles.c.user_id == users.c.id)
            .where(users.c.site_id == site_id, users.c.disabled_at.is_(None), roles.c.role == role)
            .where(users.c.id.not_in(envelopes.closed(at)))
            .order_by(users.c.display_name)
        )
    )


def roles_of(db: sa.Connection, ids: Iterable[int]) -> dict[int, list[str]]:
    """The roles of each person."""
    found: dict[int, list[str]] = {}
    for row in db.execute(
        sa.select(roles.c.user_id, roles.c.role).where(roles.c.user_id.in_(list(ids)))
    ):
        found.setdefault(row.user_id, []).append(row.role)
    return found


def names(db: sa.Connection, ids: Iterable[int]) -> dict[int, str]:
    """The display names of people, also of disabled ones."""
    rows = db.execute(sa.select(users.c.id, users.c.display_name).where(users.c.id.in_(set(ids))))
    return {row.id: row.display_name for row in rows}


def add_token(db: sa.Connection, user_id: int, name: str, token_hash: str, now: datetime) -> int:
    """Write a program's key; only its hash is kept."""
    values = {"user_id": user_id, "name": name, "token_hash": token_hash, "created_at": now}
    return int(db.execute(api_tokens.insert().values(values)).inserted_primary_key[0])


def token_user(db: sa.Connection, token_hash: str, now: datetime) -> int | None:
    """Whose token this is; None when unknown, revoked or past its end."""
    columns = api_tokens.c
    return db.scalar(
        sa.select(columns.user_id).where(
            columns.token_hash == token_hash,
            columns.revoked_at.is_(None),
            sa.or_(columns.expires_at.is_(None), columns.expires_at > now),
        )
    )


def _site(row: sa.Row[Any]) -> Site:
    return Site(id=row.id, name=row.name, zone=row.zone)
