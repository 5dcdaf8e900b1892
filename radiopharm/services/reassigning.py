"""Give a returned dose another directive: a new dose that names the old, from the same draws."""

from dataclasses import replace
from datetime import datetime

from radiopharm.core.actions import Action
from radiopharm.core.dispensing import DispenseDose, DrawWish, Situation
from radiopharm.core.people import Person
from radiopharm.core.reference import Reference
from radiopharm.core.second_check import Second
from radiopharm.core.signing import Signing
from radiopharm.services import dispensing
from radiopharm.store import Connection, doses
from radiopharm.store.acts import Act


def reassign(
    act: Act, from_id: int, command: DispenseDose, signing: Signing, second: Second | None
) -> int:
    """Write the new dose; returns its id. The vials' books stay as they are: nothing is drawn.

    Raises as `dispensing.dispense`; the draws of *command* are the old dose's, whatever it says.
    """
    found = consider(
        act.db, act.reference, act.actor, from_id, command, act.now, second is not None
    )
    situation = replace(found, has_second_reading=bool(second and second.reading))
    old = doses.get(act.db, act.actor.site.id, from_id)
    dose_id, _second_id = dispensing.sign_and_write(act, situation, signing, second)
    doses.add_reassignment(
        act.db,
        dispensing_id=dose_id,
        from_id=old.id,
        drawn_as_id=old.drawn_as_id,
        at=act.now,
        actor_id=act.actor.id,
        reason=command.reason,
    )
    act.record(
        Action.DOSE_REASSIGNED,
        f"dose:{old.id}",
        f"dose:{dose_id}",
        f"patient:{old.patient}",
        f"patient:{situation.directive.patient}",
        reason=command.reason,
        old={"dose": old.code, "directive": f"R-{old.directive_id:06d}"},
        dose=f"D-{dose_id:06d}",
        directive=situation.directive.code,
    )
    return dose_id


def consider(
    db: Connection,
    reference: Reference,
    actor: Person,
    from_id: int,
    command: DispenseDose,
    now: datetime,
    has_second: bool,
) -> Situation:
    """Everything the rules look at: the returned dose's draws, for the directive named."""
    old = doses.get(db, actor.site.id, from_id)
    wishes = tuple(
        DrawWish(vial_id=draw.vial_id, after_sequence=draw.sequence, volume_ul=draw.share.volume_ul)
        for draw in old.draws
    )
    stated = replace(command, draws=wishes, pieces=command.pieces or old.pieces)
    found = dispensing.consider(db, reference, actor, stated, now, has_second)
    drawn = {draw.vial_id: draw.share for draw in old.draws}
    sources = tuple(replace(each, drawn=drawn[each.vial.id]) for each in found.sources)
    return replace(found, sources=sources, returned=old)
