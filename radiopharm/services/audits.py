"""The audit trail: proved, and handed out so that anyone can prove it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from radiopharm.core.audit import Head
from radiopharm.core.audit_check import Fault, walk
from radiopharm.store import Connection, audit_trail

Witnessed = Mapping[str, Mapping[int, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was walked: where each stream ends, how many events, and the first that does not hold.

    A stream with a fault ends at its last good event.
    """

    streams: tuple[Head, ...]
    first_bad: Fault | None = None

    @property
    def events(self) -> int:
        """How many events hold."""
        return sum(end.number for end in self.streams)


def verify(
    db: Connection, key: bytes, stream: str | None = None, witnessed: Witnessed | None = None
) -> Verification:
    """Walk one stream or every one; `witnessed` are heads kept elsewhere: stream → number → hash.

    Reads in chunks, writes nothing, and stops at the first record that does not hold.
    """
    known = witnessed or {}
    ends = []
    for name in [stream] if stream else sorted({*audit_trail.streams(db), *known}):
        found = walk(
            name,
            audit_trail.events(db, name),
            audit_trail.subjects(db, name),
            audit_trail.heads(db, name),
            key=key,
            witnessed=known.get(name),
        )
        ends.append(found.end)
        if found.fault:
            return Verification(streams=tuple(ends), first_bad=found.fault)
    return Verification(streams=tuple(ends))


def exported(db: Connection) -> Iterator[str]:
    """The whole trail as JSON Lines: each event's hashed text, then each stream's head.

    docs/verify_audit.py checks such a file without us.
    """
    for stream in audit_trail.streams(db):
        for kept in audit_trail.events(db, stream):
            event = kept.event
            yield _line(
                stream=stream,
                number=event.number,
                previous=event.previous,
                hash=event.hash,
                canonical=event.canonical,
            )
        for kept_head in audit_trail.heads(db, stream):
            head = kept_head.head
            yield _line(stream=stream, head=head.number, hash=head.hash, mac=kept_head.mac)


def _line(**members: object) -> str:
    return json.dumps(members, ensure_ascii=False, sort_keys=True)
