"""Workstations: enrolled by an administrator, known by a device cookie, revoked at once."""

import secrets
from datetime import timedelta

from radiopharm.core.actions import Action
from radiopharm.core.refusals import Invalid, NotFound, Refusal
from radiopharm.core.workstations import WorkstationKind
from radiopharm.services.accounts import secret_hash
from radiopharm.store import workstations
from radiopharm.store.acts import Act

CODE_HOLDS = timedelta(days=1)


def enrol(act: Act, name: str, room: str, kind: str) -> str:
    """Enrol a workstation; the code that its computer claims it with, once and within a day."""
    if broken := _refusals(name, room, kind):
        raise Invalid(broken)
    code = secrets.token_urlsafe(12)
    made = workstations.add(
        act.db,
        act.actor.site.id,
        name.strip(),
        room.strip(),
        WorkstationKind(kind),
        secret_hash(code),
        act.now,
    )
    act.record(
        Action.WORKSTATION_ENROLLED, f"workstation:{made}", name=name.strip(), room=room.strip()
    )
    return code


def claim(act: Act, code: str) -> str:
    """Make the computer that brings the code the workstation; its new device cookie."""
    found = workstations.unclaimed(act.db, secret_hash(code.strip()), act.now - CODE_HOLDS)
    if found is None or found.site_id != act.actor.site.id:
        said = "This code was used, is older than a day, or was never made."
        raise Invalid([Refusal(code="code", field="code", message=said)])
    cookie = secrets.token_urlsafe(32)
    kept = secret_hash(cookie)
    workstations.change(act.db, found.id, token_hash=kept, claimed_at=act.now)
    act.record(Action.WORKSTATION_CLAIMED, f"workstation:{found.id}", name=found.name)
    return cookie


def revoke(act: Act, workstation_id: int, reason: str) -> None:
    """Let a computer be a stranger again from its next request on."""
    if not reason.strip():
        raise Invalid([Refusal(code="reason", field="reason", message="Say why it is revoked.")])
    here = {row.id for row in workstations.of_site(act.db, act.actor.site.id) if not row.revoked_at}
    if workstation_id not in here:
        raise NotFound("workstation")
    workstations.change(act.db, workstation_id, revoked_at=act.now)
    act.record(Action.WORKSTATION_REVOKED, f"workstation:{workstation_id}", reason=reason)


def _refusals(name: str, room: str, kind: str) -> list[Refusal]:
    found = [
        Refusal(code=field, field=field, message=f"Say {said} in up to 64 characters.")
        for field, said, text in (("name", "its name", name), ("room", "its room", room))
        if not (text.isprintable() and 0 < len(text.strip()) <= 64)
    ]
    if kind not in set(WorkstationKind):
        found.append(Refusal(code="kind", field="kind", message="Choose hot lab or office."))
    return found
