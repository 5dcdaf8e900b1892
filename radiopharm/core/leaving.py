"""How a waste container leaves the house, once: what every way asks for, and the hand-overs.

A release has the rules of `core.releasing` beside these, a derogation those of `core.derogating`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Protocol

from radiopharm.core.people import SAFETY_OFFICER
from radiopharm.core.refusals import Refusal, Rule, run
from radiopharm.core.waste import Container


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """How and when a container left.

    `way` is "released", "released by derogation", "transferred" or "returned".
    """

    way: str
    left_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """Where a container goes, and what whoever lets it go confirms.

    `biohazard` is "none" or "treated", None where nobody said; route and consignment may be empty.
    """

    destination: str
    labels_defaced: bool
    route: str = ""
    consignment: str = ""
    biohazard: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """What goes with a hand-over: until when the licence is valid, the consignment and its
    documents, who handed it over, and who received it when; as far as it is known."""

    licence_until: date | None = None
    consignment: str = ""
    documents: str = ""
    handed_over_by: str = ""
    received_by: str = ""
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """A hand-over as asked for; the licence is the recipient's, empty for the supplier."""

    recipient: str
    licence_number: str = ""
    reason: str = ""
    papers: Papers = Papers()


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A hand-over of a container to a licensed recipient, or back to the supplier; `zone` is the
    site's."""

    container: Container
    at: datetime
    zone: tzinfo
    departure: Departure | None
    recipient: str
    licence_number: str
    roles: Collection[str]
    papers: Papers = Papers()

    @property
    def now(self) -> datetime:
        """A container is handed over when it is entered."""
        return self.at


class HandedOver(Protocol):
    """A container, or something from a vial, that somebody else takes over at `at`."""

    @property
    def recipient(self) -> str: ...
    @property
    def papers(self) -> Papers: ...
    @property
    def at(self) -> datetime: ...
    @property
    def now(self) -> datetime: ...
    @property
    def zone(self) -> tzinfo: ...


class Leaving(Protocol):
    """A container about to leave, by whichever way."""

    @property
    def departure(self) -> Departure | None: ...
    @property
    def roles(self) -> Collection[str]: ...


def transfer_refusals(transfer: Transfer) -> tuple[Refusal, ...]:
    """Everything that stands in the way of a transfer to a licensed recipient.

    No leg of a rule pack is asked: what moves to another licence is not cleared.
    """
    return run(TRANSFER_RULES, transfer)


def return_refusals(transfer: Transfer) -> tuple[Refusal, ...]:
    """Everything that stands in the way of a return to the supplier (the recipient).

    The supplier's licence is on file since the delivery and need not be entered again.
    """
    return run(RETURN_RULES, transfer)


def already_left(given: Leaving) -> Refusal | None:
    if given.departure is None:
        return None
    left = given.departure
    return Refusal(
        code="already_left",
        message=f"This container was {left.way} on {left.left_at:%Y-%m-%d}; it leaves once.",
    )


def not_safety_officer(given: Leaving) -> Refusal | None:
    if SAFETY_OFFICER in given.roles:
        return None
    return Refusal(
        code="not_safety_officer", message="A safety officer must sign for what leaves the house."
    )


def not_sealed(transfer: Transfer) -> Refusal | None:
    if transfer.container.is_sealed(transfer.at):
        return None
    return Refusal(code="sealed", message="Seal the container before it leaves.")


def no_recipient(transfer: HandedOver) -> Refusal | None:
    if transfer.recipient.strip():
        return None
    return Refusal(
        code="no_recipient", message="Enter the name of who receives it.", field="recipient"
    )


def no_licence_number(transfer: Transfer) -> Refusal | None:
    """The recipient's licence number is part of the record (Canada SOR/2000-207 s.36(1)(c))."""
    if transfer.licence_number.strip():
        return None
    return Refusal(
        code="no_licence_number",
        message="Enter the number of the licence under which the recipient may hold it.",
        field="licence_number",
    )


def licence_has_ended(transfer: HandedOver) -> Refusal | None:
    """A licence is valid through the day it names, on the site's own wall clock."""
    until = transfer.papers.licence_until
    if until is None or transfer.at.astimezone(transfer.zone).date() <= until:
        return None
    return Refusal(
        code="licence_has_ended",
        message=f"The recipient's licence ended on {until.isoformat()}.",
        field="licence_until",
    )


def received_before(transfer: HandedOver) -> Refusal | None:
    """Whoever received it has a name, and received it no later than now."""
    papers = transfer.papers
    if papers.received_at is None or (papers.received_by and papers.received_at <= transfer.now):
        return None
    said = "Say who received it, at a time that has come."
    return Refusal(code="received", message=said, field="received_by")


RETURN_RULES: tuple[Rule[Transfer], ...] = (
    already_left,
    not_safety_officer,
    not_sealed,
    no_recipient,
    received_before,
)
TRANSFER_RULES: tuple[Rule[Transfer], ...] = (*RETURN_RULES, no_licence_number, licence_has_ended)
