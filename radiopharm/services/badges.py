"""Badges: a random code that says who somebody is, so that nobody types a name in gloves.

A badge names and never proves: wherever it is scanned, the secret is asked for.
"""

import secrets

from radiopharm.core.actions import Action
from radiopharm.core.patients import ALPHABET
from radiopharm.core.people import BADGE_LENGTH
from radiopharm.core.refusals import NotFound
from radiopharm.store import Connection, accounts, badges
from radiopharm.store.acts import Act


def issue(act: Act, username: str) -> str:
    """A person's new badge; the one before counts no more."""
    user_id = _open_account(act, username)
    badges.revoke_of(act.db, user_id, act.now)
    code = "U-" + "".join(secrets.choice(ALPHABET) for _ in range(BADGE_LENGTH))
    badges.add(act.db, user_id, code, act.now)
    act.record(Action.BADGE_ISSUED, f"user:{username}")
    return code


def revoke(act: Act, username: str) -> None:
    """Let a lost badge name nobody."""
    if not badges.revoke_of(act.db, _open_account(act, username), act.now):
        raise NotFound("badge")
    act.record(Action.BADGE_REVOKED, f"user:{username}")


def named(db: Connection, site_id: int, username: str) -> tuple[str, str]:
    """The badge that counts and the name on it; raises `NotFound`."""
    row = accounts.account(db, username)
    code = badges.of_site(db, site_id).get(row.id) if row else None
    if row is None or code is None:
        raise NotFound("badge")
    return code, row.display_name


def _open_account(act: Act, username: str) -> int:
    row = accounts.account(act.db, username)
    if row is None or row.disabled_at is not None or row.site_id != act.actor.site.id:
        raise NotFound("user")
    return int(row.id)
