"""How a waste container leaves the house: released, transferred or returned; and what forbids it.

Each way has its rules, all of them run, and a container leaves once.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from radiopharm.core.refusals import Refusal, Rule, run
from radiopharm.core.release import Check
from radiopharm.core.signing import Signing
from radiopharm.core.verdicts import Leg
from radiopharm.core.waste import Container

SAFETY_OFFICER = "safety_officer"


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
class ReleaseContainer:
    """A release as asked for; without a pack the site's choice decides.

    `signature` is the safety officer's, `releaser` that of whoever carried it out beside them.
    """

    outgoing: Outgoing
    signature: Signing
    releaser: Signing | None = None
    pack: str | None = None
    after_sequence: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """A container ticked on a list; `after_sequence` is what was seen of it, if that was said."""

    container_id: int
    after_sequence: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseTogether:
    """Several releases in one act of signing, each by its own full check."""

    containers: tuple[Ticked, ...]
    outgoing: Outgoing
    signature: Signing
    releaser: Signing | None = None
    pack: str | None = None


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
class Release:
    """A release somebody wants to sign: the check it rests on and what they confirm."""

    check: Check
    departure: Departure | None
    labels_defaced: bool
    roles: Collection[str]
    two_people: bool = False
    has_releaser: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A hand-over of a container to a licensed recipient, or back to the supplier."""

    container: Container
    at: datetime
    departure: Departure | None
    recipient: str
    licence_number: str
    roles: Collection[str]
    papers: Papers = Papers()


def release_refusals(release: Release) -> tuple[Refusal, ...]:
    """Everything that stands in the way of *release*; every leg that has not passed is one."""
    return run(RELEASE_RULES, release) + tuple(
        of_leg(leg) for leg in release.check.legs if leg.passed is not True
    )


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


def already_left(given: Release | Transfer) -> Refusal | None:
    if given.departure is None:
        return None
    left = given.departure
    return Refusal(
        code="already_left",
        message=f"This container was {left.way} on {left.left_at:%Y-%m-%d}; it leaves once.",
    )


def not_safety_officer(given: Release | Transfer) -> Refusal | None:
    if SAFETY_OFFICER in given.roles:
        return None
    return Refusal(
        code="not_safety_officer", message="A safety officer must sign for what leaves the house."
    )


def labels_not_defaced(release: Release) -> Refusal | None:
    """10 CFR 35.92(a)(2): radiation labels are removed or obliterated before disposal."""
    if release.labels_defaced:
        return None
    return Refusal(
        code="labels_not_defaced",
        message="Remove or deface every radiation label, then confirm it.",
        field="labels_defaced",
    )


def no_releaser(release: Release) -> Refusal | None:
    if release.has_releaser or not release.two_people:
        return None
    return Refusal(
        code="no_releaser",
        message="Two people sign here: whoever carries it out, and a safety officer.",
        field="releaser.username",
    )


def not_sealed(transfer: Transfer) -> Refusal | None:
    if transfer.container.is_sealed(transfer.at):
        return None
    return Refusal(code="sealed", message="Seal the container before it leaves.")


def no_recipient(transfer: Transfer) -> Refusal | None:
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


def licence_has_ended(transfer: Transfer) -> Refusal | None:
    """A licence is valid through the day it names."""
    until = transfer.papers.licence_until
    if until is None or transfer.at.date() <= until:
        return None
    return Refusal(
        code="licence_has_ended",
        message=f"The recipient's licence ended on {until.isoformat()}.",
        field="licence_until",
    )


def received_before(transfer: Transfer) -> Refusal | None:
    """Whoever received it has a name, and received it no later than now."""
    papers = transfer.papers
    if papers.received_at is None or (papers.received_by and papers.received_at <= transfer.at):
        return None
    said = "Say who received it, at a time that has come."
    return Refusal(code="received", message=said, field="received_by")


RELEASE_RULES: tuple[Rule[Release], ...] = (
    already_left,
    not_safety_officer,
    labels_not_defaced,
    no_releaser,
)
RETURN_RULES: tuple[Rule[Transfer], ...] = (
    already_left,
    not_safety_officer,
    not_sealed,
    no_recipient,
    received_before,
)
TRANSFER_RULES: tuple[Rule[Transfer], ...] = (*RETURN_RULES, no_licence_number, licence_has_ended)


def of_leg(leg: Leg) -> Refusal:
    """A leg that has not passed, as what stands in the way."""
    return Refusal(
        code=leg.code,
        message=leg.message,
        value=leg.value,
        limit=leg.limit,
        operator=leg.operator,
        source=f"{leg.source}, {leg.clause}",
    )
