"""Dispense a dose: look at the situation, decide, write entries, dose and signature in one act."""

import json
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from radiopharm.core import dispensing_rules as rules
from radiopharm.core import statements, working
from radiopharm.core.actions import Action
from radiopharm.core.dispensing import DispenseDose, Situation, Source
from radiopharm.core.dose_tolerance import meets_event_percentage
from radiopharm.core.people import Person
from radiopharm.core.reference import Reference
from radiopharm.core.refusals import Invalid, Refusal, Refused
from radiopharm.core.second_check import Second
from radiopharm.core.signing import Signing, Statement
from radiopharm.core.vials import nuclear_data
from radiopharm.services import check_standings, intervals, readings, second_checks, signatures
from radiopharm.services.drawing import draw
from radiopharm.store import Connection, directives, doses, instruments, presences, vials
from radiopharm.store import readings as taken
from radiopharm.store import signatures as stored
from radiopharm.store.acts import Act

SIGNERS = ("radiopharmacist", "technologist")
MEANING = "Dispensed by me"


def dispense(act: Act, command: DispenseDose, signing: Signing, second: Second | None) -> int:
    """Write a dose against the signed directive; returns its id.

    Raises `Conflict` when a vial has moved since its author looked or a ticket does not let it be
    signed, `Refused` with every reason, `WrongSecret` when a signer's name and secret do not
    belong together.
    """
    has_second, has_reading = second is not None, second is not None and second.reading is not None
    found = consider(act.db, act.reference, act.actor, command, act.now, has_second)
    situation = replace(found, has_second_reading=has_reading)
    require_unmoved(situation)
    dose_id, second_id = sign_and_write(act, situation, signing, second)
    for source in situation.sources:
        draw(act, situation, source, dose_id, second_id)
    return dose_id


def sign_and_write(
    act: Act, situation: Situation, signing: Signing, second: Second | None
) -> tuple[int, int | None]:
    """Write the dose with its signatures if nothing stands in the way; its id, and the second's.

    The draws that make it are the caller's to write.
    """
    if broken := rules.refusals(situation):
        raise Refused(broken)
    said = statement(situation, signatures.meaning_of(signing, MEANING), act.actor)
    signature_id = signatures.sign(act, said, signing, roles=SIGNERS, pin_allowed=True)
    checked_id = _checked(act, situation, signature_id, second) if second else None
    second_id = stored.get(act.db, checked_id).signer_id if checked_id else None
    dose_id = _write_dose(act, situation, signature_id, second_id)
    if second and checked_id:
        second_checks.keep(act, situation, dose_id, signature_id, checked_id, second)
    presences.forget(act.db, act.actor.id)
    _record(act, situation, dose_id, signature_id)
    return dose_id, second_id


def consider(
    db: Connection,
    reference: Reference,
    actor: Person,
    command: DispenseDose,
    now: datetime,
    has_second: bool,
) -> Situation:
    """Everything the rules look at; the page's checklist and the decision call this same one."""
    directive = directives.get(db, actor.site.id, command.directive_id)
    wishes = {wish.vial_id: wish for wish in command.draws}
    found = vials.by_ids(db, actor.site.id, list(wishes))
    if len(found) != len(command.draws):
        unknown = Refusal(code="draws", field="draws", message="Name vials that are here, once.")
        raise Invalid([unknown])
    version = directive.signed or directive.newest
    measured = readings.measured(db, actor.site.id, command.measured)
    instrument = instruments.find(db, actor.site.id, measured.instrument_id)
    return Situation(
        command=command,
        measured=measured,
        directive=directive,
        product=reference.products[version.product],
        sources=tuple(
            Source(
                vial=vial,
                product=reference.products[vial.product],
                data=nuclear_data(vial, reference),
                wish=wishes[vial.id],
            )
            for vial in found
        ),
        instrument=instrument,
        has_second=has_second,
        now=now,
        others=intervals.others(db, reference, actor.site.id, directive.patient, directive.id, now),
        unfit=check_standings.stops(db, actor.site, instrument, measured.at, now),
    )


def statement(
    situation: Situation, meaning: str, actor: Person, kind: str = statements.DOSE
) -> Statement:
    """What is signed of a dose, for the page that shows it and for the act that signs it."""
    late = situation.command.already_drawn
    return statements.of_dose(
        situation,
        as_shown(situation),
        rules.overridden(situation) if late else (),
        meaning=meaning,
        zone=ZoneInfo(actor.site.zone),
        kind=kind,
    )


