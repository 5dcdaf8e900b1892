"""The second person of a dose: somebody else by account, with a signature and a reading of theirs.

Readings that differ undo the act, so that nothing is dispensed; what both read is then kept by an
act of its own, in the audit.
"""

from typing import Any
from zoneinfo import ZoneInfo

from radiopharm.core import second_check as rules
from radiopharm.core import statements
from radiopharm.core.actions import Action
from radiopharm.core.dispensing import Situation
from radiopharm.core.people import Person
from radiopharm.core.refusals import Invalid, Refusal, Refused
from radiopharm.core.second_check import Check, ReadingsDiffer, Second, SecondReading
from radiopharm.core.signing import Signing, Statement
from radiopharm.services import check_standings, signatures
from radiopharm.store import instruments, second_checks
from radiopharm.store import signatures as stored
from radiopharm.store.acts import Act

SECONDS = ("radiopharmacist", "technologist", "physicist", "physician")
CHECKED = "Checked by me"
READ = "Checked by me, independently"


def sign(act: Act, situation: Situation, first: int, second: Second, same: Statement) -> int:
    """The second person's signature, under their own reading or under the *same* text as the
    first's; returns its id.

    Raises `Invalid` when they are the first, or may not check a dose, `Refused` when the reading
    cannot be one of this dose, `ReadingsDiffer` when it is too far from the first.
    """
    person = somebody_else(act, second.signing, act.actor.id, stored.get(act.db, first).signer_id)
    said = same
    if second.reading is not None:
        check = _check(act, situation, second.reading)
        if broken := rules.refusals(check):
            raise Refused(broken)
        said = statement(check, signatures.meaning_of(second.signing, READ), act.actor)
    signature_id = signatures.sign(act, said, second.signing, roles=SECONDS, pin_allowed=True)
    if second.reading is not None and not check.agrees:
        raise ReadingsDiffer(check, person.username)
    return signature_id


def keep(
    act: Act, situation: Situation, dose_id: int, first: int, signed: int, second: Second
) -> None:
    """Write whose check a dose has, and what they read."""
    both = stored.by_ids(act.db, (first, signed))
    second_checks.add(
        act.db,
        dispensing_id=dose_id,
        first_signature_id=first,
        first_id=both[first].signer_id,
        signature_id=signed,
        person_id=both[signed].signer_id,
        recorded_at=act.now,
        **(_kept(_check(act, situation, second.reading)) if second.reading else {}),
    )


def note_difference(act: Act, differ: ReadingsDiffer) -> None:
    """Keep both readings of a dose that was not dispensed because they differ."""
    check = differ.check
    first, second = check.dose.measured, check.reading.measured
    act.record(
        Action.READINGS_DIFFERED,
        f"directive:{check.dose.directive.id}",
        *(f"vial:{source.vial.id}" for source in check.dose.sources),
        first={"reading": first.text, "at": first.at, "instrument": first.instrument_id},
        second={
            "reading": second.text,
            "at": second.at,
            "instrument": second.instrument_id,
            "by": differ.second_person,
        },
        difference=str(check.difference and float(check.difference)),
    )


def statement(check: Check, meaning: str, actor: Person) -> Statement:
    """What a second person signs of their own reading; nothing of the first's is in it."""
    return statements.of_second_reading(check, meaning=meaning, zone=ZoneInfo(actor.site.zone))


def somebody_else(act: Act, signing: Signing, *others: int) -> Person:
    """Who signs beside the *others*; raises `Invalid` for one of them, or without a role for it.

    Who is who is settled by account, whatever case or form the name was typed in; who came in by an
    envelope also by the name they gave.
    """
    person = signatures.signer_of(act, signing, pin_allowed=True)
    is_one = any(signatures.is_one_person(act.db, person.id, other) for other in others)
    if is_one or not person.has(*SECONDS):
        message = "The second person must be someone else, with a role that may check a dose."
        raise Invalid([Refusal(code="second_person", field="second.username", message=message)])
    return person


def _check(act: Act, situation: Situation, reading: SecondReading) -> Check:
    instrument = instruments.find(act.db, act.actor.site.id, reading.measured.instrument_id)
    unfit = check_standings.stops(act.db, act.actor.site, instrument, reading.measured.at, act.now)
    return Check(dose=situation, reading=reading, instrument=instrument, unfit=unfit)


def _kept(check: Check) -> dict[str, Any]:
    measured, difference = check.reading.measured, check.difference
    return {
        "measured_bq": measured.bq,
        "measured_text": measured.text,
        "measured_at": measured.at,
        "instrument_id": measured.instrument_id,
        "difference": f"{float(difference):+.6f}" if difference is not None else None,
    }
