"""Say that what a flag stands for was seen to, by whom and how; the facts it came from remain."""

from radiopharm.core.actions import Action
from radiopharm.core.flags import SEEN_TO, FlagKind
from radiopharm.core.people import Person
from radiopharm.core.refusals import Refusal, Refused
from radiopharm.store import flags
from radiopharm.store.acts import Act


def see_to(act: Act, flag_id: int, reason: str) -> None:
    """Clear a flag that waits for a person; `Refused` where it clears by itself, or has."""
    flag = flags.get(act.db, act.actor.site.id, flag_id)
    if broken := _refusals(flag, act.actor):
        raise Refused(broken)

    flags.clear(act.db, [flag.id], act.now)
    act.record(
        Action.FLAG_SEEN_TO,
        f"{flag.subject}:{flag.subject_id}",
        reason=reason,
        kind=flag.kind,
        message=flag.message,
        raised_at=flag.raised_at,
    )


def _refusals(flag: flags.Flag, actor: Person) -> list[Refusal]:
    found = []
    if flag.cleared_at is not None:
        found.append(Refusal(code="cleared", message="This flag does not stand any more."))
    if FlagKind(flag.kind) not in SEEN_TO:
        said = "This flag clears by itself when its cause is gone."
        found.append(Refusal(code="clears_itself", message=said))
    if flag.kind == FlagKind.EMERGENCY_ACCESS and (
        actor.emergency or not actor.has("safety_officer", "admin")
    ):
        said = "The safety officer or an administrator sees to it, with an account of their own."
        found.append(Refusal(code="whose_it_is", message=said))
    return found
