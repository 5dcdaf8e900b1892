"""A vial is discarded, transferred or diluted: the book follows what left it or came in."""

from datetime import datetime
from typing import Any

from radiopharm.core import corrections as rules
from radiopharm.core.actions import Action
from radiopharm.core.corrections import Case, Taking
from radiopharm.core.ledger import Kind
from radiopharm.core.refusals import Refusal, Refused
from radiopharm.store import ledgers, vials
from radiopharm.store.acts import Act

ACTIONS = {
    Kind.DISCARDED: Action.VIAL_DISCARDED,
    Kind.TRANSFERRED: Action.VIAL_TRANSFERRED,
    Kind.DILUTED: Action.VIAL_DILUTED,
}


def discard(
    act: Act,
    vial_id: int,
    after_sequence: int,
    volume_ul: int | None,
    reason: str,
    occurred_at: datetime | None = None,
    *,
    overdrawn_reason: str = "",
) -> int:
    """Discard a volume, or with None all that is held; returns the entry's number.

    `Conflict` on a stale page, `Refused` with every reason. More than the book holds is recorded
    where *overdrawn_reason* says how it was found.
    """
    taking = Taking(
        kind=Kind.DISCARDED,
        after_sequence=after_sequence,
        volume_ul=volume_ul,
        reason=reason,
        occurred_at=occurred_at,
        overdrawn_reason=overdrawn_reason,
    )
    return take(act, vial_id, taking)


def take(
    act: Act, vial_id: int, taking: Taking, *, beside: tuple[Refusal, ...] = (), **facts: Any
) -> int:
    """Post what left the vial or came in, *facts* into the audit; returns the entry's number.

    Raises as `discard`; *beside* is what else stands in the way, said with the book's reasons.
    """
    case = _case(act, vial_id, taking)
    if broken := rules.refusals(case) + beside:
        raise Refused(broken)

    posted = rules.entries(case)
    for entry in posted:
        ledgers.append(act.db, vial_id, entry, actor_id=act.actor.id)
    last = posted[-1]
    act.record(
        ACTIONS[taking.kind],
        f"vial:{vial_id}",
        reason=taking.reason,
        sequence=last.sequence,
        volume_ul=last.change.volume_ul,
        reference_bq=last.change.reference_bq,
        occurred_at=last.occurred_at,
        late=case.timing.is_late,
        beyond_the_book=taking.overdrawn_reason if len(posted) > 1 else None,
        held={"volume_ul": case.held.volume_ul, "reference_bq": case.held.reference_bq},
        **facts,
    )
    return last.sequence


def refusals(act: Act, vial_id: int, taking: Taking) -> tuple[Refusal, ...]:
    """Everything that forbids it; `Conflict` on a stale page."""
    return rules.refusals(_case(act, vial_id, taking))


def _case(act: Act, vial_id: int, taking: Taking) -> Case:
    vial = vials.get(act.db, act.actor.site.id, vial_id)
    vials.require_sequence(vial, taking.after_sequence)
    return Case(command=taking, vial=vial, entries=ledgers.entries(act.db, vial_id), now=act.now)
