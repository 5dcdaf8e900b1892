"""A signature: what is put before the signer, what they give for it, and what is kept.

A statement is the whole of what is signed: of which record and version, what it means, the
sentences as they stand on the page, and the facts behind them. Its hash covers all of it, so that
no part can be exchanged under a signature.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from radiopharm.core import audit as chain
from radiopharm.core import formatting as fmt

TICKET_LIFE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a signature stands under: a dose is named by its directive, as it has no number yet."""

    kind: str
    key: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Exactly what is signed; `sentences` are what the page and the print show."""

    record: Record
    meaning: str
    sentences: tuple[str, ...]
    facts: Mapping[str, Any]

    @property
    def text(self) -> str:
        """The canonical JSON that is kept with the signature."""
        said = {
            "record": [self.record.kind, self.record.key, self.record.version],
            "meaning": self.meaning,
            "sentences": self.sentences,
        }
        return chain.canonical({**self.facts, **said})

    @property
    def hash(self) -> str:
        """SHA-256 of that text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """The right to sign one statement once, within two minutes, in one session of one person."""

    id: str
    session: str
    actor_id: int
    record: Record
    meaning: str
    shown_hash: str
    sentences: tuple[str, ...]
    issued_at: datetime

    @property
    def expires_at(self) -> datetime:
        """The first instant at which it no longer counts."""
        return self.issued_at + TICKET_LIFE


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was found out about a signature before its act began: slow work, done outside the lock.

    `matched` is the SHA-256 of the kept hash that the secret belongs to, empty where it belongs to
    none; the act compares it with what is kept then. `at` is when the secret was given.
    """

    means: str
    matched: str = field(repr=False)
    ticket: Ticket | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """A signature to be made; the secret never shows in a log or a traceback.

    `ticket` is sealed as the page or the program got it; `proof` is added at the door.
    """

    username: str
    secret: str = field(repr=False)
    meaning: str = ""
    ticket: str = field(default="", repr=False)
    proof: Proof | None = None

    @property
    def shown_at(self) -> datetime | None:
        """When the signer was shown what they sign; None without a ticket."""
        return self.proof.ticket.issued_at if self.proof and self.proof.ticket else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A signature as kept. `zone` is the site's then; empty on those of before it was kept."""

    id: int
    signer_id: int
    signer_name: str
    roles: tuple[str, ...]
    meaning: str
    means: str
    signed_at: datetime
    zone: str
    shown_hash: str
    sentences: tuple[str, ...] = ()


def signed_line(signature: Signature, zone: ZoneInfo) -> str:
    """How a signature is printed everywhere: who, in which roles, when and where, meaning what."""
    roles = ", ".join(signature.roles).replace("_", " ")
    local = fmt.instant_to_second(signature.signed_at, _zone(signature, zone))
    utc = f"{signature.signed_at:%Y-%m-%d %H:%M:%SZ}"
    name = signature.signer_name
    return f"Signed by {name} ({roles}) at {local} ({utc}) — {signature.meaning}"


def void_line(what: str, at: datetime, why: str, zone: ZoneInfo) -> str:
    """What stands beside a signature whose record holds no longer: what became of it, and why."""
    return f"Signature void: {what} {fmt.instant(at, zone)}: {why}"


def _zone(signature: Signature, zone: ZoneInfo) -> ZoneInfo:
    return ZoneInfo(signature.zone) if signature.zone else zone
