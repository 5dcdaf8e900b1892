"""A container leaves the house, once: released by its check and a signature, or handed over."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from radiopharm.core import leaving as rules
from radiopharm.core import statements
from radiopharm.core.actions import Action
from radiopharm.core.checking import ContainerAt
from radiopharm.core.containers import Step
from radiopharm.core.leaving import HandOver, Release, ReleaseContainer, Transfer
from radiopharm.core.people import Person
from radiopharm.core.reading_legs import latest_survey
from radiopharm.core.refusals import Refusal, Refused
from radiopharm.core.signing import Statement
from radiopharm.services import containers, signatures
from radiopharm.services.rule_packs import SIGNER
from radiopharm.services.waste import add_event
from radiopharm.store import waste
from radiopharm.store.acts import Act

MEANING = "I release this container: every condition is met and its labels are defaced"


def release(act: Act, container_id: int, command: ReleaseContainer) -> int:
    """Release a container by the rules in force, its legs kept as they stand; returns the id.

    Raises `WrongSecret` or `Forbidden` for the signature (a bench PIN never signs here),
    `Conflict` when the container has changed since the signer looked, `Refused` with every reason,
    each leg that has not passed among them.
    """
    signing = command.signature
    judged = _look(act, container_id, command, act.now)
    waste.require_sequence(judged.container, command.after_sequence)
    shown = _look(act, container_id, command, signing.shown_at or act.now)
    meaning = signatures.meaning_of(signing, MEANING)
    said = statement(shown, command.destination, act.actor, meaning, command.labels_defaced)
    signature_id = signatures.sign(act, said, signing, roles=SIGNER)
    if broken := refusals(judged, command.labels_defaced, act.actor):
        raise Refused(broken)

    release_id = _keep(act, judged, command, signature_id)
    act.record(
        Action.CONTAINER_RELEASED,
        f"container:{container_id}",
        **_shown(judged, command.destination, labels_defaced=command.labels_defaced),
        signature=signatures.audited(act.db, signature_id),
    )
    return release_id


def refusals(judged: ContainerAt, labels_defaced: bool, actor: Person) -> tuple[Refusal, ...]:
    """Everything that stands in the way of releasing a container now."""
    wanted = Release(
        check=judged.check,
        departure=judged.container.departure,
        labels_defaced=labels_defaced,
        roles=actor.roles,
    )
    return rules.release_refusals(wanted)


def statement(
    judged: ContainerAt,
    destination: str,
    actor: Person,
    meaning: str,
    labels_defaced: bool,
) -> Statement:
    """What is signed of a release: the check as it was at the instant it was shown."""
    return statements.of_release(
        judged,
        _shown(judged, destination, labels_defaced=labels_defaced),
        destination,
        labels_defaced=labels_defaced,
        meaning=meaning,
        zone=ZoneInfo(actor.site.zone),
    )


def transfer(act: Act, container_id: int, command: HandOver) -> None:
    """Hand a container to a licensed recipient; `Refused` with every reason."""
    _hand_over(act, container_id, command, Step.TRANSFERRED, rules.transfer_refusals)


def return_to_supplier(act: Act, container_id: int, command: HandOver) -> None:
    """Give a container back to the supplier; `Refused` with every reason."""
    _hand_over(act, container_id, command, Step.RETURNED, rules.return_refusals)


_ACTIONS = {
    Step.TRANSFERRED: Action.CONTAINER_TRANSFERRED,
    Step.RETURNED: Action.CONTAINER_RETURNED,
}


def _hand_over(
    act: Act,
    container_id: int,
    command: HandOver,
    step: Step,
    refusals: Callable[[Transfer], tuple[Refusal, ...]],
) -> None:
    container = waste.get(act.db, act.actor.site.id, container_id)
    wanted = Transfer(
        container=container.facts(),
        at=act.now,
        departure=container.departure,
        recipient=command.recipient,
        licence_number=command.licence_number,
        roles=act.actor.roles,
    )
    if broken := refusals(wanted):
        raise Refused(broken)

    add_event(
        act,
        container_id,
        step,
        act.now,
        reason=command.reason,
        recipient=command.recipient,
        licence=command.licence_number,
    )
    act.record(
        _ACTIONS[step],
        f"container:{container_id}",
        reason=command.reason,
        recipient=command.recipient,
        licence_number=command.licence_number,
    )


def _look(act: Act, container_id: int, command: ReleaseContainer, at: datetime) -> ContainerAt:
    site_id = act.actor.site.id
    return containers.look(act.db, act.reference, site_id, container_id, at, command.pack)


def _shown(judged: ContainerAt, destination: str, *, labels_defaced: bool) -> dict[str, Any]:
    """What the signer signs and the audit keeps."""
    pack = judged.rules.pack
    return {
        "container": judged.container.code,
        "at": judged.at,
        "pack": pack and pack.code,
        "edition": pack and pack.edition,
        "legs": [leg.as_dict() for leg in judged.check.legs],
        "contents_bq": {symbol: str(bq) for symbol, bq in judged.check.contents_bq.items()},
        "destination": destination,
        "labels_defaced": labels_defaced,
    }


def _keep(act: Act, judged: ContainerAt, command: ReleaseContainer, signature_id: int) -> int:
    container, pack = judged.container, judged.rules.pack
    assert pack is not None  # without one the check has not passed
    survey = latest_survey(container.facts(), act.now)
    measured = next((m.id for m in container.measurements if m.survey is survey), None)
    return waste.add_release(
        act.db,
        [leg.as_dict() for leg in judged.check.legs],
        container_id=container.id,
        pack=pack.code,
        pack_edition=pack.edition,
        destination=command.destination,
        measurement_id=measured,
        signature_id=signature_id,
        at=act.now,
        actor_id=act.actor.id,
    )
