"""Limits of what is held, or leaves in a day: by the safety officer, each from its own instant."""

from radiopharm.core.actions import Action
from radiopharm.core.limits import SetLimit, unknown_nuclide
from radiopharm.core.refusals import Invalid
from radiopharm.store import limits
from radiopharm.store.acts import Act


def set_limit(act: Act, command: SetLimit) -> int:
    """Write a limit; what was in force until then stays on record. Raises `Invalid`."""
    if broken := unknown_nuclide(command, act.reference.default_nuclear_data):
        raise Invalid([broken])
    site_id, from_at = act.actor.site.id, command.from_at or act.now
    old_bq = limits.in_force(act.db, site_id, from_at, command.per).get(command.nuclide)
    limit_id = limits.add(
        act.db,
        site_id=site_id,
        nuclide=command.nuclide,
        limit_bq=command.limit_bq,
        source=command.source,
        per=command.per,
        from_at=from_at,
        recorded_at=act.now,
        actor_id=act.actor.id,
    )
    act.record(
        Action.LIMIT_SET,
        f"limit:{limit_id}",
        reason=command.reason,
        nuclide=command.nuclide,
        limit_bq=command.limit_bq,
        source=command.source,
        per=command.per,
        from_at=from_at,
        old={"limit_bq": old_bq},
    )
    return limit_id
