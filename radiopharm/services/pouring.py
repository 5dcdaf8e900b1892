"""Liquid goes straight to the drain: out of a vial, or declared; judged, signed, and kept."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from radiopharm.core import formatting as fmt
from radiopharm.core.containers import Source
from radiopharm.core.corrections import Taking
from radiopharm.core.discharging import Drain, Liquid, Pour
from radiopharm.core.filling import PutItem
from radiopharm.core.ledger import Kind
from radiopharm.core.people import Person
from radiopharm.core.reference import Reference
from radiopharm.core.refusals import Refusal
from radiopharm.core.registers import code
from radiopharm.core.waste import Container, PutIn
from radiopharm.services import corrections, signatures
from radiopharm.services.drains import MEANING, Judged, judge, keep, sign
from radiopharm.services.waste_origins import Origin, origin_of
from radiopharm.store import Connection
from radiopharm.store.acts import Act


def consider(
    db: Connection, reference: Reference, actor: Person, liquid: Liquid, drain: Drain, at: datetime
) -> Judged:
    """Pouring *liquid* away as it is judged at *at*; raises as `waste_origins.origin_of`."""
    looking = Act(db=db, now=at, actor=actor, reference=reference, audit_key=b"")
    return _judged(looking, liquid, drain, at)[1]


def pour(act: Act, command: Pour) -> int:
    """Pour liquid away with a safety officer's signature; returns the discharge's id.

    What came from a vial leaves its book by the same act. `Refused` with every reason.
    """
    liquid, drain, signing = command.liquid, command.drain, command.signature
    origin, judged = _judged(act, liquid, drain, act.now)
    _, shown = _judged(act, liquid, drain, signing.shown_at or act.now)
    meaning = signatures.meaning_of(signing, MEANING)
    signature_id = sign(act, judged, signing, shown.statement(meaning))
    where: dict[str, Any] = {"volume_ml": _whole_ml(liquid)}
    if liquid.vial_id is not None:
        sequence = corrections.take(act, liquid.vial_id, _taking(liquid))
        where |= {"vial_id": liquid.vial_id, "sequence": sequence}
    return keep(act, judged, signature_id, *origin.subjects, **where)


def _judged(act: Act, liquid: Liquid, drain: Drain, at: datetime) -> tuple[Origin, Judged]:
    origin = _origin(act, liquid, at)
    container = Container(
        items=(PutIn(put_in_at=at, portions=origin.portions),),
        sealed_at=at,
        volume_ml=_whole_ml(liquid),
    )
    what = liquid.description or origin.description
    judged = judge(act.db, act.reference, act.actor, container, drain, at, what=what)
    refusals = (*(origin.refusals or _of_book(act, liquid)), *judged.refusals)
    return origin, replace(judged, refusals=refusals, taken=_taken(liquid))


def _taken(liquid: Liquid) -> str:
    """``20.50 mL of V-000017``."""
    volume = fmt.ml(liquid.volume_ul)
    return f"{volume} of {code('V', liquid.vial_id)}" if liquid.vial_id else volume


def _origin(act: Act, liquid: Liquid, at: datetime) -> Origin:
    is_vial = liquid.vial_id is not None
    item = PutItem(
        source=Source.VIAL if is_vial else Source.OTHER,
        description=liquid.description,
        vial_id=liquid.vial_id,
        after_sequence=liquid.after_sequence,
        volume_ul=liquid.volume_ul if is_vial else None,
        activities_bq=liquid.activities_bq,
    )
    return origin_of(act, item, at)


def _whole_ml(liquid: Liquid) -> int | None:
    """Rounded down, so that no concentration is said too low; less than one is not known."""
    whole_ml = liquid.volume_ul // 1000
    return whole_ml if whole_ml else None


def _of_book(act: Act, liquid: Liquid) -> tuple[Refusal, ...]:
    """What of the vial's own book stands in the way."""
    if liquid.vial_id is None:
        return ()
    return corrections.refusals(act, liquid.vial_id, _taking(liquid))


def _taking(liquid: Liquid) -> Taking:
    assert liquid.after_sequence is not None
    return Taking(
        kind=Kind.DISCARDED,
        after_sequence=liquid.after_sequence,
        volume_ul=liquid.volume_ul,
        reason=f"To the drain: {liquid.description}"[:200],
    )
