"""Seal the audit's streams, carry the seals out of the database, and check both.

The sealer runs in the scheduler's process, outside the acts that it vouches for. A place that does
not answer is tried again with the next seal and holds up nothing.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from config.settings import Settings
from radiopharm.core import seals as rules
from radiopharm.core.audit import Head, digest
from radiopharm.core.audit_check import Fault
from radiopharm.core.seals import Seal, SealKeys
from radiopharm.services.anchors import Anchor
from radiopharm.store import Connection, Engine, acts, audit_trail, seals

log = logging.getLogger(__name__)
NOT_IN_ITS_TIME = "was made with a key that was not, or no more, this system's"


def public_key(private: bytes) -> str:
    """The key that checks what *private* signs, in hexadecimal; it may be known to everyone."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw().hex()


def signed(private: bytes, statement: bytes) -> str:
    """The signature of *statement* by *private*, in hexadecimal."""
    return Ed25519PrivateKey.from_private_bytes(private).sign(statement).hex()


def keys(settings: Settings) -> SealKeys:
    """The keys whose seals count here."""
    return SealKeys(current=public_key(settings.seal_key), retired=dict(settings.retired_seal_keys))


def seal(engine: Engine, private: bytes, now: datetime, *, at_once: bool = False) -> list[Seal]:
    """Seal every stream that is due, or that has moved at all when *at_once*; the new seals."""
    with acts.reading(engine) as db:
        heads, last = audit_trail.all_heads(db), seals.newest(db)
    due = rules.unsealed(heads.values(), last) if at_once else rules.due(heads.values(), last, now)
    made = [_sealed(head, private, now) for head in due]
    if made:
        with acts.writing(engine) as db:
            for each in made:
                seals.add(db, each)
    return made


def anchor(engine: Engine, anchors: Iterable[Anchor], now: datetime, *streams: str) -> list[str]:
    """Carry the newest seal of *streams*, or of each, to where it does not lie yet.

    Returns the places that failed.
    """
    failed = []
    for place in anchors:
        with acts.reading(engine) as db:
            found = _waiting(db, place, now)
            waiting = [each for each in found if not streams or each.stream in streams]
        try:
            for each in waiting:
                place.keep(each)
                with acts.writing(engine) as db:
                    seals.note_kept(db, each, place.place, now)
        except OSError as error:
            log.warning("a seal could not be kept in %s: %s", place.place, type(error).__name__)
            failed.append(place.place)
    return failed


def genuine(db: Connection, known: SealKeys, found: Iterable[Seal]) -> Iterator[Seal]:
    """Those of the seals *found* here that one of our keys made in its time."""
    late = seals.late(db, known.retired)
    return (it for it in found if is_genuine(it, known) and (it.stream, it.number) not in late)


def first_fault(
    db: Connection, known: SealKeys, kept: Iterable[Seal], most: int | None = None
) -> Fault | None:
    """The first seal, in the database or *kept* elsewhere, that no key of ours made in its time.

    Also the first that lies elsewhere and is missing here. What a seal says of its event is checked
    where the stream is walked; the signatures are those of the newest *most* of each stream.
    """
    late = seals.late(db, known.retired)
    for each in _looked_at(list(seals.every(db)), most):
        if not known.may_have_made(each) or (each.stream, each.number) in late:
            return _fault(each, "seal", NOT_IN_ITS_TIME)
        if not is_genuine(each, known):
            return _fault(each, "seal", "was not made with this system's key")
    outside = list(kept)
    for each in _looked_at(outside, most):
        if not is_genuine(each, known):
            return _fault(each, "anchor", "kept elsewhere was not made with this system's key")
    signatures = seals.signatures(db) if outside else set()
    missing = next((each for each in outside if each.signature not in signatures), None)
    if missing:
        return _fault(missing, "seal-missing", "kept elsewhere is missing in the database")
    return None


def _looked_at(found: list[Seal], most: int | None) -> list[Seal]:
    """The newest so many of each stream, oldest first, or all."""
    if most is None:
        return found
    streams = {each.stream for each in found}
    return [it for name in streams for it in [e for e in found if e.stream == name][-most:]]


def witness_fault(db: Connection, known: SealKeys, seal: Seal) -> Fault | None:
    """Why *seal*, kept outside, speaks against the chain as it is here; None when it bears it out.

    That the events before it lead up to it is for the whole proof to show.
    """
    if not is_genuine(seal, known):
        return _fault(seal, "anchor", "was not made with this system's key")
    found = next(audit_trail.chosen(db, seal.stream, [seal.number]), None)
    if found is None:
        return _fault(seal, "cut", "speaks of an event that is not there any more")
    is_whole = digest(found.stream, found.number, found.previous, found.canonical) == seal.hash
    return None if is_whole else _fault(seal, "rewritten", "is of another event than stands there")


def is_genuine(seal: Seal, known: SealKeys) -> bool:
    """Whether *seal* was signed by a key of ours, and not after that key was retired."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(seal.key))
        key.verify(bytes.fromhex(seal.signature), seal.statement)
    except (InvalidSignature, ValueError):
        return False
    return known.may_have_made(seal)


def _sealed(head: Head, private: bytes, now: datetime) -> Seal:
    said = Seal(
        stream=head.stream,
        number=head.number,
        hash=head.hash,
        sealed_at=now,
        key=public_key(private),
    )
    return replace(said, signature=signed(private, said.statement))


def _waiting(db: Connection, anchor: Anchor, now: datetime) -> list[Seal]:
    """The newest seals that do not lie in the place of *anchor* and are due there."""
    kept = seals.last_kept(db, anchor.place)
    return [
        each
        for each in seals.newest(db).values()
        if (before := kept.get(each.stream)) is None
        or (each.number > before.number and now - before.kept_at >= anchor.every)
    ]


def _fault(seal: Seal, kind: str, what: str) -> Fault:
    said = f"the seal of event {seal.number} {what}"
    return Fault(stream=seal.stream, number=seal.number, kind=kind, message=said)
