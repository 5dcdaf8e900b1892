"""Walking a stream that is kept: the first record that is not what the chain says it must be.

Nothing found in the database is trusted, types included: whatever stands in a column is compared
with what the canonical bytes say, and the bytes with their hash, the hash with the one after it,
and the last one with the head's keyed MAC.
"""

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from radiopharm.core.audit import Event, Head, digest, head_mac


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An event as the database holds it: the link, and the columns people search by."""

    event: Event
    at: str
    actor: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptHead:
    """A stream's end as the database holds it, with its MAC."""

    head: Head
    mac: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """The first record that does not hold: where it is, what kind of change, what was expected."""

    stream: str
    number: int
    kind: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """How far a stream holds, and the first fault; None when all of it does."""

    end: Head
    fault: Fault | None = None


def walk(
    stream: str,
    events: Iterable[Kept],
    subjects: Iterable[tuple[int, str]],
    heads: Iterable[KeptHead] | None,
    *,
    key: bytes,
    witnessed: Mapping[int, str] | None = None,
    start: Head | None = None,
) -> Walk:
    """Check *events* and their *subjects*, both in order of number, against the chain and head.

    `witnessed` are heads kept elsewhere, number → hash (a backup's manifest, a seal): with them
    even a tail that was cut together with an older, honest head shows. A stretch that does not
    begin with the first event follows `start`; one that ends before the head has no `heads`.
    """
    named = _Named(subjects)
    end = start or Head(stream=stream)
    known = {at: hashed for at, hashed in (witnessed or {}).items() if at > end.number}
    for kept in events:
        if (found := _event_fault(end, kept, named, known)) is not None:
            kind, message = found
            fault = Fault(stream=stream, number=end.number + 1, kind=kind, message=message)
            return Walk(end=end, fault=fault)
        end = Head(stream=stream, number=kept.event.number, hash=kept.event.hash)
    return Walk(
        end=end, fault=_end_fault(end, named, None if heads is None else list(heads), key, known)
    )


class _Named:
    """The subjects of each event, read alongside: rows that belong to no event are not skipped."""

    def __init__(self, rows: Iterable[tuple[int, str]]) -> None:
        self._groups = groupby(rows, key=lambda row: row[0])
        self._waiting: tuple[int, list[str]] | None = self._next()

    def of(self, number: int) -> list[str] | None:
        """The subjects of event *number*, sorted; None when rows of another come first."""
        if self._waiting is None or self._waiting[0] > number:
            return []
        if self._waiting[0] != number:
            return None
        found, self._waiting = self._waiting[1], self._next()
        return found

    @property
    def rest(self) -> int | None:
        """The number of an event that is not there but has subjects."""
        return self._waiting[0] if self._waiting else None

    def _next(self) -> tuple[int, list[str]] | None:
        for number, rows in self._groups:
            return number, sorted(str(subject) for _, subject in rows)
        return None


def _event_fault(
    end: Head, kept: Kept, named: _Named, known: Mapping[int, str]
) -> tuple[str, str] | None:
    event, number = kept.event, end.number + 1
    if event.number != number:
        return "number", f"event {number} was expected, {event.number} is there"
    if event.previous != end.hash:
        return "previous", f"event {number} does not name the hash of the event before it"
    if event.hash != digest(end.stream, number, end.hash, event.canonical):
        return "hash", f"event {number}: its text and its hash do not belong together"
    if known.get(number, event.hash) != event.hash:
        return "rewritten", f"event {number} had another hash when it was last witnessed"
    return _column_fault(kept, named.of(number))


def _column_fault(kept: Kept, subjects: list[str] | None) -> tuple[str, str] | None:
    said = _read(kept.event.canonical)
    for column in ("at", "actor", "action"):
        if getattr(kept, column) != said.get(column):
            return column, f"event {kept.event.number}: the column {column} and its text differ"
    if subjects != said.get("subjects"):
        return "subjects", f"event {kept.event.number}: its subjects and its text differ"
    return None


def _read(canonical: str) -> dict[str, Any]:
    try:
        said = json.loads(canonical)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _end_fault(
    end: Head, named: _Named, heads: list[KeptHead] | None, key: bytes, known: Mapping[int, str]
) -> Fault | None:
    if named.rest is not None:
        return _at(end, end.number + 1, "subjects", f"subjects name the missing {named.rest}")
    missing = [number for number in known if number > end.number]
    if missing:
        said = f"event {max(missing)} was witnessed, the stream ends at {end.number}"
        return _at(end, end.number + 1, "cut", said)
    if heads is None:
        return None  # the stretch ends where its last witness stands
    if not heads and not end.number:
        return None  # nothing was ever written there
    if len(heads) != 1:
        return _at(end, end.number, "head", f"the stream has {len(heads)} heads instead of one")
    return _head_fault(end, heads[0], key)


def _head_fault(end: Head, kept: KeptHead, key: bytes) -> Fault | None:
    if kept.head.number != end.number:
        said = f"the head names event {kept.head.number}, the last one there is {end.number}"
        return _at(end, min(end.number, kept.head.number) + 1, "cut", said)
    if kept.head.hash != end.hash:
        return _at(end, end.number, "head", "the head names another hash than the last event's")
    if not hmac.compare_digest(kept.mac.encode(), head_mac(key, end).encode()):
        return _at(end, end.number, "mac", "the head was not written with this system's audit key")
    return None


def _at(end: Head, number: int, kind: str, message: str) -> Fault:
    return Fault(stream=end.stream, number=number, kind=kind, message=message)
