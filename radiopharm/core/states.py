"""The one place where facts are given the name of a state."""

from datetime import datetime
from enum import StrEnum

from radiopharm.core.containers import WasteContainer
from radiopharm.core.directives import Directive, DirectiveVersion
from radiopharm.core.doses import Dose
from radiopharm.core.ledger import Amount
from radiopharm.core.vials import Happening, Vial


class VialState(StrEnum):
    """What a vial is at an instant; only an available one may be drawn from."""

    NOT_HERE = "not_here"
    RECEIVED = "received"
    AVAILABLE = "available"
    QUARANTINED = "quarantined"
    EXPIRED = "expired"
    EMPTY = "empty"


class ContainerState(StrEnum):
    """What a waste container is at an instant; whether it may leave is asked of its check."""

    NOT_HERE = "not_here"
    OPEN = "open"
    SEALED = "sealed"
    RELEASED = "released"
    DEROGATED = "derogated"
    TRANSFERRED = "transferred"
    RETURNED = "returned_to_supplier"


LEFT = frozenset(
    {
        ContainerState.RELEASED,
        ContainerState.DEROGATED,
        ContainerState.TRANSFERRED,
        ContainerState.RETURNED,
    }
)


def vial_state(vial: Vial, balance: Amount | None, at: datetime) -> VialState:
    """The state at *at* of a vial that then held *balance* (None before its first entry).

    A vial is expired from its expiry instant on, that instant included.
    """
    if balance is None:
        return VialState.NOT_HERE
    if balance.volume_ul == 0:
        return VialState.EMPTY
    if is_quarantined(vial, at):
        return VialState.QUARANTINED
    if at >= use_by(vial, at):
        return VialState.EXPIRED
    if vial.latest(Happening.ACCEPTED, by=at) is None:
        return VialState.RECEIVED
    return VialState.AVAILABLE


def is_quarantined(vial: Vial, at: datetime) -> bool:
    """Whether the newest word on it by *at* is quarantine."""
    word = vial.latest(Happening.QUARANTINED, Happening.RELEASED, by=at)
    return word is not None and word.kind is Happening.QUARANTINED


def use_by(vial: Vial, at: datetime) -> datetime:
    """The use-by instant as it stood at *at*: label, and what opening or thawing had started."""
    clocks = [
        event.use_by_at
        for event in vial.events
        if event.use_by_at is not None and event.occurred_at <= at
    ]
    return min([vial.expires_at, *clocks])


class DirectiveState(StrEnum):
    """What a directive, or one version of it, is; one may be dispensed against when a physician has
    signed it, or has given it orally."""

    DRAFT = "draft"
    ORAL = "oral"
    SIGNED = "signed"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    DISPENSED = "dispensed"
    ADMINISTERED = "administered"


def directive_state(directive: Directive) -> DirectiveState:
    """The state of a directive; what happened to the patient outweighs what was written since."""
    if directive.live_dose_id is not None:
        given = directive.administered_at is not None
        return DirectiveState.ADMINISTERED if given else DirectiveState.DISPENSED
    if directive.cancellation is not None:
        return DirectiveState.CANCELLED
    if directive.standing is None:
        return DirectiveState.DRAFT
    return DirectiveState.ORAL if directive.signed is None else DirectiveState.SIGNED


def version_state(directive: Directive, version: DirectiveVersion) -> DirectiveState:
    """The state of one version: the newest is as the directive, earlier ones are superseded."""
    return directive_state(directive) if version is directive.newest else DirectiveState.SUPERSEDED


class DoseState(StrEnum):
    """What a dose is: dispensed until it is given or voided; a drawn one that was voided is
    returned until it has a place or another directive."""

    DISPENSED = "dispensed"
    ADMINISTERED = "administered"
    VOID = "void"
    RETURNED = "returned"
    DISCARDED = "discarded"
    REASSIGNED = "reassigned"


def dose_state(dose: Dose) -> DoseState:
    """The state of a dose, from what happened to it."""
    if dose.administration_id is not None:
        return DoseState.ADMINISTERED
    if dose.void is None:
        return DoseState.DISPENSED
    if dose.reassigned_to_id is not None:
        return DoseState.REASSIGNED
    if dose.needs_a_place:
        return DoseState.RETURNED
    return DoseState.DISCARDED if dose.waste_item_id is not None else DoseState.VOID


def container_state(container: WasteContainer, at: datetime) -> ContainerState:
    """The state of a waste container at *at*."""
    if at < container.opened_at:
        return ContainerState.NOT_HERE
    left = container.departure
    if left is not None and at >= left.left_at:
        return _WAYS[left.way]
    return ContainerState.SEALED if container.seal_at(at) else ContainerState.OPEN


_WAYS = {
    "released": ContainerState.RELEASED,
    "released by derogation": ContainerState.DEROGATED,
    "transferred": ContainerState.TRANSFERRED,
    "returned": ContainerState.RETURNED,
}
