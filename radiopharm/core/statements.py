"""What is put before a signer, in sentences: everything a hand would act on, nothing of identity.

The patient stands here by reference only, for the text is kept with the signature; the page shows
the name beside it. Times are in the site's zone, which is kept too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any
from zoneinfo import ZoneInfo

from radiopharm.core import formatting as fmt
from radiopharm.core.administering import Administration
from radiopharm.core.directive_acts import TellOrally
from radiopharm.core.directives import Directive
from radiopharm.core.dispensing import Situation
from radiopharm.core.prescribing import shown
from radiopharm.core.refusals import Refusal
from radiopharm.core.second_check import Check
from radiopharm.core.signing import Record, Statement

DOSE, DOSE_CHECK = "dose", "dose check"
DIRECTIVE, VERIFICATION, ORAL = "directive", "verification", "oral directive"
ADMINISTRATION = "administration"


def of_dose(
    situation: Situation,
    facts: Mapping[str, Any],
    broken: Sequence[Refusal],
    *,
    meaning: str,
    zone: ZoneInfo,
    kind: str = DOSE,
) -> Statement:
    """A dose against its directive; *broken* are the rules it is recorded in spite of."""
    code, version = situation.directive.code, situation.version.number
    return Statement(
        record=Record(kind=kind, key=code, version=version),
        meaning=meaning,
        sentences=(*_of_dose(situation, zone), *(f"Although: {each.message}" for each in broken)),
        facts={**facts, "instrument_id": situation.measured.instrument_id},
    )


def of_second_reading(check: Check, *, meaning: str, zone: ZoneInfo) -> Statement:
    """A second person's own reading of a dose; it says nothing of the first."""
    measured, directive = check.reading.measured, check.dose.directive
    codes = " and ".join(sorted(source.vial.code for source in check.dose.sources))
    at, meter = fmt.instant(measured.at, zone), check.instrument
    version = check.dose.version.number
    return Statement(
        record=Record(kind=DOSE_CHECK, key=directive.code, version=version),
        meaning=meaning,
        sentences=(
            f"Second reading for directive {directive.code}, version {version}.",
            f"{measured.text} at {at}{f' with {meter.name}' if meter else ''}.",
            f"Read on the label: {codes}.",
        ),
        facts={
            "measured_bq": measured.bq,
            "measured_at": measured.at,
            "instrument_id": measured.instrument_id,
            "vials": sorted(check.reading.vial_codes),
        },
    )


def of_administration(
    administration: Administration,
    facts: Mapping[str, Any],
    broken: Sequence[Refusal],
    *,
    meaning: str,
    zone: ZoneInfo,
) -> Statement:
    """A dose given already, though it broke the rules *broken*."""
    command, dose, balance = administration.command, administration.dose, administration.balance
    began, ended = (fmt.instant(at, zone) for at in (command.started_at, command.ended_at))
    return Statement(
        record=Record(kind=ADMINISTRATION, key=dose.code, version=1),
        meaning=meaning,
        sentences=(
            f"{dose.code} for directive R-{dose.directive_id:06d}, patient {dose.patient}.",
            f"It was given from {began} to {ended}; the patient received "
            f"{fmt.mbq(balance.net_bq)} of the prescribed {fmt.mbq(balance.prescribed_bq)}.",
            f"Reason: {command.reason}.",
            *(f"Although: {each.message}" for each in broken),
        ),
        facts=facts,
    )


def of_directive(directive: Directive, product: str, *, meaning: str, zone: ZoneInfo) -> Statement:
    """Every word of a directive's newest version."""
    version = directive.newest
    planned = fmt.instant(version.planned_for, zone)
    words = (version.route, version.indication, version.notes)
    said = [
        f"Directive {directive.code}, version {version.number}, patient {directive.patient}.",
        f"{product}: {fmt.mbq_mci(version.prescribed_bq)} at {planned}.",
        *(f"{text}." for text in words if text),
    ]
    if version.lowest_bq is not None and version.highest_bq is not None:
        low, high = fmt.mbq(version.lowest_bq), fmt.mbq(version.highest_bq)
        said.insert(2, f"Prescribed range {low} to {high}.")
    if version.cycle is not None:
        said.append(f"Cycle {version.cycle}.")
    if version.interval_reason:
        said.append(f"Both this and the other treatment stand because: {version.interval_reason}.")
    return Statement(
        record=Record(kind=DIRECTIVE, key=directive.code, version=version.number),
        meaning=meaning,
        sentences=tuple(said),
        facts=shown(directive),
    )


def of_verification(
    directive: Directive, product: str, *, meaning: str, zone: ZoneInfo
) -> Statement:
    """Every word of the newest version, and whose signature it carries."""
    signed = directive.newest.signature
    sentences = (
        [f"Signed by {signed.signer_name}, {fmt.instant(signed.signed_at, zone)}."]
        if signed
        else []
    )
    facts = {"signed": asdict(signed)} if signed else {}
    of_text = of_directive(directive, product, meaning=meaning, zone=zone)
    return _beside(of_text, VERIFICATION, sentences, facts)


def of_oral(
    directive: Directive, product: str, order: TellOrally, *, meaning: str, zone: ZoneInfo
) -> Statement:
    """Every word of the newest version, and that it was said, when, and why it cannot wait."""
    said = f"Given orally at {fmt.instant_to_second(order.given_at, zone)}: {order.reason}."
    of_text = of_directive(directive, product, meaning=meaning, zone=zone)
    return _beside(of_text, ORAL, [said], {"oral": asdict(order)})


def _beside(
    text: Statement, kind: str, sentences: Sequence[str], facts: Mapping[str, Any]
) -> Statement:
    """What is signed of a directive by somebody beside its physician."""
    return Statement(
        record=replace(text.record, kind=kind),
        meaning=text.meaning,
        sentences=(*text.sentences, *sentences),
        facts={**text.facts, **facts},
    )


def _of_dose(s: Situation, zone: ZoneInfo) -> list[str]:
    found, command, measured = s.figures, s.command, s.measured
    how = "Read from the device" if measured.reading else "Measured"
    given = fmt.instant(found.at, zone)
    said = [
        f"{s.product.name} for directive {s.directive.code}, version {s.version.number}, "
        f"patient {s.directive.patient}.",
        *(
            f"{fmt.ml(source.volume_ul)} from {source.vial.code}, lot {source.vial.lot}."
            for source in s.sources
        ),
        f"{how}: {measured.text} at {fmt.instant(measured.at, zone)}"
        f"{f' with {s.instrument.name}' if s.instrument else ''}.",
        f"That is {fmt.mbq(found.measured_bq)} at {given}, when it is to be given: "
        f"{fmt.deviation(found.deviation)} from the prescribed {fmt.mbq(found.prescribed_bq)}.",
    ]
    if command.reason:
        said.append(f"Reason: {command.reason}.")
    if command.already_drawn:
        said.append("It has been drawn already and is recorded as it was.")
    return said
