"""The whole proof of the trail: chain, heads, rows, seals, and what witnesses outside have kept.

Backups and anchors remember where the streams stood; so also a tail that was cut together with an
older, honest head shows, as far back as the oldest of them reaches.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from config.settings import Settings
from radiopharm.core.actions import Action
from radiopharm.core.audit import Head
from radiopharm.core.audit_check import Fault, walk
from radiopharm.core.refusals import NotFound
from radiopharm.core.seals import Seal
from radiopharm.services import attestation, audits, backups, sealing
from radiopharm.services.anchors import Anchor, FileAnchor
from radiopharm.services.audits import Verification, Witnessed
from radiopharm.store import Connection, audit_trail, seals
from radiopharm.store.audit_trail import Stretch


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """A stretch of a stream that was walked: from event `first` to `end`, its newest `seal` if it
    has one, how many of its events were asked for, and the first that does not hold."""

    first: int
    end: Head
    seal: Seal | None
    events: int
    first_bad: Fault | None = None

    @property
    def words(self) -> str:
        """What was proved, in a sentence's half."""
        sealed = f"sealed at event {self.seal.number}" if self.seal else "not sealed yet"
        return f"{self.events} events hold, in {self.first} to {self.end.number}, {sealed}"


MOST_SIGNATURES = 1000
"""A signature takes as long to check as ten events do to walk. What a seal says of the chain is
always compared; who signed it, for so many of the newest of each stream, or for all on request."""


def prove(
    db: Connection,
    settings: Settings,
    anchors: Iterable[Anchor],
    most_signatures: int | None = MOST_SIGNATURES,
) -> Verification:
    """Walk every stream against every witness; the first record that does not hold."""
    kept = list(_kept(db, anchors))
    witnessed = _witnessed(db, settings, kept)
    found = audits.verify(db, settings.audit_key, witnessed=witnessed)
    if found.first_bad is not None:
        return found
    fault = sealing.first_fault(db, sealing.keys(settings), kept, most_signatures)
    return Verification(streams=found.streams, first_bad=fault)


def prove_since_seal(db: Connection, settings: Settings, anchors: Iterable[Anchor]) -> list[Stood]:
    """Walk what was written since each stream's last genuine seal, and the sealed event itself.

    The rows that those events vouch for are compared; what is older is left to the whole proof.
    """
    witnessed = _witnessed(db, settings, _kept(db, anchors))
    known = sealing.keys(settings)
    stood = []
    for stream in sorted({*audit_trail.streams(db), *witnessed}):
        seal = next(sealing.genuine(db, known, seals.latest(db, stream)), None)
        first = seal.number if seal else 1
        found = _walk(db, settings, Stretch(stream, first - 1), witnessed.get(stream, {}))
        count = found.end.number - first + 1
        stood.append(replace(found, seal=seal, events=count))
    return stood


def prove_about(
    db: Connection, settings: Settings, anchors: Iterable[Anchor], subject: str, *streams: str
) -> list[Stood]:
    """Walk from the first event about *subject* to the first genuine seal after its last one.

    So those events are proved to stand in the chain that was sealed, their subjects to be complete,
    and the rows they vouch for to be as written. Raises `NotFound` when no event names it.
    """
    witnessed = _witnessed(db, settings, _kept(db, anchors))
    known = sealing.keys(settings)
    stood = []
    for stream, numbers in audit_trail.about(db, subject):
        if not streams or stream in streams:
            later = (it for it in seals.every(db, stream) if it.number >= numbers[-1])
            seal = next(sealing.genuine(db, known, later), None)
            part = Stretch(stream, numbers[0] - 1, seal.number if seal else None)
            found = _walk(db, settings, part, witnessed.get(stream, {}), set(numbers))
            stood.append(replace(found, seal=seal, events=len(numbers)))
    if not stood:
        raise NotFound(subject)
    return stood


def _walk(
    db: Connection,
    settings: Settings,
    part: Stretch,
    witnessed: Mapping[int, str],
    only: Container[int] | None = None,
) -> Stood:
    """A stretch against the chain, its witnesses, and the rows its events vouch for."""
    known = {at: it for at, it in witnessed.items() if part.upto is None or at <= part.upto}
    found = walk(
        part.stream,
        audit_trail.events(db, part),
        audit_trail.subjects(db, part),
        audit_trail.heads(db, part.stream) if part.upto is None else None,
        key=settings.audit_key,
        witnessed=known,
        start=audit_trail.before(db, part.stream, part.above + 1),
    )
    fault = found.fault or attestation.first_changed(db, part, only)
    return Stood(first=part.above + 1, end=found.end, seal=None, events=0, first_bad=fault)


def _witnessed(db: Connection, settings: Settings, kept: Iterable[Seal]) -> Witnessed:
    backed_up = backups.witnessed(db, settings.backup_directory, settings.audit_key)
    outside = ((seal.stream, seal.number, seal.hash) for seal in kept)
    return _together(backed_up, chain(seals.hashes(db), outside))


def _kept(db: Connection, anchors: Iterable[Anchor]) -> Iterator[Seal]:
    """What lies outside and can be read from here; seals from before the newest restore tell of
    another history."""
    since = audit_trail.newest_at(db, str(Action.RESTORED))
    for anchor in anchors:
        if isinstance(anchor, FileAnchor):
            yield from (it for it in anchor.kept() if since is None or it.sealed_at > since)


def _together(backed_up: Witnessed, sealed: Iterable[tuple[str, int, str]]) -> Witnessed:
    known = {stream: dict(numbers) for stream, numbers in backed_up.items()}
    for stream, number, said in sealed:
        known.setdefault(stream, {})[number] = said
    return known
