"""Seals: signed statements that a stream of the audit had reached a number, with its hash.

A seal names the key it was signed with and is made outside the transactions it vouches for. Kept
where the database's owner cannot rewrite it, it shows a tail that was cut or a history that was
written anew, even by somebody who holds the head's key. A key that was retired proves what it
sealed until then; whoever finds it later can seal nothing more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from radiopharm.core.audit import Head, instant_text, joined

FORMAT = "radiopharm.seal.v1"
RETIRED_FORMAT = "radiopharm.retired.v1"
EVERY = timedelta(minutes=1)
MOST_UNSEALED = 256
BEHIND = timedelta(minutes=2)
"""An event that has waited so long for its seal waits too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """`signature` is Ed25519 over `statement`, in hexadecimal; `key` the public key it needs."""

    stream: str
    number: int
    hash: str
    sealed_at: datetime
    key: str
    signature: str = ""

    @property
    def statement(self) -> bytes:
        """What is signed."""
        instant = instant_text(self.sealed_at)
        return joined(FORMAT, self.stream, str(self.number), self.hash, instant, self.key)

    @property
    def line(self) -> str:
        """The seal as one line of text, as it is kept elsewhere."""
        instant = instant_text(self.sealed_at)
        return " ".join(
            (FORMAT, self.stream, str(self.number), self.hash, instant, self.key, self.signature)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SealKeys:
    """Whose seals count: those by `current`, and by each `retired` key those made until its end."""

    current: str
    retired: Mapping[str, datetime] = field(default_factory=dict)

    def may_have_made(self, seal: Seal) -> bool:
        """Whether the key that *seal* names sealed for us when it says it was made."""
        until = self.retired.get(seal.key)
        return seal.key == self.current or (until is not None and seal.sealed_at <= until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement:
    """The word of the key in use, `by`, that `key` sealed for us until an instant and not after."""

    key: str
    until: datetime
    by: str

    @property
    def statement(self) -> bytes:
        """What is signed."""
        return joined(RETIRED_FORMAT, self.key, instant_text(self.until), self.by)


class NotASeal(ValueError):
    """The line is no seal of ours."""


def read(line: str) -> Seal:
    """The seal that *line* holds; whether it is genuine its signature must say."""
    try:
        word, stream, number, digest, instant, key, signature = line.split()
        if word != FORMAT:
            raise NotASeal(line[:40])
        return Seal(
            stream=stream,
            number=int(number),
            hash=digest,
            sealed_at=datetime.fromisoformat(instant),
            key=key,
            signature=signature,
        )
    except ValueError as error:
        raise NotASeal(line[:40]) from error


def unsealed(heads: Iterable[Head], last: Mapping[str, Seal]) -> list[Head]:
    """The ends that have moved since their last seal."""
    return [head for head in heads if _since(head, last.get(head.stream)) > 0]


def due(heads: Iterable[Head], last: Mapping[str, Seal], now: datetime) -> list[Head]:
    """Of those, the ends to be sealed now: a minute or many events have passed."""
    return [head for head in unsealed(heads, last) if _is_due(head, last.get(head.stream), now)]


def _is_due(head: Head, last: Seal | None, now: datetime) -> bool:
    return last is None or _since(head, last) >= MOST_UNSEALED or now - last.sealed_at >= EVERY


def _since(head: Head, last: Seal | None) -> int:
    return head.number - (last.number if last else 0)
