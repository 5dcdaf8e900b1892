"""What stands in the way of an administration, and what cannot be true as written.

A recalled dose is not to be given; one that was given is a fact and is recorded, with the rule that
it broke.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from radiopharm.core import formatting as fmt
from radiopharm.core import readings
from radiopharm.core.administering import Administration
from radiopharm.core.refusals import Refusal, run
from radiopharm.core.timing import AHEAD_TOLERATED

MISMATCHES = ("wrong_patient", "wrong_dose")
"""The refusals that must stop a hand, in words as large as the page."""


def refusals(administration: Administration) -> tuple[Refusal, ...]:
    """Everything in the way; of a dose given already, only what makes it unrecordable."""
    unrecordable = run(_RULES, administration)
    if administration.command.already_given:
        return unrecordable + run(_ALREADY_GIVEN, administration)
    return unrecordable + overridden(administration)


def overridden(administration: Administration) -> tuple[Refusal, ...]:
    """The plan's rule that it breaks; recorded with it where the dose was given already."""
    return (administration.recall,) if administration.recall else ()


def impossibilities(administration: Administration) -> tuple[Refusal, ...]:
    """What cannot be true as written."""
    return run(_IMPOSSIBLE, administration)


def residue_impossibilities(administration: Administration) -> tuple[Refusal, ...]:
    """What cannot be true of the residues, also of those added later."""
    return run(_OF_RESIDUES, administration)


def _is_the_patient(a: Administration) -> Refusal | None:
    if a.command.patient in ("", a.dose.patient):
        return None
    return Refusal(
        code="wrong_patient",
        field="patient",
        message=(
            f"This patient is {a.command.patient}. {a.dose.code} is for {a.dose.patient}. "
            "Do not give it."
        ),
    )


def _is_the_dose(a: Administration) -> Refusal | None:
    if a.command.dose in ("", a.dose.code):
        return None
    return Refusal(
        code="wrong_dose",
        field="dose",
        message=(
            f"The dose in hand is {a.command.dose}. The one for {a.dose.patient} is "
            f"{a.dose.code}. Do not give it."
        ),
    )


def _is_not_void(a: Administration) -> Refusal | None:
    if a.dose.is_live:
        return None
    return Refusal(code="void", message=f"{a.dose.code} is void and cannot have been given.")


def _is_not_given_yet(a: Administration) -> Refusal | None:
    if a.dose.administration_id is None:
        return None
    return Refusal(code="administered", message=f"{a.dose.code} has been given already.")


_RULES = (_is_the_patient, _is_the_dose, _is_not_void, _is_not_given_yet)


def _has_its_reason(a: Administration) -> Refusal | None:
    if a.command.reason:
        return None
    message = "Say why the dose was given though its directive had changed."
    return Refusal(code="reason", field="reason", message=message)


def _has_its_second(a: Administration) -> Refusal | None:
    if a.has_second:
        return None
    message = "A dose given though its directive had changed needs a second person."
    return Refusal(code="second_person", field="second.username", message=message)


_ALREADY_GIVEN = (_has_its_reason, _has_its_second)


def _ends_after_it_starts(a: Administration) -> Refusal | None:
    if a.command.ended_at >= a.command.started_at:
        return None
    message = "The end must not be earlier than the start."
    return Refusal(code="ends_before_start", field="ended_at", message=message)


def _starts_after_the_reading(a: Administration) -> Refusal | None:
    if a.command.started_at >= a.dose.measured_at:
        return None
    message = "The dose was measured after this start. Check both times."
    return Refusal(code="starts_before_reading", field="started_at", message=message)


def _is_not_ahead(a: Administration) -> Refusal | None:
    if max(_instants(a)) <= a.now + AHEAD_TOLERATED:
        return None
    message = "The end, a reading or a tick lies in the future. Enter when it really was."
    return Refusal(code="ahead", field="ended_at", message=message)


def _instants(a: Administration) -> Iterator[datetime]:
    yield a.command.ended_at
    yield from (residue.measured_at for residue in a.command.residues)
    yield from (answer.done_at for answer in a.command.checklist if answer.done_at)
    if a.command.given:
        yield a.command.given.measured_at


def _interruptions_fit(a: Administration) -> Refusal | None:
    command = a.command
    in_order = sorted(command.interruptions, key=lambda each: each.from_at)
    instants = [at for each in in_order for at in (each.from_at, each.to_at)]
    around = [command.started_at, *instants, command.ended_at]
    if not instants or all(early <= late for early, late in pairwise(around)):
        return None
    return Refusal(
        code="interruptions",
        field="interruptions",
        message="Interruptions lie between start and end, one after the other. Check their times.",
    )


def _answers_are_of_the_checklist(a: Administration) -> Refusal | None:
    codes = [answer.code for answer in a.command.checklist]
    known = {line.code for line in a.checklist}
    if len(set(codes)) == len(codes) and known.issuperset(codes):
        return None
    return Refusal(
        code="checklist",
        field="checklist",
        message="Answer each line of the product's checklist at most once, and no other.",
        limit=", ".join(sorted(known)),
    )


def _residues_follow_the_start(a: Administration) -> Refusal | None:
    if all(residue.measured_at >= a.command.started_at for residue in a.command.residues):
        return None
    message = "A residue was read before the administration began. Check the times."
    return Refusal(code="residue_before_start", field="residues", message=message)


def _residues_are_not_ahead(a: Administration) -> Refusal | None:
    last = a.now + AHEAD_TOLERATED
    if all(residue.measured_at <= last for residue in a.command.residues):
        return None
    message = "A residue's reading lies in the future. Enter when it really was."
    return Refusal(code="ahead", field="residues", message=message)


def _residues_fit_into_the_dose(a: Administration) -> Refusal | None:
    balance = a.balance
    if balance.net_bq >= 0:
        return None
    return Refusal(
        code="residues_exceed_dose",
        field="residues",
        message="The residues add up to more than the dose. Check the units of each reading.",
        value=fmt.mbq(sum(balance.residues_bq)),
        operator="<=",
        limit=fmt.mbq(balance.dose_bq),
    )


def _device_readings_may_stand(a: Administration) -> Refusal | None:
    given = [each.reading for each in a.command.residues if each.reading]
    if len({reading.id for reading in given}) < len(given):
        said = "One reading stands for one residue. Read the meter again."
        return Refusal(code="reading_used", field="residues", message=said)
    wrong = [each for reading in given for each in readings.refusals(reading, [a.dose.nuclide])]
    return replace(wrong[0], field="residues") if wrong else None


_IMPOSSIBLE = (
    _ends_after_it_starts,
    _starts_after_the_reading,
    _is_not_ahead,
    _interruptions_fit,
    _answers_are_of_the_checklist,
    _residues_follow_the_start,
    _device_readings_may_stand,
    _residues_fit_into_the_dose,
)
_OF_RESIDUES = (
    _residues_are_not_ahead,
    _residues_follow_the_start,
    _device_readings_may_stand,
    _residues_fit_into_the_dose,
)
