"""Delay tanks: looked at by the rules of the day, and everything that is done to them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from radiopharm.core import tank_acts as rules
from radiopharm.core import tanks as core
from radiopharm.core.actions import Action
from radiopharm.core.discharging import DischargeTank, Drain
from radiopharm.core.people import Person
from radiopharm.core.reference import Reference
from radiopharm.core.refusals import Conflict, NotFound, Refused
from radiopharm.core.tank_acts import AddTank, ReadLevel, TakeSample, TankChange, UseTank
from radiopharm.core.tanks import Filling
from radiopharm.core.waste import contents
from radiopharm.services import drains, signatures
from radiopharm.services.drains import Judged
from radiopharm.services.stays import with_stays
from radiopharm.store import Connection, administrations, doses, tanks
from radiopharm.store.acts import Act


@dataclass(frozen=True, slots=True, kw_only=True)
class FillingAt:
    """A filling at an instant: its state, its account, and its becquerels as far as known."""

    filling: Filling
    at: datetime
    state: core.TankState
    account: core.Account
    contents_bq: dict[str, float]


def look(
    db: Connection, reference: Reference, site_id: int, filling_id: int, at: datetime
) -> FillingAt:
    """One filling at *at*; raises `NotFound`."""
    filling = with_stays(db, reference, site_id, tanks.filling(db, site_id, filling_id), at)
    known = core.account(filling, at)
    data = reference.default_nuclear_data
    found = contents(core.container(filling, at, data, known), at, data)
    return FillingAt(
        filling=filling,
        at=at,
        state=core.state(filling, at),
        account=known,
        contents_bq=dict(sorted(found.items(), key=lambda each: -each[1])),
    )


def judge(
    db: Connection,
    reference: Reference,
    actor: Person,
    filling_id: int,
    drain: Drain,
    at: datetime,
) -> Judged:
    """The discharge of a filling as it would be judged at *at*."""
    seen = look(db, reference, actor.site.id, filling_id, at)
    filling, data = seen.filling, reference.default_nuclear_data
    return drains.judge(
        db,
        reference,
        actor,
        core.container(filling, at, data, seen.account),
        drain,
        at,
        what=f"{filling.code} (tank {filling.tank.number})",
        key=filling.code,
        version=filling.sequence,
        missing=seen.account.missing,
        discharged_at=filling.discharged_at,
    )


def add(act: Act, command: AddTank) -> int:
    """Write a tank as built; returns its id."""
    site_id = act.actor.site.id
    if any(tank.number == command.number for tank in tanks.of_site(act.db, site_id)):
        raise Conflict("number_taken", f"There is a tank {command.number} already.")
    tank_id = tanks.add_tank(
        act.db,
        command.rooms,
        site_id=site_id,
        number=command.number,
        capacity_l=command.capacity_l,
        recorded_at=act.now,
        actor_id=act.actor.id,
    )
    act.record(
        Action.TANK_ADDED,
        f"tank:{tank_id}",
        number=command.number,
        capacity_l=command.capacity_l,
        rooms=list(command.rooms),
    )
    return tank_id


def open_filling(act: Act, tank_id: int) -> int:
    """Open a tank's inlet anew; `Refused` while it holds what was not discharged."""
    site_id = act.actor.site.id
    tank = tanks.tank(act.db, site_id, tank_id)
    if broken := rules.opening_refusals(tank, tanks.last_filling(act.db, site_id, tank_id)):
        raise Refused(broken)
    filling_id = tanks.add_filling(
        act.db, tank_id=tank_id, opened_at=act.now, recorded_at=act.now, actor_id=act.actor.id
    )
    act.record(Action.TANK_OPENED, f"filling:{filling_id}", f"tank:{tank_id}", number=tank.number)
    return filling_id


def read_level(act: Act, filling_id: int, command: ReadLevel) -> None:
    """Record a reading of the volume, or close the inlet with it; `Refused` with every reason."""
    at = command.at or act.now
    _require(
        act,
        filling_id,
        at,
        volume_l=command.volume_l,
        closes=command.closes,
        needs_open=command.closes,
    )
    reading = {"volume_l": command.volume_l, "instrument": command.instrument, "at": at}
    tanks.add_level(act.db, closes=command.closes, filling_id=filling_id, **_by(act), **reading)
    action = Action.TANK_CLOSED if command.closes else Action.TANK_READ
    act.record(action, f"filling:{filling_id}", **reading)


