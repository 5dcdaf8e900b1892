"""Waste goes into containers, which are moved, measured and sealed."""

from collections.abc import Mapping
from datetime import date, datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from radiopharm.core import filling as rules
from radiopharm.core.actions import Action
from radiopharm.core.container_numbers import NumberScheme
from radiopharm.core.containers import ContainerEvent, Source, Step
from radiopharm.core.corrections import Taking
from radiopharm.core.filling import Change, Measure, OpenContainer, PutItem, Reopen, Seal
from radiopharm.core.instruments import InstrumentKind
from radiopharm.core.ledger import Kind
from radiopharm.core.local_time import midnight
from radiopharm.core.refusals import Invalid, Refused
from radiopharm.services import corrections, instruments
from radiopharm.services.waste_origins import Origin, origin_of
from radiopharm.store import waste
from radiopharm.store.acts import Act


def open_container(act: Act, command: OpenContainer, scheme: NumberScheme) -> int:
    """Write a new container, numbered by *scheme*; returns its id.

    `Invalid` with every reason why it cannot be so.
    """
    opened_at = command.opened_at or act.now
    data = act.reference.default_nuclear_data
    if broken := rules.opening_faults(command.nuclide, opened_at, act.now, data):
        raise Invalid(broken)

    number = _number(act, command, opened_at, scheme)
    container_id = waste.add(
        act.db,
        site_id=act.actor.site.id,
        number=number,
        kind=str(command.kind),
        nuclide=command.nuclide,
        place=command.place,
        description=command.description,
        opened_at=opened_at,
        recorded_at=act.now,
        actor_id=act.actor.id,
    )
    act.record(
        Action.CONTAINER_OPENED,
        f"container:{container_id}",
        number=number,
        kind=str(command.kind),
        nuclide=command.nuclide,
        place=command.place,
        opened_at=opened_at,
    )
    return container_id


def _number(act: Act, command: OpenContainer, opened_at: datetime, scheme: NumberScheme) -> str:
    """The next number of the site's year, which the site's lock keeps for this act.

    The running number counts what was opened in the year by whatever scheme; one that an older
    scheme has given already is passed over.
    """
    site = act.actor.site
    zone = ZoneInfo(site.zone)
    year = opened_at.astimezone(zone).year
    begin, end = (midnight(date(each, 1, 1), zone) for each in (year, year + 1))
    before = waste.numbered_between(act.db, site.id, begin, end)
    numbers = (
        scheme.number(
            year=year,
            sequence=sequence,
            nuclide=command.nuclide,
            place=command.place,
            kind=str(command.kind),
        )
        for sequence in count(before + 1)
    )
    return next(each for each in numbers if not waste.is_taken(act.db, site.id, each))


def put_in(act: Act, container_id: int, command: PutItem) -> int:
    """Put something in; returns the item's id.

    `Invalid` where the instant or the contents cannot be so, `Refused` with every reason,
    `Conflict` when the vial has moved on.
    """
    container = waste.get(act.db, act.actor.site.id, container_id)
    at = command.put_in_at or act.now
    origin = origin_of(act, command, at)
    change = origin.into(container, at, act.now)
    if broken := rules.faults(change):
        raise Invalid(broken)
    if reasons := (*origin.refusals, *rules.filling_refusals(change)):
        raise Refused(reasons)

    columns = sourced(act, command, at, origin)
    item_id = add_item(act, container_id, command, at, origin, columns)
    act.record(
        Action.CONTAINER_ITEM_ADDED,
        f"container:{container_id}",
        *origin.subjects,
        reason=command.reason,
        source=str(command.source),
        put_in_at=at,
        contents_bq={portion.symbol: portion.activity_bq for portion in origin.portions},
    )
    return item_id


def seal(act: Act, container_id: int, command: Seal) -> None:
    """Close a container for good; `Invalid` or `Refused` with every reason."""
    container = waste.get(act.db, act.actor.site.id, container_id)
    at = command.sealed_at or act.now
    change = Change(container=container, at=at, now=act.now, field="sealed_at")
    if broken := rules.seal_faults(change):
        raise Invalid(broken)
    if broken := rules.sealing_refusals(change):
        raise Refused(broken)

    measured = {"mass_g": command.mass_g, "volume_ml": command.volume_ml}
    add_event(act, container_id, Step.SEALED, at, reason=command.reason, **measured)
    act.record(
        Action.CONTAINER_SEALED,
        f"container:{container_id}",
        reason=command.reason,
        sealed_at=at,
        **measured,
    )


