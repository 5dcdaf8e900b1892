"""A container leaves the house, once: released by its check and a signature, or handed over."""

from collections.abc import Callable
from typing import Any

from radiopharm.core import leaving as rules
from radiopharm.core.actions import Action
from radiopharm.core.checking import ContainerAt, seen
from radiopharm.core.containers import Step
from radiopharm.core.leaving import HandOver, Release, ReleaseContainer, Transfer
from radiopharm.core.legs import latest_survey
from radiopharm.core.refusals import Refusal, Refused
from radiopharm.services.accounts import sign
from radiopharm.services.rule_packs import SIGNER, in_force
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
    site_id = act.actor.site.id
    container = waste.get(act.db, site_id, container_id)
    waste.require_sequence(container, command.after_sequence)
    in_force_now = in_force(act.db, act.reference, site_id, act.now, command.pack)
    judged = seen(container, act.now, in_force_now, act.reference.default_nuclear_data)
    signature_id = sign(
        act,
        command.signature.username,
        command.signature.secret,
        meaning=command.signature.meaning or MEANING,
        shown=_shown(judged, command),
        roles=SIGNER,
    )
    wanted = Release(
        check=judged.check,
        departure=container.departure,
        labels_defaced=command.labels_defaced,
        roles=act.actor.roles,
    )
    if broken := rules.release_refusals(wanted):
        raise Refused(broken)

    release_id = _keep(act, judged, command, signature_id)
    act.record(
        Action.CONTAINER_RELEASED,
        f"container:{container_id}",
        **_shown(judged, command),
        signature=signature_id,
    )
    return release_id


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


def _shown(judged: ContainerAt, command: ReleaseContainer) -> dict[str, Any]:
    """What the signer signs and the audit keeps."""
    pack = judged.rules.pack
    return {
        "container": judged.container.code,
        "at": judged.at,
        "pack": pack and pack.code,
        "edition": pack and pack.edition,
        "legs": [leg.as_dict() for leg in judged.check.legs],
        "contents_bq": {symbol: str(bq) for symbol, bq in judged.check.contents_bq.items()},
        "destination": command.destination,
        "labels_defaced": command.labels_defaced,
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
