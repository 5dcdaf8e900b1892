"""What is put before those who sign for waste: releases, derogations, rules, and a site's figures.

Times are in the site's zone, which is kept with the signature.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from radiopharm.core import formatting as fmt
from radiopharm.core.checking import TWO, ContainerAt
from radiopharm.core.leaving import Outgoing
from radiopharm.core.refusals import Refusal
from radiopharm.core.rule_packs import RulePack
from radiopharm.core.signing import Record, Statement
from radiopharm.core.site_figures import EnterSiteFigure

RELEASE, RELEASES, DEROGATION = "release", "releases", "derogation"
RULES, SITE_FIGURE = "rules", "site figure"
BIOHAZARD = {
    "none": "Nothing in it is a biological hazard.",
    "treated": "What was a biological hazard has been treated.",
}


def of_release(
    judged: ContainerAt,
    facts: Mapping[str, Any],
    outgoing: Outgoing,
    *,
    meaning: str,
    zone: ZoneInfo,
) -> Statement:
    """A container's release, by its check at the instant at which it was shown."""
    container, legs = judged.container, judged.check.legs
    passed = sum(leg.passed is True for leg in legs)
    return Statement(
        record=Record(kind=RELEASE, key=container.code, version=container.sequence),
        meaning=meaning,
        sentences=(
            *_of_container(judged, outgoing, zone),
            f"{_rules(judged)}: {passed} of {len(legs)} conditions are met.",
            *(f"Warning: {doubt.message}" for doubt in judged.doubts),
        ),
        facts=facts,
    )


def of_releases(parts: Sequence[Statement], *, meaning: str) -> Statement:
    """Several containers' releases in one act of signing, each word for word."""
    first = parts[0].record.key if parts else ""
    return Statement(
        record=Record(kind=RELEASES, key=f"{len(parts)} from {first}", version=1),
        meaning=meaning,
        sentences=tuple(sentence for part in parts for sentence in part.sentences),
        facts={"releases": [part.facts for part in parts]},
    )


def of_derogation(
    judged: ContainerAt,
    facts: Mapping[str, Any],
    outgoing: Outgoing,
    reason: str,
    *,
    over_the_day: Sequence[Refusal] = (),
    meaning: str,
    zone: ZoneInfo,
) -> Statement:
    """A container that leaves against the rules: each condition that is not met, and why.

    A limit of the day that it goes over is said, and forbids nothing.
    """
    container = judged.container
    return Statement(
        record=Record(kind=DEROGATION, key=container.code, version=container.sequence),
        meaning=meaning,
        sentences=(
            "DEROGATION: this container leaves though it does not meet the rules.",
            *_of_container(judged, outgoing, zone),
            f"{_rules(judged)}. Not met: "
            + " ".join(f"({leg.clause}) {leg.message}" for leg in judged.blocking),
            *(f"Over the site's limit of a day: {over.message}" for over in over_the_day),
            f"Reason: {reason}.",
        ),
        facts={**facts, "reason": reason, **_over(over_the_day)},
    )


def _over(found: Sequence[Refusal]) -> dict[str, Any]:
    return {"over_the_day": [over.as_dict() for over in found]} if found else {}


def of_rules(pack: RulePack, reason: str, signers: int, *, meaning: str) -> Statement:
    """The choice of a rule pack for the site."""
    return Statement(
        record=Record(kind=RULES, key=pack.code, version=1),
        meaning=meaning,
        sentences=(
            f"{pack.name}, in force since {pack.edition}, decides what leaves this site as waste.",
            *(["Two different people sign every release."] if signers == TWO else []),
            f"Reason: {reason}.",
        ),
        facts={
            "pack": pack.code,
            "edition": pack.edition,
            "reason": reason,
            "signers": signers,
        },
    )


def of_site_figure(command: EnterSiteFigure, *, meaning: str, zone: ZoneInfo) -> Statement:
    """A figure that a site has looked up, for a nuclide that a table lacks."""
    value = f"{command.value:f} {command.unit}"
    begins = fmt.instant(command.from_at, zone) if command.from_at else "now"
    return Statement(
        record=Record(kind=SITE_FIGURE, key=f"{command.pack}/{command.table}", version=1),
        meaning=meaning,
        sentences=(
            f"{command.nuclide} in {command.pack}, table {command.table}: {value}, from {begins}.",
            f"Read in {command.clause}, {command.source}.",
            f"Reason: {command.reason}.",
        ),
        facts={
            "pack": command.pack,
            "table": command.table,
            "nuclide": command.nuclide,
            "value": value,
            "clause": command.clause,
            "source": command.source,
            "from_at": command.from_at,
            "reason": command.reason,
        },
    )


def _of_container(judged: ContainerAt, outgoing: Outgoing, zone: ZoneInfo) -> list[str]:
    contents = judged.check.contents_bq.items()
    defaced = "are removed or defaced" if outgoing.labels_defaced else "are NOT removed or defaced"
    by = {"route": outgoing.route, "consignment": outgoing.consignment}
    named = "".join(f", {name} {text}" for name, text in by.items() if text)
    said = [
        f"Container {judged.container.code} leaves to: {outgoing.destination}{named}.",
        f"In it at {fmt.instant_to_second(judged.at, zone)}: "
        f"{', '.join(f'{fmt.mbq(bq)} {symbol}' for symbol, bq in contents) or 'nothing'}.",
        f"Its radiation labels {defaced}.",
    ]
    if outgoing.biohazard is not None:
        said.append(BIOHAZARD[outgoing.biohazard])
    if (reading := judged.reading) is not None:
        survey = reading.survey
        said.append(
            f"Reading ({reading.by}): {survey.reading:f} {survey.reading_unit} at the surface, "
            f"{survey.background:f} {survey.background_unit} background, "
            f"{fmt.instant(survey.measured_at, zone)}."
        )
    return said


def _rules(judged: ContainerAt) -> str:
    pack = judged.rules.pack
    return f"{pack.name}, in force since {pack.edition}" if pack else "No rule pack is chosen"