def as_shown(situation: Situation) -> dict[str, object]:
    """The dose as it is shown and signed: its three activities, the draws and their working."""
    found, version = situation.figures, situation.version
    return {
        "directive": situation.directive.code,
        "version": version.number,
        "product": version.product,
        "prescribed_bq": found.prescribed_bq,
        "administer_at": found.at,
        "calculated_bq": found.calculated_bq,
        "measured": situation.measured.text,
        "measured_at": situation.measured.at,
        "measured_by": situation.measured.by,
        "measured_then_bq": found.measured_bq,
        "deviation": float(found.deviation),
        "meets_event_percentage": meets_event_percentage(found.deviation),
        "draws": [_draw_as_shown(situation, source) for source in situation.sources],
        "pieces": situation.command.pieces,
        "already_drawn": situation.command.already_drawn,
        "reason": situation.command.reason,
        "overridden": [refusal.code for refusal in rules.overridden(situation)],
    }


def _draw_as_shown(situation: Situation, source: Source) -> dict[str, object]:
    share = source.share
    explained = working.explain(
        amount_bq=share.reference_bq,
        ratios=source.vial.ratios,
        principal=source.vial.nuclide,
        reference_at=source.vial.reference_at,
        at=situation.administer_at,
        data=source.data,
    )
    return {
        "vial": source.vial.code,
        "lot": source.vial.lot,
        "volume_ul": source.volume_ul,
        "reference_bq": share.reference_bq,
        "working": explained.as_dict(),
    }


def require_unmoved(situation: Situation) -> None:
    """Raise `Conflict` where a vial has moved since the dose's author looked at it."""
    for source in situation.sources:
        vials.require_sequence(source.vial, source.wish.after_sequence)


def _checked(act: Act, situation: Situation, first: int, second: Second) -> int:
    meaning = signatures.meaning_of(second.signing, second_checks.CHECKED)
    same = statement(situation, meaning, act.actor, statements.DOSE_CHECK)
    return second_checks.sign(act, situation, first, second, same)


def _write_dose(act: Act, situation: Situation, signature_id: int, second_id: int | None) -> int:
    command, found, said = situation.command, situation.figures, situation.measured
    dose_id = doses.add(
        act.db,
        site_id=act.actor.site.id,
        directive_id=situation.directive.id,
        version=situation.version.number,
        nuclide=situation.sources[0].vial.nuclide,
        prescribed_bq=found.prescribed_bq,
        administer_at=found.at,
        calculated_bq=round(found.calculated_bq),
        measured_bq=said.bq,
        measured_text=said.text,
        measured_at=said.at,
        instrument_id=said.instrument_id,
        measured_then_bq=found.measured_bq,
        volume_ul=sum(source.volume_ul for source in situation.sources),
        pieces=command.pieces,
        drawn_at=said.at,
        recorded_at=act.now,
        actor_id=act.actor.id,
        second_id=second_id,
        reason=command.reason,
        late=command.already_drawn,
        replaces_id=situation.directive.last_voided_dose_id,
        signature_id=signature_id,
        working=json.dumps(as_shown(situation), default=str, ensure_ascii=False),
    )
    if said.reading:
        taken.use_for_dose(act.db, said.reading.id, dose_id)
    return dose_id


def _record(act: Act, situation: Situation, dose_id: int, signature_id: int) -> None:
    found, command = situation.figures, situation.command
    act.record(
        Action.DOSE_DISPENSED,
        f"dose:{dose_id}",
        f"directive:{situation.directive.id}",
        f"patient:{situation.directive.patient}",
        *(f"vial:{source.vial.id}" for source in situation.sources),
        reason=command.reason,
        prescribed_bq=found.prescribed_bq,
        calculated_bq=round(found.calculated_bq),
        measured=situation.measured.text,
        measured_at=situation.measured.at,
        measured_by=situation.measured.by,
        administer_at=found.at,
        deviation=f"{float(found.deviation):+.4f}",
        pieces=command.pieces,
        already_drawn=command.already_drawn,
        overridden=[refusal.code for refusal in rules.overridden(situation)],
        draws={source.vial.code: source.volume_ul for source in situation.sources},
        signature=signatures.audited(act.db, signature_id),
    )
