"""The audit chain's arithmetic: canonical bytes, the hash onto the event before, the head's MAC.

An event is kept as the exact bytes that were hashed. Fields are joined with their lengths, so that
no two different events share a preimage; quantities and instants are strings, never floats.
`core.audit_check` walks a stream that is kept and says where it first does not hold.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One link of a stream: its number, its canonical bytes as text, and the hashes."""

    stream: str
    number: int
    canonical: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where a stream ends: the newest number and hash; GENESIS and zero for an empty one."""

    stream: str
    number: int = 0
    hash: str = GENESIS


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDigest:
    """A row of a table of facts, known by its id, and the digest of everything it says."""

    table: str
    id: int
    digest: str


def canonical(facts: Mapping[str, Any]) -> str:
    """One JSON text for *facts*: sorted keys, no blanks, no fractions (they become text), UTC."""
    return json.dumps(
        _plain(facts), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def link(head: Head, canonical_text: str) -> Event:
    """The event that follows *head*."""
    number = head.number + 1
    hashed = digest(head.stream, number, head.hash, canonical_text)
    return Event(
        stream=head.stream,
        number=number,
        canonical=canonical_text,
        previous=head.hash,
        hash=hashed,
    )


def row_digest(table: str, row: Mapping[str, Any]) -> str:
    """The first 128 bits of the hash of all that *row* says; nobody finds another row to it."""
    body = joined("radiopharm.row.v1", table, canonical(row))
    return hashlib.sha256(body).hexdigest()[:32]


def head_mac(key: bytes, head: Head) -> str:
    """The keyed seal of a stream's end: without the key nobody can cut the tail unnoticed."""
    body = joined("radiopharm.head.v1", head.stream, str(head.number), head.hash)
    return hmac.new(key, body, hashlib.sha256).hexdigest()


def instant_text(at: datetime) -> str:
    """An instant as the chain and the API write it: UTC, to the microsecond, with Z."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def digest(stream: str, number: int, previous: str, canonical_text: str) -> str:
    """The hash that ties an event's place, its predecessor and its bytes together."""
    body = joined("radiopharm.audit.v1", stream, str(number), previous, canonical_text)
    return hashlib.sha256(body).hexdigest()


def joined(*fields: str) -> bytes:
    """Fields behind their lengths, so that no two lists of fields give the same bytes."""
    parts = [field.encode() for field in fields]
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value) if abs(value) > 2**53 else value
    return str(value)
