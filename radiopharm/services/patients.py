"""Patients: recorded once, found again by hospital number, and every look at one is recorded."""

import secrets
from collections.abc import Iterable

from radiopharm.core import patients as rules
from radiopharm.core.actions import Action
from radiopharm.core.patients import Patient, RecordPatient
from radiopharm.core.refusals import Invalid, NotFound, Refusal, Refused
from radiopharm.store import patients
from radiopharm.store.acts import Act


def record(act: Act, command: RecordPatient) -> str:
    """Write a patient; returns the new random reference.

    Raises `Invalid` for impossible identifiers and `Refused`, naming nobody, when the hospital
    number is recorded already.
    """
    if broken := rules.refusals(command, act.now):
        raise Invalid(broken)
    if patients.by_hospital_number(act.db, act.actor.site.id, command.hospital_number):
        raise Refused([KNOWN])
    letters = (secrets.choice(rules.ALPHABET) for _ in range(rules.REFERENCE_LENGTH))
    reference = rules.reference("".join(letters))
    patients.add(act.db, act.actor.site.id, reference, command, act.now)
    act.record(Action.PATIENT_RECORDED, f"patient:{reference}")
    return reference


def reference_of(act: Act, who: str | RecordPatient) -> str:
    """The reference of a known patient, or of one who is found or recorded by identifiers.

    Raises `NotFound` for an unknown reference, and `Refused` when the hospital number is that of
    somebody with another birth date or name.
    """
    if isinstance(who, str):
        known = patients.get(act.db, act.actor.site.id, who)
        if known.erased:
            raise Refused([ERASED])
        return known.reference
    found = patients.by_hospital_number(act.db, act.actor.site.id, who.hospital_number)
    if found is None:
        return record(act, who)
    if not found.agrees_with(who):
        raise Refused([DISAGREE])
    return found.reference


def find(act: Act, hospital_number: str) -> str:
    """The reference of the patient with a hospital number, or `NotFound`; the look is recorded."""
    found = patients.by_hospital_number(act.db, act.actor.site.id, hospital_number)
    if found is None:
        raise NotFound("patient")
    return see(act, found.reference).reference


def see(act: Act, reference: str) -> Patient:
    """The identity behind a reference, or `NotFound`; the look is recorded."""
    patient = patients.get(act.db, act.actor.site.id, reference)
    act.record(Action.PATIENT_SEEN, f"patient:{reference}")
    return patient


def note_seen(act: Act, references: Iterable[str], page: str) -> None:
    """One event for a page on which the identities behind all these *references* stand."""
    act.record(Action.PATIENT_SEEN, *(f"patient:{it}" for it in references), page=page)


ERASED = Refusal(
    code="identity_erased",
    field="patient",
    message="The identity behind this reference was erased. Record the patient anew.",
)
KNOWN = Refusal(
    code="patient_known",
    field="hospital_number",
    message="This hospital number is recorded already. Search for it instead.",
)
DISAGREE = Refusal(
    code="identifiers_disagree",
    field="patient",
    message=(
        "This hospital number belongs to somebody with another name or birth date. "
        "Check both identifiers with the patient."
    ),
)
