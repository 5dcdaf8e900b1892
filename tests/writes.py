"""Every write of directives and doses, and what an officer signs, for what all of them keep.

A new write is a new row: the route, what the audit says of it, how many of two people at once it
lets do it, and how a case of its own is prepared and asked.
"""

from collections.abc import Callable
from dataclasses import dataclass

from radiopharm.core.actions import Action
from tests.ward import (
    IN_SPITE,
    LEAVES,
    LEFT,
    OFFICER,
    RINSE,
    SEEN,
    TIMES,
    TOLD,
    WHY,
    Asked,
    Ward,
    signed_by,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """A write: who does it at once with somebody else leaves `of_two` facts, one or two."""

    name: str
    route: str
    action: Action
    of_two: int
    asked: Callable[[Ward], Asked]


def _row(
    name: str, route: str, action: Action, of_two: int, asked: Callable[[Ward], Asked]
) -> Write:
    return Write(name=name, route=route, action=action, of_two=of_two, asked=asked)


WRITES = (
    _row("draft", "api_directives.draft", Action.DIRECTIVE_DRAFTED, 2,
         lambda w: ("/directives", w.text())),
    _row("change", "api_directives.change", Action.DIRECTIVE_CHANGED, 1,
         lambda w: (f"{w.signed()}/versions", {"after_version": 1, "cycle": 3, **WHY})),
    _row("recall", "api_directives.change", Action.DIRECTIVE_CHANGED, 1,
         lambda w: (f"{w.dispensed()}/versions", {"after_version": 1, "cycle": 3, **WHY})),
    _row("sign", "api_directives.sign", Action.DIRECTIVE_SIGNED, 1,
         lambda w: (f"{w.draft()}/sign", signed_by("physician"))),
    _row("verify", "api_directives.verify", Action.DIRECTIVE_VERIFIED, 1,
         lambda w: (f"{w.signed()}/verify", signed_by("radiopharmacist"))),
    _row("oral", "api_directives.record_oral", Action.DIRECTIVE_GIVEN_ORALLY, 1,
         lambda w: (f"{w.draft()}/oral", {**signed_by("radiopharmacist"), **TOLD})),
    _row("sign-oral", "api_directives.sign", Action.DIRECTIVE_SIGNED, 1,
         lambda w: (f"{w.oral()}/sign", signed_by("physician"))),
    _row("cancel", "api_directives.cancel", Action.DIRECTIVE_CANCELLED, 1,
         lambda w: (f"{w.signed()}/cancel", WHY)),
    _row("recall-by-cancelling", "api_directives.cancel", Action.DIRECTIVE_CANCELLED, 1,
         lambda w: (f"{w.dispensed()}/cancel", WHY)),
    _row("dispense", "api_dispensings.dispense", Action.DOSE_DISPENSED, 1,
         lambda w: ("/dispensings", w.asked())),
    _row("dispense-read-twice", "api_dispensings.dispense", Action.DOSE_DISPENSED, 1,
         lambda w: ("/dispensings", w.read_twice())),
    _row("dispense-from", "api_dispensings.dispense_from", Action.DOSE_DISPENSED, 1,
         lambda w: w.of_vial()),
    _row("label", "api_dispensings.labels", Action.DOCUMENT_PRINTED, 2,
         lambda w: (f"{w.dose()}/labels?format=zpl", {})),
    _row("void", "api_dispensings.void", Action.DOSE_VOIDED, 1,
         lambda w: (f"{w.dose()}/void", {"drawn": True, **WHY})),
    _row("void-undrawn", "api_dispensings.void", Action.DOSE_VOIDED, 1,
         lambda w: (f"{w.dose()}/void", {"drawn": False, **WHY})),
    _row("return", "api_dispensings.put_back", Action.DOSE_RETURNED, 1,
         lambda w: (f"{w.returned()}/return", WHY)),
    _row("reassign", "api_dispensings.reassign", Action.DOSE_REASSIGNED, 1,
         lambda w: (f"{w.returned()}/reassignment", w.another())),
    _row("administer", "api_administrations.administer", Action.DOSE_ADMINISTERED, 1,
         lambda w: (f"{w.dose()}/administration", {**TIMES, "residues": [LEFT]})),
    _row("given-already", "api_administrations.administer", Action.DOSE_ADMINISTERED, 1,
         lambda w: (f"{w.recalled()}/administration", {**TIMES, **IN_SPITE})),
    _row("residues-later", "api_administrations.add_residues", Action.RESIDUES_ADDED, 2,
         lambda w: (f"{w.given()}/residues", {"residues": [LEFT], **WHY})),
    _row("residues-to-waste", "api_administrations.put_residues", Action.CONTAINER_ITEM_ADDED, 1,
         lambda w: (f"{w.given(residues=[LEFT])}/residues/waste", {"container_id": w.container()})),
    _row("split-dose", "api_splitting.split", Action.CONTAINER_ITEM_SPLIT, 1,
         lambda w: ("/waste-splits", w.split(source="dose", dispensing_id=w.returned_id()))),
    _row("release", "api_waste.release", Action.CONTAINER_RELEASED, 1,
         lambda w: (f"{w.bags(1)[0]}/release", {**LEAVES, "signature": OFFICER})),
    _row("release-together", "api_releases.release", Action.CONTAINER_RELEASED, 1,
         lambda w: ("/waste-releases", w.leaving(*w.bags(1)))),
    _row("pour", "api_drains.pour", Action.DISCHARGED, 2,
         lambda _: ("/drain", RINSE)),
    _row("erase", "api_erasures.erase", Action.PATIENT_ERASED, 1,
         lambda w: (f"{w.unneeded()}/erasure", {**WHY, "signature": OFFICER})),
    _row("observe", "api_observations.observe", Action.DOSE_OBSERVED, 2,
         lambda w: (f"{w.dose()}/observations", SEEN)),
    _row("see-to", "api_flags.see_to", Action.FLAG_SEEN_TO, 1,
         lambda w: (f"{w.flag()}/seen-to", WHY)),
)  # fmt: skip
