"""Accounts: who may come in, and proving it.

Guessing is slowed by a count over our own table of tries (core.lockout); an unknown user name costs
the same time and gets the same words as a wrong password.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from radiopharm.core.actions import Action
from radiopharm.core.lockout import wait_until
from radiopharm.core.refusals import Invalid, NotFound, Refusal
from radiopharm.store import Connection, accounts, envelopes, sessions, sign_ins
from radiopharm.store.acts import Act

ROLES = (
    "technologist",
    "radiopharmacist",
    "physician",
    "physicist",
    "safety_officer",
    "derogator",
    "auditor",
    "admin",
)
MIN_PASSWORD = 15
PIN_DIGITS = 6
AGAIN = "signature"
"""How a password that is given again within a session is counted: apart from the tries at the door,
which anybody may make, so that a stranger's guesses there stop no signature at the bench."""
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
NOBODY = HASHER.hash(secrets.token_hex(16))


class WrongSecret(Exception):
    """The name or the secret is not right; `wait_until` says when the next try counts.

    `username` and `means` say whose try to count, where there is such a person.
    """

    def __init__(
        self, wait_until: datetime | None = None, *, username: str = "", means: str = ""
    ) -> None:
        super().__init__("wrong name or secret")
        self.wait_until = wait_until
        self.username = username
        self.means = means


def secret_hash(token: str) -> str:
    """How tokens and cookies are kept: SHA-256, for they are random and long."""
    return hashlib.sha256(token.encode()).hexdigest()


def create_user(
    act: Act, username: str, display_name: str, password: str, roles: Iterable[str]
) -> int:
    """Write an account; `Invalid` names what is wrong with it."""
    granted = tuple(dict.fromkeys(roles))
    name = username.strip().lower()
    if broken := _account_refusals(act.db, name, password, granted):
        raise Invalid(broken)
    user_id = accounts.add_user(
        act.db,
        act.actor.site.id,
        name,
        display_name.strip() or name,
        HASHER.hash(password),
        granted,
        act.now,
    )
    act.record(Action.USER_CREATED, f"user:{name}", username=name, roles=list(granted))
    return user_id


def disable_user(act: Act, username: str, reason: str) -> None:
    """Close an account and end its sessions at once; its records stay.

    Raises `Invalid` without a reason, for one that is closed (since when must stay), and for one's
    own: the last admin could not be let in again.
    """
    row = accounts.account(act.db, username)
    if row is None or row.site_id != act.actor.site.id:
        raise NotFound("user")
    if row.id == act.actor.id:
        raise Invalid([Refusal(code="own_account", message="You cannot close your own account.")])
    if row.disabled_at is not None:
        raise Invalid([Refusal(code="closed", message="This account is closed already.")])
    if not reason.strip():
        raise Invalid([Refusal(code="reason", field="reason", message="Say why it is closed.")])
    accounts.set_user(act.db, row.id, disabled_at=act.now)
    sessions.end_all_of(act.db, row.id, act.now)
    act.record(Action.USER_DISABLED, f"user:{row.username}", reason=reason)


def set_pin(act: Act, pin: str, password: str) -> None:
    """Set one's own bench PIN, with the password; a wrong one counts as for a signature."""
    row = accounts.account(act.db, act.actor.username)
    if row is None:
        raise WrongSecret
    require_no_wait(act.db, row.username, AGAIN, None, act.now)
    if not matches(row.password_hash, password):
        raise WrongSecret(username=row.username, means=AGAIN)
    if not is_pin(pin) or len(set(pin)) < 3:
        raise Invalid([Refusal(code="pin", field="pin", message="Six digits, not all alike.")])
    accounts.set_user(act.db, act.actor.id, pin_hash=HASHER.hash(pin))
    act.record(Action.USER_CHANGED, f"user:{act.actor.username}", changed="bench PIN")


def create_token(act: Act, username: str, name: str) -> str:
    """A program's key for a person, shown this once; it has at most that person's rights."""
    row = accounts.account(act.db, username)
    if row is None or row.disabled_at is not None or row.site_id != act.actor.site.id:
        raise NotFound("user")
    if envelopes.find(act.db, username) is not None:
        raise NotFound("user")
    if not name.strip():
        raise Invalid([Refusal(code="name", field="name", message="Say what will use the token.")])
    token = "rp_" + secrets.token_urlsafe(32)
    accounts.add_token(act.db, row.id, name, secret_hash(token), act.now)
    act.record(Action.TOKEN_CREATED, f"user:{row.username}", name=name)
    return token


def sign_in(
    act: Act, username: str, password: str, device: str | None, *, is_barred: bool = False
) -> int | None:
    """The id of the person whose name and password these are; None when they are not.

    The try is written either way, and for somebody who *is_barred* as a wrong one. Raises
    `WrongSecret` with the instant until which tries from such a device do not count.
    """
    name = username.strip().lower()[:64]
    device_hash = _known_device(act.db, name, device)
    require_no_wait(act.db, name, "password", device_hash, act.now)
    row = accounts.account(act.db, name)
    right = matches(row.password_hash if row else NOBODY, password)
    succeeded = right and row is not None and row.disabled_at is None and not is_barred
    sign_ins.add(
        act.db,
        name,
        "password",
        secret_hash(device) if device else None,
        succeeded=succeeded,
        at=act.now,
    )
    action = Action.SIGNED_IN if succeeded else Action.SIGN_IN_FAILED
    act.record(action, *([f"user:{name}"] if row else []))
    return int(row.id) if succeeded and row else None


def is_pin(secret: str) -> bool:
    """Whether a secret is a bench PIN; no password is that short."""
    return secret.isascii() and secret.isdigit() and len(secret) == PIN_DIGITS


def require_no_wait(
    db: Connection, name: str, means: str, device_hash: str | None, now: datetime
) -> None:
    """Raise `WrongSecret` while the wait after wrong tries is on."""
    failed, last_at = sign_ins.failures(db, name, means, device_hash)
    until = wait_until(failed, last_at)
    if until is not None and now < until:
        raise WrongSecret(until)


def matches(kept: str, secret: str) -> bool:
    """Whether *secret* is the one that *kept* is the hash of; slow on purpose."""
    try:
        return HASHER.verify(kept, secret)
    except VerificationError:
        return False


def _known_device(db: Connection, name: str, device: str | None) -> str | None:
    if device is None:
        return None
    device_hash = secret_hash(device)
    return device_hash if sign_ins.is_known_device(db, name, device_hash) else None


def _account_refusals(
    db: Connection, name: str, password: str, granted: tuple[str, ...]
) -> list[Refusal]:
    found = []
    if not name or not all(c.isascii() and (c.isalnum() or c in "._-") for c in name):
        found.append(_refusal("username", "Use letters, digits, dot, dash and underscore."))
    elif accounts.account(db, name) is not None:
        found.append(_refusal("username", "That name is taken."))
    if len(password) < MIN_PASSWORD or len(password) > 128:
        found.append(_refusal("password", f"Use {MIN_PASSWORD} to 128 characters."))
    elif (name and name in password.lower()) or "radiopharm" in password.lower():
        found.append(_refusal("password", "Do not use your name or ours in it."))
    if not granted or not set(granted) <= set(ROLES):
        found.append(_refusal("roles", "Choose one or more of: " + ", ".join(ROLES) + "."))
    return found


def _refusal(field: str, message: str) -> Refusal:
    return Refusal(code=field, field=field, message=message)
