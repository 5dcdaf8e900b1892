"""Something happens to a vial that moves no activity: it is opened, moved, quarantined, kept."""

from radiopharm.core import happenings as rules
from radiopharm.core.actions import Action
from radiopharm.core.happenings import Happen, Happened
from radiopharm.core.refusals import Invalid, Refusal, Refused
from radiopharm.core.vials import Happening
from radiopharm.store import Connection, directives, vials
from radiopharm.store.acts import Act

ACTIONS = {
    Happening.QUARANTINED: Action.VIAL_QUARANTINED,
    Happening.RELEASED: Action.VIAL_RELEASED,
    Happening.OPENED: Action.VIAL_OPENED,
    Happening.THAWED: Action.VIAL_THAWED,
    Happening.MOVED: Action.VIAL_MOVED,
    Happening.ALLOCATED: Action.VIAL_ALLOCATED,
}


def happen(act: Act, vial_id: int, command: Happen) -> None:
    """Write what happened; `Refused` with every reason, `Conflict` on a stale page."""
    site_id = act.actor.site.id
    vial = vials.get(act.db, site_id, vial_id)
    vials.require_sequence(vial, command.after_sequence)
    given = Happened(
        command=command,
        vial=vial,
        product=act.reference.products[vial.product],
        now=act.now,
        directive_product=_product_of(act.db, site_id, command.directive_id),
    )
    if broken := rules.refusals(given):
        raise Refused(broken)

    event = rules.event(given, act.actor.id)
    before = vial.latest(command.kind)
    vials.add_event(act.db, vial_id, event)
    act.record(
        ACTIONS[command.kind],
        f"vial:{vial_id}",
        *([f"directive:{command.directive_id}"] if command.directive_id else []),
        reason=command.reason,
        occurred_at=event.occurred_at,
        late=given.timing.is_late,
        place=event.place,
        directive_id=event.directive_id,
        use_by_at=event.use_by_at,
        old={"place": before.place, "directive_id": before.directive_id} if before else None,
    )


def _product_of(db: Connection, site_id: int, directive_id: int | None) -> str | None:
    if directive_id is None:
        return None
    found = directives.by_ids(db, site_id, [directive_id])
    if not found:
        said = "There is no such directive."
        raise Invalid([Refusal(code="unknown_directive", field="directive_id", message=said)])
    return found[0].newest.product
