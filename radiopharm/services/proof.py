"""The whole proof of the trail: chain, heads, rows, seals, and what witnesses outside have kept.

Backups and anchors remember where the streams stood; so also a tail that was cut together with an
older, honest head shows, as far back as the oldest of them reaches.
"""

from collections.abc import Iterable, Iterator

from config.settings import Settings
from radiopharm.core.actions import Action
from radiopharm.core.seals import Seal
from radiopharm.services import audits, backups, sealing
from radiopharm.services.anchors import Anchor, FileAnchor
from radiopharm.services.audits import Verification, Witnessed
from radiopharm.store import Connection, audit_trail, seals


def prove(db: Connection, settings: Settings, anchors: Iterable[Anchor]) -> Verification:
    """Walk every stream against every witness; the first record that does not hold."""
    kept = list(_kept(db, anchors))
    sealed = [*seals.every(db), *kept]
    backed_up = backups.witnessed(db, settings.backup_directory, settings.audit_key)
    found = audits.verify(db, settings.audit_key, witnessed=_together(backed_up, sealed))
    if found.first_bad is not None:
        return found
    public = sealing.public_key(settings.seal_key)
    fault = sealing.first_fault(db, public, kept)
    return Verification(streams=found.streams, first_bad=fault)


def _kept(db: Connection, anchors: Iterable[Anchor]) -> Iterator[Seal]:
    """What lies outside and can be read from here; seals from before the newest restore tell of
    another history."""
    since = audit_trail.newest_at(db, str(Action.RESTORED))
    for anchor in anchors:
        if isinstance(anchor, FileAnchor):
            yield from (it for it in anchor.kept() if since is None or it.sealed_at > since)


def _together(backed_up: Witnessed, sealed: Iterable[Seal]) -> Witnessed:
    known = {stream: dict(numbers) for stream, numbers in backed_up.items()}
    for seal in sealed:
        known.setdefault(seal.stream, {})[seal.number] = seal.hash
    return known
