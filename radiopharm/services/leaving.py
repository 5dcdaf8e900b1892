"""A container is handed over: to a licensed recipient, or back to the supplier."""

from collections.abc import Callable
from dataclasses import asdict
from zoneinfo import ZoneInfo

from radiopharm.core import leaving as rules
from radiopharm.core.actions import Action
from radiopharm.core.containers import Step
from radiopharm.core.leaving import HandOver, Transfer
from radiopharm.core.refusals import Refusal, Refused
from radiopharm.services.waste import add_event
from radiopharm.store import waste
from radiopharm.store.acts import Act


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
        zone=ZoneInfo(act.actor.site.zone),
        departure=container.departure,
        recipient=command.recipient,
        licence_number=command.licence_number,
        roles=act.actor.roles,
        papers=command.papers,
    )
    if broken := refusals(wanted):
        raise Refused(broken)

    event_id = add_event(
        act,
        container_id,
        step,
        act.now,
        reason=command.reason,
        recipient=command.recipient,
        licence=command.licence_number,
    )
    waste.add_papers(act.db, event_id, command.papers)
    act.record(
        _ACTIONS[step],
        f"container:{container_id}",
        reason=command.reason,
        recipient=command.recipient,
        licence_number=command.licence_number,
        **asdict(command.papers),
    )
