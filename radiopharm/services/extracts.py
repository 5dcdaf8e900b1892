"""The audit trail taken out, as lines of JSON that `docs/verify_audit.py` checks without us."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from config.settings import Settings
from radiopharm.core.audit import Event, instant_text
from radiopharm.core.extracts import Extract
from radiopharm.core.refusals import NotFound
from radiopharm.core.seals import Retirement, Seal
from radiopharm.services import sealing
from radiopharm.store import Connection, audit_trail, seals
from radiopharm.store.audit_trail import Stretch


def chain(db: Connection, settings: Settings, *streams: str) -> Iterator[str]:
    """Those *streams*, or every one, whole: events as hashed, retired keys, seals, the head."""
    for stream in streams or audit_trail.streams(db):
        for kept in audit_trail.events(db, Stretch(stream)):
            yield _event(kept.event)
        yield from _seals(stream, list(seals.every(db, stream)), settings)
        for kept_head in audit_trail.heads(db, stream):
            head = kept_head.head
            yield _line(stream=stream, head=head.number, hash=head.hash, mac=kept_head.mac)


def about(
    db: Connection, settings: Settings, subject: str, now: datetime, *streams: str
) -> Iterator[str]:
    """Every event about *subject*, the seals that follow them, and a signature over the whole.

    Raises `NotFound` when no event names it. Prove the subject first (services.proof).
    """
    named = audit_trail.about(db, subject)
    found = {stream: numbers for stream, numbers in named if not streams or stream in streams}
    if not found:
        raise NotFound(subject)
    for stream, numbers in found.items():
        events = list(audit_trail.chosen(db, stream, numbers))
        for event in events:
            yield _event(event)
        following = _following(list(seals.every(db, stream)), numbers)
        yield from _seals(stream, following, settings)
        yield _signed(db, subject, events, settings.seal_key, now)


def _following(sealed: Sequence[Seal], numbers: Sequence[int]) -> list[Seal]:
    """The first seal at or after each number, each once."""
    wanted = {next((seal for seal in sealed if seal.number >= at), None) for at in numbers}
    return [seal for seal in sealed if seal in wanted]


def _signed(
    db: Connection, subject: str, events: Sequence[Event], private: bytes, now: datetime
) -> str:
    said = Extract(
        subject=subject,
        end=audit_trail.head(db, events[0].stream),
        hashes=[event.hash for event in events],
        taken_at=now,
        key=sealing.public_key(private),
    )
    return _line(
        stream=said.end.stream,
        extract=subject,
        at=instant_text(now),
        head=said.end.number,
        hash=said.end.hash,
        key=said.key,
        signature=sealing.signed(private, said.statement),
    )


def _seals(stream: str, sealed: Sequence[Seal], settings: Settings) -> Iterator[str]:
    """Seals, after the word of the key in use until when each earlier one sealed."""
    known = sealing.keys(settings)
    for key in sorted({seal.key for seal in sealed} & known.retired.keys()):
        until = known.retired[key]
        said = Retirement(key=key, until=until, by=known.current)
        yield _line(
            stream=stream,
            retired=key,
            until=instant_text(until),
            key=said.by,
            signature=sealing.signed(settings.seal_key, said.statement),
        )
    yield from map(_seal, sealed)


def _event(event: Event) -> str:
    return _line(
        stream=event.stream,
        number=event.number,
        previous=event.previous,
        hash=event.hash,
        canonical=event.canonical,
    )


def _seal(seal: Seal) -> str:
    return _line(
        stream=seal.stream,
        seal=seal.number,
        hash=seal.hash,
        at=instant_text(seal.sealed_at),
        key=seal.key,
        signature=seal.signature,
    )


def _line(**members: object) -> str:
    return json.dumps(members, ensure_ascii=False, sort_keys=True)
