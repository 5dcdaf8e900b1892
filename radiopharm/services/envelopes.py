"""Envelopes: seal an account for an emergency on paper, and open it, once.

The secret exists on the paper alone. Opening it is an act like every other: the opener's name and
reason, the flag and the session are written together or not at all. To revoke an envelope is to
close its account.
"""

import secrets
from collections.abc import Iterable

from radiopharm.core import emergency as rules
from radiopharm.core.actions import Action
from radiopharm.core.emergency import Emergency, OpenEnvelope, Sealed
from radiopharm.core.flags import FlagKind
from radiopharm.core.patients import ALPHABET
from radiopharm.core.refusals import Invalid
from radiopharm.services import accounts as service
from radiopharm.services import sessions
from radiopharm.services.sessions import Door, Entry
from radiopharm.store import accounts, envelopes, flags
from radiopharm.store.acts import Act

SECRET_GROUPS, GROUP = 5, 4


def seal(act: Act, roles: Iterable[str]) -> Sealed:
    """Make an account for an envelope; raises `Invalid` for roles that it may not hold."""
    granted = tuple(dict.fromkeys(roles))
    if broken := rules.roles_refusals(granted):
        raise Invalid(broken)
    name, secret = f"envelope-{_letters()}", "-".join(_letters() for _ in range(SECRET_GROUPS))
    site, hashed = act.actor.site, service.HASHER.hash(secret)
    user_id = accounts.add_user(act.db, site.id, name, "Sealed envelope", hashed, granted, act.now)
    envelopes.add(act.db, site.id, user_id, act.actor.username, act.now)
    act.record(Action.ENVELOPE_SEALED, f"user:{name}", username=name, roles=list(granted))
    return Sealed(
        username=name,
        secret=secret,
        roles=granted,
        site=site.name,
        zone=site.zone,
        sealed_by=act.actor.display_name,
        sealed_at=act.now,
    )


def open_(act: Act, asked: OpenEnvelope, door: Door) -> Entry | None:
    """Let in whoever brings the secret of a sealed envelope; None for anything else.

    The try is written either way. Raises `Invalid` without a name and a reason, `WrongSecret`
    while tries do not count.
    """
    if broken := rules.refusals(asked):
        raise Invalid(broken)
    envelope = envelopes.find(act.db, asked.username)
    is_barred = envelope is None or envelope.opened_at is not None
    user_id = service.sign_in(act, asked.username, asked.secret, door.device, is_barred=is_barred)
    if user_id is None or envelope is None:
        return None
    entry = Entry(user_id=user_id, started_at=act.now)
    _write(act, envelope, Emergency(opener=asked.opener, reason=asked.reason, opened_at=act.now))
    sessions.settle(act, envelope.username, entry, door)
    return entry


def _write(act: Act, envelope: envelopes.Envelope, emergency: Emergency) -> None:
    envelopes.add_opening(act.db, envelope.id, emergency)
    accounts.set_user(act.db, envelope.user_id, display_name=emergency.mark)
    row = {
        "site_id": envelope.site_id,
        "subject": "envelope",
        "subject_id": envelope.id,
        "kind": str(FlagKind.EMERGENCY_ACCESS),
        "message": f"{envelope.username}: {emergency.mark}",
        "raised_at": act.now,
    }
    flags.add(act.db, [row])
    act.record(
        Action.ENVELOPE_OPENED,
        f"user:{envelope.username}",
        reason=emergency.reason,
        opened_by=emergency.opener,
        ends_at=emergency.ends_at,
    )


def _letters() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(GROUP)).lower()
