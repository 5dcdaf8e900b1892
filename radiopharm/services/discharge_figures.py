"""Figures of discharge that the safety officer enters: the sewage of a month, an excretion."""

from radiopharm.core.actions import Action
from radiopharm.core.discharge_figures import EnterFigure, faults
from radiopharm.core.refusals import Invalid
from radiopharm.store import discharges
from radiopharm.store.acts import Act


def enter(act: Act, command: EnterFigure) -> int:
    """Write a figure; what was in force until then stays on record. Raises `Invalid`."""
    if broken := faults(command, act.reference):
        raise Invalid(broken)
    site_id, from_at = act.actor.site.id, command.from_at or act.now
    old = discharges.figures(act.db, site_id, command.kind, from_at).get(command.subject)
    figure_id = discharges.add_figure(
        act.db,
        site_id=site_id,
        kind=str(command.kind),
        subject=command.subject,
        value=command.value,
        source=command.source,
        from_at=from_at,
        recorded_at=act.now,
        actor_id=act.actor.id,
    )
    act.record(
        Action.DISCHARGE_FIGURE_ENTERED,
        f"figure:{figure_id}",
        reason=command.reason,
        kind=str(command.kind),
        subject=command.subject,
        value=command.value,
        source=command.source,
        from_at=from_at,
        old={"value": old.value if old else None},
    )
    return figure_id
