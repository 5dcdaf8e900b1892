"""Record that a dose was given: reconcile at the start, write it with its residues in one act."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from radiopharm.core import administering as rules
from radiopharm.core import vials as held
from radiopharm.core.actions import Action
from radiopharm.core.administering import Administer, Administration
from radiopharm.core.doses import Dose
from radiopharm.core.people import Person
from radiopharm.core.reference import Reference
from radiopharm.core.refusals import Invalid, Refusal, Refused
from radiopharm.core.vials import nuclear_data
from radiopharm.store import Connection, administrations, doses, instruments, vials
from radiopharm.store.acts import Act


def administer(act: Act, command: Administer) -> int:
    """Write the administration; returns its id.

    Raises `Refused` when the dose is void or was given already, `Invalid` with everything that
    cannot be true as written.
    """
    administration = consider(act.db, act.reference, act.actor, command, act.now)
    if broken := rules.refusals(administration):
        raise Refused(broken)
    wrong = rules.impossibilities(administration) + _unknown_instruments(act, command)
    if wrong:
        raise Invalid(wrong)

    working = as_shown(administration)
    made = administrations.add(
        act.db, _row(act, administration, working), _residues(administration)
    )
    _record(act, administration, working)
    return made


def consider(
    db: Connection, reference: Reference, actor: Person, command: Administer, now: datetime
) -> Administration:
    """Everything the rules look at; the page's checklist and the decision call this same one."""
    dose = doses.get(db, actor.site.id, command.dose_id)
    return Administration(
        command=command,
        dose=dose,
        activity_at=_activity_of(db, reference, dose),
        now=now,
    )


def as_shown(administration: Administration) -> dict[str, Any]:
    """The reconciliation as it is shown and kept."""
    balance, command = administration.balance, administration.command
    return {
        "at": balance.at.isoformat(),
        "formula": "net = dose at start − Σ residues at start; each reading × A(start) / A(read)",
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
        "percent_of_prescribed": balance.percent_of_prescribed,
        "meets_event_percentage": balance.meets_event_percentage,
    }


def _activity_of(db: Connection, reference: Reference, dose: Dose) -> Callable[[datetime], float]:
    found = {
        vial.id: vial
        for vial in vials.by_ids(db, dose.site_id, [draw.vial_id for draw in dose.draws])
    }

    def activity_at(at: datetime) -> float:
        return sum(
            held.activity(
                found[draw.vial_id],
                draw.share,
                at,
                nuclear_data(found[draw.vial_id], reference),
            )
            for draw in dose.draws
        )

    return activity_at


def _unknown_instruments(act: Act, command: Administer) -> tuple[Refusal, ...]:
    return tuple(
        Refusal(
            code="instrument",
            field=f"residues.{number}.instrument_id",
            message="Choose the instrument the residue was measured with.",
        )
        for number, residue in enumerate(command.residues)
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


def _residues(administration: Administration) -> list[dict[str, Any]]:
    pairs = zip(administration.command.residues, administration.balance.residues_bq, strict=True)
    return [
        {
            "item": residue.item,
            "measured_bq": residue.measured_bq,
            "measured_text": residue.measured_text,
            "measured_at": residue.measured_at,
            "instrument_id": residue.instrument_id,
            "at_start_bq": at_start,
        }
        for residue, at_start in pairs
    ]


def _record(act: Act, administration: Administration, working: dict[str, Any]) -> None:
    dose, command = administration.dose, administration.command
    act.record(
        Action.DOSE_ADMINISTERED,
        f"dose:{dose.id}",
        f"directive:{dose.directive_id}",
        f"patient:{dose.patient}",
        reason=command.reason,
        started_at=command.started_at,
        ended_at=command.ended_at,
        net_bq=round(working["net_bq"]),
        percent_of_prescribed=f"{working['percent_of_prescribed']:.2f}",
        residues={residue.item: residue.measured_text for residue in command.residues},
        late=administration.is_late,
    )
