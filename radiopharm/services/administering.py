"""Record that a dose was given: reconcile at the start, write it with its residues in one act."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from radiopharm.core import administering_rules as rules
from radiopharm.core.actions import Action
from radiopharm.core.administering import Administer, Administration
from radiopharm.core.checklists import Answer, answered
from radiopharm.core.flags import FlagKind
from radiopharm.core.people import Person
from radiopharm.core.reconciling import Residue, as_residue
from radiopharm.core.reference import Reference
from radiopharm.core.refusals import Invalid, Refusal, Refused
from radiopharm.core.signing import Signing
from radiopharm.services import dose_flags, given_already, medical_events, readings, recalls
from radiopharm.services.drawn import activity_of
from radiopharm.store import Connection, administrations, directives, doses, instruments
from radiopharm.store.acts import Act

FORMULA = "net = dose at start − Σ residues at start; each reading × A(start) / A(read)"
UNACCOUNTED = "unaccounted = net − measured as given, both at the start"


def administer(act: Act, command: Administer, second: Signing | None = None) -> int:
    """Write the administration; returns its id. *second* signs one that ought not to have been.

    Raises `Refused` when what was scanned is another's, or the dose is recalled, void or was given
    already; `Invalid` with everything that cannot be true as written; as `signatures.sign`.
    """
    has_second = second is not None
    administration = consider(act.db, act.reference, act.actor, command, act.now, has_second)
    if broken := rules.refusals(administration):
        raise Refused(broken)
    left = administration.command.residues
    wrong = rules.impossibilities(administration) + unknown_instruments(act, left)
    if wrong:
        raise Invalid(wrong)

    working = as_shown(administration)
    in_spite = given_already.attested(act, administration, working, second)
    made = administrations.add(
        act.db,
        _row(act, administration, working),
        residue_rows(administration),
        {**_bedside(act, administration), "given_already": in_spite},
    )
    dose_flags.clear(act, administration.dose, FlagKind.RECALL)
    _record(act, administration, working, medical_events.settle(act, command.dose_id))
    return made


def consider(
    db: Connection,
    reference: Reference,
    actor: Person,
    command: Administer,
    now: datetime,
    has_second: bool = False,
) -> Administration:
    """Everything the rules look at; the page's checklist and the decision call this same one."""
    dose = doses.get(db, actor.site.id, command.dose_id)
    directive = directives.get(db, actor.site.id, dose.directive_id)
    return Administration(
        command=with_readings(db, actor.site.id, command),
        dose=dose,
        checklist=reference.products[dose.product].checklist,
        activity_at=activity_of(db, reference, dose),
        now=now,
        recall=recalls.of_dose(db, reference, directive, dose),
        has_second=has_second,
    )


def with_readings(db: Connection, site_id: int, command: Administer) -> Administer:
    """The command with what the meters said among its residues; raises `Invalid`."""
    said = tuple(
        as_residue(each.item, readings.named(db, site_id, each.reading_id)) for each in command.read
    )
    return replace(command, residues=(*command.residues, *said), read=())


def as_shown(administration: Administration) -> dict[str, Any]:
    """The reconciliation as it is shown and kept."""
    balance, command = administration.balance, administration.command
    given = command.given
    return {
        "at": balance.at.isoformat(),
        "formula": FORMULA if given is None else f"{FORMULA}; {UNACCOUNTED}",
        "prescribed_bq": balance.prescribed_bq,
        "dose_bq": balance.dose_bq,
        "residues": [
            {
                "item": residue.item,
                "measured": residue.measured_text,
                "measured_at": residue.measured_at.isoformat(),
                "at_start_bq": at_start,
            }
            for residue, at_start in zip(command.residues, balance.residues_bq, strict=True)
        ],
        "net_bq": balance.net_bq,
        "given": given and {"measured": given.measured_text, "how": given.how},
        "given_bq": balance.given_bq,
        "unaccounted_bq": balance.unaccounted_bq,
        "percent_of_prescribed": balance.percent_of_prescribed,
        "meets_event_percentage": balance.meets_event_percentage,
    }


