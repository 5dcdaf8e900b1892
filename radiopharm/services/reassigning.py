"""Give a returned dose another directive: a new dose that names the old, from the same draws."""

from dataclasses import replace

from radiopharm.core.actions import Action
from radiopharm.core.dispensing import DispenseDose, DrawWish, Situation
from radiopharm.core.doses import Dose
from radiopharm.core.signing import Signing
from radiopharm.services import dispensing
from radiopharm.store import doses
from radiopharm.store.acts import Act


def reassign(
    act: Act, from_id: int, command: DispenseDose, signing: Signing, second: Signing | None
) -> int:
    """Write the new dose; returns its id. The vials' books stay as they are: nothing is drawn.

    Raises as `dispensing.dispense`; the draws of *command* are the old dose's, whatever it says.
    """
    old = doses.get(act.db, act.actor.site.id, from_id)
    situation = _situation(act, old, command, second is not None)
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


def _situation(act: Act, old: Dose, command: DispenseDose, has_second: bool) -> Situation:
    wishes = tuple(
        DrawWish(vial_id=draw.vial_id, after_sequence=draw.sequence, volume_ul=draw.share.volume_ul)
        for draw in old.draws
    )
    stated = replace(command, draws=wishes, pieces=command.pieces or old.pieces)
    found = dispensing.consider(act.db, act.reference, act.actor, stated, act.now, has_second)
    drawn = {draw.vial_id: draw.share for draw in old.draws}
    sources = tuple(replace(each, drawn=drawn[each.vial.id]) for each in found.sources)
    return replace(found, sources=sources, returned=old)
