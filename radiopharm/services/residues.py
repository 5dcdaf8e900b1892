"""Residues after the administration: found later, and put into a waste container all at once."""

import json
from dataclasses import replace
from typing import Any

from radiopharm.core import administering_rules as rules
from radiopharm.core.actions import Action
from radiopharm.core.administering import AddResidues, Administer, Administration
from radiopharm.core.containers import Source
from radiopharm.core.filling import PutItem
from radiopharm.core.reconciling import Balance, MeasuredGiven, Residue
from radiopharm.core.refusals import Invalid, NotFound, Refusal, Refused
from radiopharm.services import administering, medical_events, waste
from radiopharm.store import administrations, doses
from radiopharm.store.acts import Act


def add(act: Act, command: AddResidues) -> int:
    """Write residues found after the administration was recorded and the balance anew; returns
    the balance's number.

    Raises `NotFound` where the dose was not given, `Invalid` with everything that cannot be true.
    """
    before = _administration(act, command.dose_id)
    added = _considered(act, replace(before, residues=command.residues, read=command.read))
    found = added.command.residues
    whole = _considered(act, replace(before, residues=(*before.residues, *found)))
    wrong = rules.residue_impossibilities(whole)
    if wrong := wrong + administering.unknown_instruments(act, found):
        raise Invalid(wrong)

    number = administrations.add_reconciliation(
        act.db,
        _given(act, command.dose_id)["id"],
        _row(act, whole, command.reason),
        administering.residue_rows(added),
    )
    _record(act, added, command.reason, _considered(act, before), whole)
    return number


def put_all_in(act: Act, dose_id: int, container_id: int) -> int:
    """Put every residue of a dose that has no place yet into one container; returns how many.

    Raises `Refused` when none waits, and as `waste.put_in`; then none of them went in.
    """
    dose = doses.get(act.db, act.actor.site.id, dose_id)
    given = administrations.of_dose(act.db, dose_id)
    left = given["residues"] if given else []
    waiting = [residue["id"] for residue in left if residue["container_id"] is None]
    if not waiting:
        said = f"No residue of {dose.code} waits for a place."
        raise Refused([Refusal(code="nothing_waits", message=said)])
    for residue_id in waiting:
        waste.put_in(act, container_id, PutItem(source=Source.RESIDUE, residue_id=residue_id))
    return len(waiting)


def _given(act: Act, dose_id: int) -> dict[str, Any]:
    doses.get(act.db, act.actor.site.id, dose_id)
    found = administrations.of_dose(act.db, dose_id)
    if found is None:
        raise NotFound("administration")
    return found


def _administration(act: Act, dose_id: int) -> Administer:
    """The administration as it stands, as the command it was."""
    found = _given(act, dose_id)
    bedside = found["bedside"]
    given = None
    if bedside and bedside["given_at"]:
        given = MeasuredGiven(
            measured_bq=bedside["given_bq"],
            measured_text=bedside["given_text"],
            measured_at=bedside["given_at"],
            how=bedside["given_how"],
        )
    return Administer(
        dose_id=dose_id,
        started_at=found["started_at"],
        ended_at=found["ended_at"],
        residues=tuple(_residue(each) for each in found["residues"]),
        given=given,
    )


def _residue(row: dict[str, Any]) -> Residue:
    names = ("item", "measured_bq", "measured_text", "measured_at", "instrument_id")
    return Residue(**{name: row[name] for name in names})


def _considered(act: Act, command: Administer) -> Administration:
    return administering.consider(act.db, act.reference, act.actor, command, act.now)


def _row(act: Act, administration: Administration, reason: str) -> dict[str, Any]:
    balance = administration.balance
    return {
        "net_bq": balance.net_bq,
        "percent_of_prescribed": repr(balance.percent_of_prescribed),
        "recorded_at": act.now,
        "actor_id": act.actor.id,
        "reason": reason,
        "working": json.dumps(administering.as_shown(administration), ensure_ascii=False),
    }


def _record(
    act: Act, added: Administration, reason: str, before: Administration, after: Administration
) -> None:
    dose = after.dose
    act.record(
        Action.RESIDUES_ADDED,
        f"dose:{dose.id}",
        f"directive:{dose.directive_id}",
        f"patient:{dose.patient}",
        reason=reason,
        residues={residue.item: residue.measured_text for residue in added.command.residues},
        possible_medical_event=medical_events.settle(act, dose.id),
        old=_figures(before.balance),
        **_figures(after.balance),
    )


def _figures(balance: Balance) -> dict[str, Any]:
    return {
        "net_bq": round(balance.net_bq),
        "percent_of_prescribed": f"{balance.percent_of_prescribed:.2f}",
    }
