"""Where waste comes from: a vial's remainder, a returned dose, a residue, or other material.

An origin says what goes in at that instant, nuclide by nuclide, what forbids it, and which columns
of the item name it. Nothing is written here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from radiopharm.core import formatting as fmt
from radiopharm.core.containers import Source, WasteContainer
from radiopharm.core.decay import UndefinedBefore
from radiopharm.core.doses import Dose
from radiopharm.core.filling import Change, PutItem
from radiopharm.core.ledger import Amount, share
from radiopharm.core.nuclides import UnknownNuclide
from radiopharm.core.portions import declared_portions, portions, together
from radiopharm.core.reference import Reference
from radiopharm.core.refusals import Invalid, Refusal
from radiopharm.core.registers import code
from radiopharm.core.vials import Vial
from radiopharm.core.waste import Portion
from radiopharm.store import administrations, doses, shares, vials
from radiopharm.store.acts import Act

Part = tuple[Vial, Amount]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What is about to go in: its principal nuclide, what it holds, and what it was taken from.

    `since` is when it came to be, where that is known: waste waits from when it went in, so nothing
    may seem to have waited before.
    """

    nuclide: str
    portions: tuple[Portion, ...]
    data_set: str
    description: str
    columns: Mapping[str, int]
    since: datetime | None = None
    subjects: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    def into(self, container: WasteContainer, at: datetime, now: datetime) -> Change:
        """What putting it into *container* at *at* would change."""
        return Change(
            container=container,
            at=at,
            now=now,
            field="put_in_at",
            nuclide=self.nuclide,
            since=self.since,
        )


def origin_of(act: Act, command: PutItem, at: datetime) -> Origin:
    """The origin of an item that goes in at *at*.

    `NotFound` for what this site does not have, `Conflict` when the vial has moved on, `Invalid`
    where its contents cannot be computed.
    """
    return _ORIGINS[command.source](act, command, at)


def _of_vial(act: Act, command: PutItem, at: datetime) -> Origin:
    assert command.vial_id is not None
    assert command.after_sequence is not None
    vial = vials.get(act.db, act.actor.site.id, command.vial_id)
    vials.require_sequence(vial, command.after_sequence)
    held = vial.ledger.balance
    volume_ul = held.volume_ul if command.volume_ul is None else command.volume_ul
    possible = 0 < volume_ul <= held.volume_ul
    taken = share(held, volume_ul) if possible else held
    return Origin(
        nuclide=vial.nuclide,
        portions=_contents([(vial, taken)], at, act.reference),
        data_set=vial.data_set,
        description=f"{fmt.ml(taken.volume_ul)} of {vial.code}, lot {vial.lot}",
        columns={"vial_id": vial.id},
        subjects=(f"vial:{vial.id}",),
        refusals=() if possible else (_more_than_held(vial),),
    )


def _of_dose(act: Act, command: PutItem, at: datetime) -> Origin:
    assert command.dispensing_id is not None
    dose = doses.get(act.db, act.actor.site.id, command.dispensing_id)
    parts = _parts(act, dose)
    said = f"{dose.code} is no returned dose that waits for a place. Only a dose that was drawn and"
    refusal = Refusal(code="not_returned", message=f"{said} then voided goes into waste whole.")
    return Origin(
        nuclide=dose.nuclide,
        portions=_contents(parts, at, act.reference),
        data_set=parts[0][0].data_set,
        description=f"Returned dose {dose.code}",
        columns={"dispensing_id": dose.id},
        since=dose.measured_at,
        subjects=(f"dose:{dose.id}",),
        refusals=() if dose.needs_a_place else (refusal,),
    )


def _of_residue(act: Act, command: PutItem, at: datetime) -> Origin:
    assert command.residue_id is not None
    site_id = act.actor.site.id
    residue = administrations.residue(act.db, site_id, command.residue_id)
    dose = doses.get(act.db, site_id, residue.dispensing_id)
    parts = _parts(act, dose)
    name = f"{residue.item} of {dose.code}"
    reading = (residue.measured_bq, residue.measured_at)
    return Origin(
        nuclide=dose.nuclide,
        portions=_contents(parts, at, act.reference, reading=reading),
        data_set=parts[0][0].data_set,
        description=f"Residue: {name}",
        columns={"residue_id": residue.id},
        since=residue.measured_at,
        subjects=(f"dose:{dose.id}",),
        refusals=() if residue.item_id is None else (_placed(act, name, residue.item_id),),
    )


def _of_other(act: Act, command: PutItem, at: datetime) -> Origin:
    data = act.reference.default_nuclear_data
    try:
        declared = declared_portions(command.activities_bq, data)
    except UnknownNuclide as unknown:
        raise _invalid("unknown_nuclide", "activities", unknown.message) from unknown
    return Origin(
        nuclide=declared[0].symbol,
        portions=declared,
        data_set=data.name,
        description="",
        columns={},
    )


_ORIGINS: dict[Source, Callable[[Act, PutItem, datetime], Origin]] = {
    Source.VIAL: _of_vial,
    Source.DOSE: _of_dose,
    Source.RESIDUE: _of_residue,
    Source.SURFACE: _of_other,
    Source.OTHER: _of_other,
}


def _parts(act: Act, dose: Dose) -> list[Part]:
    return [(vials.get(act.db, dose.site_id, draw.vial_id), draw.share) for draw in dose.draws]


def _contents(
    parts: list[Part],
    at: datetime,
    reference: Reference,
    *,
    reading: tuple[int, datetime] | None = None,
) -> tuple[Portion, ...]:
    """What the parts are together at *at*; where the principal nuclide was read (Bq, instant),
    scaled to agree with the *reading*."""
    try:
        scale = 1.0 if reading is None else _scale(parts, reading, reference)
        found = [portions(vial, amount, at, reference, scale) for vial, amount in parts]
    except UndefinedBefore as early:
        since = parts[0][0].reference_at + timedelta(seconds=early.elapsed_s)
        said = f"{early.nuclide} was not there before {fmt.instant(since, UTC)}. Check the time."
        raise _invalid("undefined", "put_in_at", said) from early
    return together(portion for each in found for portion in each)


def _scale(parts: list[Part], reading: tuple[int, datetime], reference: Reference) -> float:
    measured_bq, measured_at = reading
    booked = together(p for part in parts for p in portions(*part, measured_at, reference))
    if booked[0].activity_bq == 0:
        said = "The book has nothing of this dose. Enter it as other material."
        raise _invalid("nothing_booked", "residue_id", said)
    return measured_bq / booked[0].activity_bq


def _placed(act: Act, name: str, item_id: int) -> Refusal:
    lies = shares.places(act.db, [item_id])[item_id]
    where = " and ".join(code("W", share.container_id) for share in lies)
    said = f"The residue ({name}) is in {where} already."
    return Refusal(code="in_waste_already", message=said)


def _more_than_held(vial: Vial) -> Refusal:
    held = fmt.ml(vial.ledger.balance.volume_ul)
    said = f"{vial.code} holds {held}. Look at it again, and write how much goes in."
    return Refusal(code="insufficient", field="volume", message=said, limit=held)


def _invalid(code: str, field: str, message: str) -> Invalid:
    return Invalid([Refusal(code=code, field=field, message=message)])
