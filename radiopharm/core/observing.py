"""Something noted on a dose: an adverse reaction or an extravasation, when and in words.

The words stay with the dose and go nowhere else; they never name the patient.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from radiopharm.core.doses import Dose
from radiopharm.core.patients import Patient
from radiopharm.core.refusals import Refusal, run
from radiopharm.core.timing import AHEAD_TOLERATED


class Kind(StrEnum):
    """What can be noted."""

    ADVERSE_REACTION = "adverse_reaction"
    EXTRAVASATION = "extravasation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observe:
    """What was seen, when it was seen, in words."""

    dose_id: int
    kind: Kind
    observed_at: datetime
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """The command with its dose, and the patient whose name must not be in the words."""

    command: Observe
    dose: Dose
    patient: Patient
    now: datetime


def faults(noted: Noted) -> tuple[Refusal, ...]:
    """What cannot be so, or must not be written so."""
    return run((_is_not_ahead, _follows_the_reading, _names_nobody), noted)


def refusals(noted: Noted) -> tuple[Refusal, ...]:
    """Why nothing can be noted on this dose."""
    return run((_was_not_voided_undrawn,), noted)


def _is_not_ahead(noted: Noted) -> Refusal | None:
    if noted.command.observed_at <= noted.now + AHEAD_TOLERATED:
        return None
    message = "That lies in the future. Enter when it was really seen."
    return Refusal(code="ahead", field="observed_at", message=message)


def _follows_the_reading(noted: Noted) -> Refusal | None:
    if noted.command.observed_at >= noted.dose.measured_at:
        return None
    message = "The dose was measured after that. Check the time."
    return Refusal(code="before_reading", field="observed_at", message=message)


def _names_nobody(noted: Noted) -> Refusal | None:
    said = set(re.findall(r"\w+", noted.command.words.casefold()))
    patient = noted.patient
    named = " ".join((patient.family_name, patient.given_name, patient.hospital_number)).casefold()
    if not said.intersection(word for word in re.findall(r"\w+", named) if len(word) > 2):
        return None
    message = "Write it without the patient's name or number: the dose says whose it is."
    return Refusal(code="names_the_patient", field="words", message=message)


def _was_not_voided_undrawn(noted: Noted) -> Refusal | None:
    if noted.dose.void is None or noted.dose.void.was_drawn:
        return None
    message = f"{noted.dose.code} was never drawn. Note this on the dose that was given."
    return Refusal(code="void", message=message)