def reopen(act: Act, container_id: int, command: Reopen) -> None:
    """Open a sealed container again; `Invalid` or `Refused` with every reason."""
    container = waste.get(act.db, act.actor.site.id, container_id)
    at = command.reopened_at or act.now
    change = Change(container=container, at=at, now=act.now, field="reopened_at")
    if broken := rules.reopening_faults(change):
        raise Invalid(broken)
    if broken := rules.reopening_refusals(change, command.reason):
        raise Refused(broken)

    add_event(act, container_id, Step.REOPENED, at, reason=command.reason)
    subject = f"container:{container_id}"
    act.record(Action.CONTAINER_REOPENED, subject, reason=command.reason, reopened_at=at)


def move(act: Act, container_id: int, place: str, reason: str) -> None:
    """Put a container somewhere else; `Refused` when it is no longer here."""
    container = waste.get(act.db, act.actor.site.id, container_id)
    change = Change(container=container, at=act.now, now=act.now, field="place")
    if broken := rules.keeping_refusals(change):
        raise Refused(broken)

    add_event(act, container_id, Step.MOVED, act.now, reason=reason, place=place)
    act.record(
        Action.CONTAINER_MOVED,
        f"container:{container_id}",
        reason=reason,
        place=place,
        old={"place": container.place(act.now)},
    )


def measure(act: Act, container_id: int, reading: Measure) -> int:
    """Record a survey, also one made before the seal; only a later one counts. Returns its id."""
    site_id = act.actor.site.id
    container = waste.get(act.db, site_id, container_id)
    instruments.for_reading(act.db, site_id, reading.instrument_id, InstrumentKind.SURVEY_METER)
    change = Change(container=container, at=reading.measured_at, now=act.now, field="measured_at")
    if broken := rules.faults(change):
        raise Invalid(broken)
    if broken := rules.keeping_refusals(change):
        raise Refused(broken)

    measurement_id = waste.add_measurement(act.db, container_id, reading, act.now, act.actor.id)
    act.record(
        Action.CONTAINER_MEASURED,
        f"container:{container_id}",
        f"instrument:{reading.instrument_id}",
        background=f"{reading.background:f} {reading.unit}",
        reading=f"{reading.reading:f} {reading.unit}",
        unshielded=reading.unshielded,
        most_sensitive_scale=reading.most_sensitive_scale,
        measured_at=reading.measured_at,
        place=reading.place,
    )
    return measurement_id


def add_event(act: Act, container_id: int, step: Step, at: datetime, **what: Any) -> int:
    """Write that something happened to a container; returns the event's id."""
    event = ContainerEvent(step=step, at=at, recorded_at=act.now, actor_id=act.actor.id, **what)
    return waste.add_event(act.db, container_id, event)


def sourced(act: Act, command: PutItem, at: datetime, origin: Origin) -> dict[str, Any]:
    """The columns that name where it comes from; what came from a vial leaves its book for it."""
    named = {"source": str(command.source), **origin.columns}
    return named | _discarded(act, command, at) if command.source is Source.VIAL else named


def add_item(
    act: Act,
    container_id: int,
    command: PutItem,
    at: datetime,
    origin: Origin,
    columns: Mapping[str, Any],
) -> int:
    """Write an item of *origin*; *columns* say which source it is of. Returns its id."""
    values: dict[str, Any] = {
        "container_id": container_id,
        "description": command.description or origin.description,
        "put_in_at": at,
        "recorded_at": act.now,
        "actor_id": act.actor.id,
        "articles": command.articles,
        **columns,
    }
    return waste.add_item(act.db, values, origin.portions, origin.data_set)


def _discarded(act: Act, command: PutItem, at: datetime) -> dict[str, int]:
    """Post what leaves the vial, by the number of its entry."""
    taking = discarding(command, at)
    assert command.vial_id is not None
    return {"sequence": corrections.take(act, command.vial_id, taking)}


def discarding(command: PutItem, at: datetime) -> Taking:
    """What an item takes from its vial."""
    assert command.after_sequence is not None
    return Taking(
        kind=Kind.DISCARDED,
        after_sequence=command.after_sequence,
        volume_ul=command.volume_ul,
        reason=command.reason,
        occurred_at=at,
    )