def void_level(act: Act, filling_id: int, key: str, reason: str) -> None:
    """Say that a reading does not count; the account is reckoned without it from then on.

    `NotFound` for one of another filling, `Refused` with every reason.
    """
    filling = tanks.filling(act.db, act.actor.site.id, filling_id)
    level = next((each for each in filling.levels if each.key == key), None)
    if level is None:
        raise NotFound(f"reading {key}")
    if broken := rules.void_refusals(filling, level):
        raise Refused(broken)
    tanks.add_void(act.db, key, reason=reason, **_by(act))
    act.record(
        Action.TANK_LEVEL_VOIDED,
        f"filling:{filling_id}",
        reason=reason,
        reading=key,
        volume_l=level.volume_l,
        closes=level.closes,
    )


def use(act: Act, filling_id: int, command: UseTank) -> None:
    """Count a given dose's excretion into a filling; `Refused` with every reason.

    Unless said otherwise from its start, or from the opening of a tank that was opened later.
    """
    site_id = act.actor.site.id
    dose = doses.get(act.db, site_id, command.dispensing_id)
    given = administrations.of_dose(act.db, dose.id)
    given_at = given["started_at"] if given else None
    opened_at = tanks.filling(act.db, site_id, filling_id).opened_at
    from_at = command.from_at or max(given_at or opened_at, opened_at)
    _require(act, filling_id, from_at, room=command.room, given_at=given_at, needs_open=True)
    if dose.id in {row.dispensing_id for row in tanks.stays(act.db, [filling_id])[filling_id]}:
        raise Conflict("counted_already", f"{dose.code} is counted in this filling already.")
    where = {"room": command.room, "from_at": from_at}
    tanks.add_stay(act.db, filling_id=filling_id, dispensing_id=dose.id, **_by(act), **where)
    act.record(Action.TANK_USED, f"filling:{filling_id}", f"dose:{dose.id}", **where)


def sample(act: Act, filling_id: int, command: TakeSample) -> None:
    """Record a measured concentration; `Refused` with every reason."""
    at = command.sampled_at or act.now
    data = act.reference.default_nuclear_data
    _require(act, filling_id, at, nuclide=command.nuclide, data=data)
    found = {
        "nuclide": command.nuclide,
        "bq_per_l": command.bq_per_l,
        "text": command.text,
        "instrument": command.instrument,
        "sampled_at": at,
    }
    tanks.add_sample(act.db, filling_id=filling_id, **_by(act), **found)
    act.record(Action.TANK_SAMPLED, f"filling:{filling_id}", **found)


def discharge(act: Act, filling_id: int, command: DischargeTank) -> int:
    """Let a closed filling into the drain, once, with a signature; returns the discharge's id.

    Raises `Conflict` when it has changed since the signer looked, `Refused` with every reason.
    """
    signing = command.signature
    judged = judge(act.db, act.reference, act.actor, filling_id, command.drain, act.now)
    if command.after_sequence not in (None, judged.version):
        raise Conflict("stale", f"{judged.key} has changed since you looked. Look at it again.")
    shown_at = signing.shown_at or act.now
    shown = judge(act.db, act.reference, act.actor, filling_id, command.drain, shown_at)
    meaning = signatures.meaning_of(signing, drains.MEANING)
    signature_id = drains.sign(act, judged, signing, shown.statement(meaning))
    closing = tanks.filling(act.db, act.actor.site.id, filling_id).closing
    volume_ml = closing.volume_l * 1000 if closing else None
    return drains.keep(
        act,
        judged,
        signature_id,
        f"filling:{filling_id}",
        filling_id=filling_id,
        volume_ml=volume_ml,
    )


def _require(act: Act, filling_id: int, at: datetime, **what: Any) -> None:
    site_id = act.actor.site.id
    filling = tanks.filling(act.db, site_id, filling_id)
    whole = with_stays(act.db, act.reference, site_id, filling, act.now)
    change = TankChange(filling=whole, at=at, now=act.now, **what)
    if broken := rules.refusals(change):
        raise Refused(broken)


def _by(act: Act) -> dict[str, Any]:
    return {"recorded_at": act.now, "actor_id": act.actor.id}
