"""A consignment: what left the house together, under one number, and who has said it came.

Nothing is kept of it but what each container or vial left with; the number joins them. A receipt
said later is a fact beside them.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from radiopharm.core import audit
from radiopharm.core.leaving import Papers
from radiopharm.core.people import Site
from radiopharm.core.refusals import Refusal, run


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A container, or what left a vial, with its activities as it left.

    `contents_bq` is None where nothing can be said of that instant. `undone` is an entry of a
    vial's book that was reversed: it did not leave after all.
    """

    code: str
    what: str
    way: str
    left_at: datetime
    recipient: str
    papers: Papers
    licence: str = ""
    contents_bq: Mapping[str, float] | None
    undone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Whoever took a consignment over, and by which documents, as we were told."""

    received_by: str
    received_at: datetime
    documents: str
    recorded_at: datetime
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receive:
    """A receipt as entered."""

    number: str
    received_by: str
    received_at: datetime
    documents: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consignment:
    """Everything that left under one number of a site, in the order it left."""

    site: Site
    number: str
    pieces: tuple[Piece, ...]
    receipts: tuple[Receipt, ...] = ()

    @property
    def gone(self) -> tuple[Piece, ...]:
        """The pieces that did leave."""
        return tuple(piece for piece in self.pieces if not piece.undone)

    @property
    def left_at(self) -> datetime:
        """When the last of it left."""
        return max(piece.left_at for piece in self.gone or self.pieces)

    @property
    def recipients(self) -> tuple[str, ...]:
        """Where it went, each once with its licence: more than one is a doubt."""
        return _once(
            f"{it.recipient}, licence {it.licence}" if it.licence else it.recipient
            for it in self.gone
        )

    @property
    def documents(self) -> tuple[str, ...]:
        """The papers that belong to it, each once."""
        theirs = (it.documents for it in self.receipts)
        return _once((*(it.papers.documents for it in self.gone), *theirs))

    @property
    def handed_over_by(self) -> tuple[str, ...]:
        """Who gave it away."""
        return _once(it.papers.handed_over_by for it in self.gone)

    @property
    def received_by(self) -> tuple[str, ...]:
        """Who took it over, as said when it left or later."""
        later = (it.received_by for it in self.receipts)
        return _once((*(it.papers.received_by for it in self.gone), *later))

    @property
    def contents_bq(self) -> dict[str, float]:
        """All of it by nuclide, each piece as it left."""
        total: dict[str, float] = {}
        for piece in self.gone:
            for symbol, bq in (piece.contents_bq or {}).items():
                total[symbol] = total.get(symbol, 0.0) + bq
        return total

    @property
    def facts(self) -> dict[str, Any]:
        """All that its paper says."""
        return {
            "site": self.site.name,
            "number": self.number,
            "pieces": [asdict(piece) for piece in self.pieces],
            "receipts": [asdict(receipt) for receipt in self.receipts],
        }

    @property
    def sha256(self) -> str:
        """The hash of `facts` as canonical JSON."""
        return hashlib.sha256(audit.canonical(self.facts).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A receipt beside the consignment it is about, and the instant it is entered."""

    command: Receive
    consignment: Consignment
    now: datetime


def refusals(arrival: Arrival) -> tuple[Refusal, ...]:
    """Everything that cannot be true of a receipt."""
    return run(_RULES, arrival)


def _has_come(it: Arrival) -> Refusal | None:
    if it.command.received_at <= it.now:
        return None
    said = "That lies in the future. Enter when it was received."
    return Refusal(code="ahead", field="received_at", message=said)


def _had_left(it: Arrival) -> Refusal | None:
    left_at = it.consignment.left_at
    if it.command.received_at >= left_at:
        return None
    said = f"The last of it left on {left_at:%Y-%m-%d %H:%M} UTC, after that."
    return Refusal(code="before_it_left", field="received_at", message=said)


def _something_left(it: Arrival) -> Refusal | None:
    if it.consignment.gone:
        return None
    said = "Everything in it was undone: nothing left under this number."
    return Refusal(code="nothing_left", field="number", message=said)


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))


_RULES = (_has_come, _had_left, _something_left)
