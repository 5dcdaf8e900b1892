"""Several containers are released in one act of signing: a loop of full checks, a record for each.

What does not pass is named with all its reasons and stays; the rest leaves. All of it is one
transaction, so that a container is released wholly or not at all, whatever stops the program.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from radiopharm.core import waste_statements as statements
from radiopharm.core.checking import ContainerAt
from radiopharm.core.day_limits import Day
from radiopharm.core.leaving import Outgoing
from radiopharm.core.people import Person
from radiopharm.core.reference import Reference
from radiopharm.core.refusals import Conflict, Refusal, Refused
from radiopharm.core.releasing import ReleaseTogether, Ticked
from radiopharm.core.signing import Signing, Statement
from radiopharm.services import containers, day_account, releasing, signatures
from radiopharm.services.releasing import CARRIED_OUT, MEANING, RELEASERS
from radiopharm.store import Connection, waste
from radiopharm.store.acts import Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """Ticked containers as they are judged: those that may leave, and why the others may not."""

    ready: tuple[ContainerAt, ...]
    refused: tuple[tuple[ContainerAt, tuple[Refusal, ...]], ...]

    @property
    def reasons(self) -> tuple[Refusal, ...]:
        """Every reason with the code of its container."""
        return tuple(
            replace(each, message=f"{seen.container.code}: {each.message}")
            for seen, reasons in self.refused
            for each in reasons
        )


def release_together(act: Act, command: ReleaseTogether) -> Sorted:
    """Release those of the ticked containers that pass; answers which, and why the others did not.

    Raises `Refused` with every reason of each when none passes, else as `releasing.release`.
    """
    shown_at = command.signature.shown_at or act.now
    now = judge(act.db, act.reference, act.actor, command, act.now)
    shown = judge(act.db, act.reference, act.actor, command, shown_at)
    signed = {seen.container.id: seen for seen in shown.ready}
    leaving = tuple(seen for seen in now.ready if seen.container.id in signed)
    if not leaving:
        raise Refused(now.reasons)

    parts = [signed[seen.container.id] for seen in leaving]
    officers = _sign(
        act, shown.ready, parts, command, command.signature, MEANING, signatures.OFFICER
    )
    releasers = _beside(act, shown.ready, parts, command)
    for seen, officer, releaser in zip(leaving, officers, releasers, strict=True):
        releasing.keep(act, seen, command.outgoing, officer, releaser)
    return Sorted(ready=leaving, refused=now.refused)


def judge(
    db: Connection,
    reference: Reference,
    actor: Person,
    command: ReleaseTogether,
    at: datetime,
    *,
    has_releaser: bool | None = None,
) -> Sorted:
    """Each ticked container by its own full check at *at*; raises `NotFound`."""
    beside = command.releaser is not None if has_releaser is None else has_releaser
    day = day_account.today(db, reference, actor.site, at)
    ready: list[ContainerAt] = []
    refused = []
    for ticked in _once(command.containers):
        seen = containers.look(db, reference, actor.site.id, ticked.container_id, at, command.pack)
        why = (*_changed(seen, ticked), *_refusals(seen, command.outgoing, actor, day, beside))
        if why:
            refused.append((seen, why))
        else:
            ready.append(seen)
            day = day.after(seen.check.contents_bq)
    return Sorted(ready=tuple(ready), refused=tuple(refused))


def statement(
    ready: Sequence[ContainerAt], outgoing: Outgoing, actor: Person, meaning: str = MEANING
) -> Statement:
    """What is signed of several releases at once."""
    parts = [releasing.statement(seen, outgoing, actor, meaning) for seen in ready]
    return statements.of_releases(parts, meaning=meaning)


def _once(ticked: Sequence[Ticked]) -> list[Ticked]:
    """Each container once, the last tick of it."""
    return list({each.container_id: each for each in ticked}.values())


def _refusals(
    seen: ContainerAt, outgoing: Outgoing, actor: Person, day: Day, has_releaser: bool
) -> tuple[Refusal, ...]:
    return releasing.refusals(seen, outgoing, actor, day, has_releaser=has_releaser)


def _changed(seen: ContainerAt, ticked: Ticked) -> tuple[Refusal, ...]:
    try:
        waste.require_sequence(seen.container, ticked.after_sequence)
    except Conflict as conflict:
        return (Refusal(code=conflict.code, message=conflict.message),)
    return ()


def _beside(
    act: Act, shown: Sequence[ContainerAt], parts: Sequence[ContainerAt], command: ReleaseTogether
) -> list[int] | list[None]:
    releaser = command.releaser
    if releaser is None:
        return [None] * len(parts)
    releasing.require_two(act, command.signature, releaser, "releaser.username")
    return _sign(act, shown, parts, command, releaser, CARRIED_OUT, RELEASERS)


def _sign(
    act: Act,
    shown: Sequence[ContainerAt],
    parts: Sequence[ContainerAt],
    command: ReleaseTogether,
    signing: Signing,
    usual: str,
    roles: tuple[str, ...],
) -> list[int]:
    """One person's signatures: the whole as it was shown is signed, each part is kept."""
    meaning = signatures.meaning_of(signing, usual)
    whole = statement(shown, command.outgoing, act.actor, meaning)
    each = [releasing.statement(seen, command.outgoing, act.actor, meaning) for seen in parts]
    return signatures.sign_each(act, whole, each, signing, roles=roles)