def residue_rows(administration: Administration) -> list[dict[str, Any]]:
    """The residues as rows, each with its activity carried to the start."""
    pairs = zip(administration.command.residues, administration.balance.residues_bq, strict=True)
    return [
        {
            "item": residue.item,
            "measured_bq": residue.measured_bq,
            "measured_text": residue.measured_text,
            "measured_at": residue.measured_at,
            "instrument_id": residue.instrument_id,
            "reading_id": residue.reading.id if residue.reading else None,
            "at_start_bq": at_start,
        }
        for residue, at_start in pairs
    ]


def unknown_instruments(act: Act, residues: tuple[Residue, ...]) -> tuple[Refusal, ...]:
    """Instruments named that this site does not have."""
    return tuple(
        Refusal(
            code="instrument",
            field=f"residues.{number}.instrument_id",
            message="Choose the instrument the residue was measured with.",
        )
        for number, residue in enumerate(residues)
        if residue.instrument_id is not None
        and instruments.find(act.db, act.actor.site.id, residue.instrument_id) is None
    )


def _row(act: Act, administration: Administration, working: dict[str, Any]) -> dict[str, Any]:
    command, balance = administration.command, administration.balance
    return {
        "dispensing_id": administration.dose.id,
        "started_at": command.started_at,
        "ended_at": command.ended_at,
        "route": command.route,
        "notes": command.notes,
        "dose_bq": balance.dose_bq,
        "net_bq": balance.net_bq,
        "percent_of_prescribed": repr(balance.percent_of_prescribed),
        "recorded_at": act.now,
        "actor_id": act.actor.id,
        "reason": command.reason,
        "late": administration.is_late,
        "working": json.dumps(working, ensure_ascii=False),
    }


def _bedside(act: Act, administration: Administration) -> dict[str, Any]:
    command, given = administration.command, administration.command.given
    return {
        "patient_scanned": bool(command.patient),
        "dose_scanned": bool(command.dose),
        "site_of_administration": command.site_of_administration,
        "performed_by": command.performed_by or act.actor.display_name,
        "given_bq": given.measured_bq if given else None,
        "given_text": given.measured_text if given else "",
        "given_at": given.measured_at if given else None,
        "given_how": given.how if given else "",
        "interruptions": [
            {"from_at": each.from_at, "to_at": each.to_at, "reason": each.reason}
            for each in command.interruptions
        ],
        "checklist_answers": _answers(administration),
    }


def _answers(administration: Administration) -> list[dict[str, Any]]:
    """Every line of the product's checklist as it was asked, with its answer where there is one."""
    pairs = answered(administration.checklist, administration.command.checklist)
    return [
        {
            "code": line.code,
            "words": line.words,
            "source": line.source,
            "status": str(line.status),
            "done_at": answer.done_at,
            "reason": answer.reason,
        }
        for line, given in pairs
        for answer in [given or Answer(code=line.code)]
    ]


def _record(
    act: Act, administration: Administration, working: dict[str, Any], is_event: bool
) -> None:
    dose, command = administration.dose, administration.command
    act.record(
        Action.DOSE_ADMINISTERED,
        f"dose:{dose.id}",
        f"directive:{dose.directive_id}",
        f"patient:{dose.patient}",
        reason=command.reason,
        started_at=command.started_at,
        ended_at=command.ended_at,
        patient_scanned=bool(command.patient),
        dose_scanned=bool(command.dose),
        net_bq=round(working["net_bq"]),
        percent_of_prescribed=f"{working['percent_of_prescribed']:.2f}",
        residues={residue.item: residue.measured_text for residue in command.residues},
        not_done=[each.code for each in command.checklist if each.done_at is None],
        possible_medical_event=is_event,
        late=administration.is_late,
        already_given=command.already_given,
    )
