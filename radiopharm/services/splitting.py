"""One dose, residue or part of a vial goes into several containers at once, by percent."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from radiopharm.core import filling, splitting
from radiopharm.core.actions import Action
from radiopharm.core.containers import WasteContainer
from radiopharm.core.people import Person
from radiopharm.core.reference import Reference
from radiopharm.core.refusals import Invalid, Refusal, Refused
from radiopharm.core.registers import code
from radiopharm.core.splitting import Share, Split
from radiopharm.core.waste import Portion
from radiopharm.services import corrections, waste
from radiopharm.services.waste_origins import Origin, origin_of
from radiopharm.store import Connection, shares
from radiopharm.store import waste as store
from radiopharm.store.acts import Act

LINE = 200
PART = {"source": "part"}
"""Of a further share: its source is named by the first one's item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """A split as it stands at `at`: what there is, what each container would get, what forbids it.

    `parts` is empty where the shares are no whole; `wrong` cannot be so, `refusals` may not.
    """

    at: datetime
    origin: Origin
    parts: Mapping[int, tuple[Portion, ...]]
    wrong: tuple[Refusal, ...]
    refusals: tuple[Refusal, ...]


def consider(
    db: Connection, reference: Reference, actor: Person, command: Split, at: datetime
) -> Considered:
    """The split as it is judged at *at*; raises as `waste_origins.origin_of`."""
    looking = Act(db=db, now=at, actor=actor, reference=reference, audit_key=b"")
    return _considered(looking, command)


def split(act: Act, command: Split) -> int:
    """Put one thing into several containers; returns the id of the first share's item.

    `Invalid` where shares or instant cannot be so, `Refused` with every reason of every container,
    `Conflict` when the vial has moved on; then nothing went anywhere.
    """
    found = _considered(act, command)
    if found.wrong:
        raise Invalid(found.wrong)
    if found.refusals:
        raise Refused(found.refusals)

    items = _add_items(act, command, found)
    shares.add(act.db, items, command.shares)
    act.record(
        Action.CONTAINER_ITEM_SPLIT,
        *(f"container:{share.container_id}" for share in command.shares),
        *found.origin.subjects,
        reason=command.item.reason,
        source=str(command.item.source),
        put_in_at=found.at,
        percent={code("W", share.container_id): f"{share.percent:f}" for share in command.shares},
        contents_bq={code("W", number): _bq(part) for number, part in found.parts.items()},
    )
    return items[0]


def _considered(act: Act, command: Split) -> Considered:
    at = command.item.put_in_at or act.now
    wrong = list(splitting.faults(command.shares))
    try:
        origin = origin_of(act, command.item, at)
    except Invalid as why:
        raise Invalid([*why.refusals, *wrong]) from why
    refusals = _of_source(act, command, origin, at)
    parts = {} if wrong else splitting.parts(origin.portions, command.shares)
    for container in _containers(act, command.shares):
        change = origin.into(container, at, act.now)
        wrong += filling.faults(change)
        refusals += filling.filling_refusals(change)
    return Considered(
        at=at,
        origin=origin,
        parts=parts,
        wrong=tuple(dict.fromkeys(wrong)),
        refusals=tuple(refusals),
    )


def _of_source(act: Act, command: Split, origin: Origin, at: datetime) -> list[Refusal]:
    """Everything that forbids taking it where it comes from."""
    vial_id = command.item.vial_id
    if vial_id is None or origin.refusals:
        return list(origin.refusals)
    return list(corrections.refusals(act, vial_id, waste.discarding(command.item, at)))


def _containers(act: Act, named: tuple[Share, ...]) -> list[WasteContainer]:
    """Each container once, in the order named; raises `NotFound`."""
    ids = dict.fromkeys(share.container_id for share in named)
    return [store.get(act.db, act.actor.site.id, number) for number in ids]


def _add_items(act: Act, command: Split, found: Considered) -> list[int]:
    """Write an item a share, in their order; the first alone names the source."""
    named = waste.sourced(act, command.item, found.at, found.origin)
    what = command.item.description or found.origin.description
    items = []
    for share, (_, upto) in zip(command.shares, splitting.ends(command.shares), strict=True):
        said = f"{share.percent:f} % of {what}"[:LINE]
        item = replace(command.item, description=said)
        origin = replace(found.origin, portions=found.parts[share.container_id])
        columns = {**(PART if items else named), "upto_millionths": upto}
        items.append(waste.add_item(act, share.container_id, item, found.at, origin, columns))
    return items


def _bq(portions: tuple[Portion, ...]) -> dict[str, int]:
    return {portion.symbol: portion.activity_bq for portion in portions}
