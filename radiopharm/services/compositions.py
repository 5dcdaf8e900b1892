"""A newer certificate: what is declared beside the principal nuclide of a vial that is here."""

from collections.abc import Sequence

from radiopharm.core import certificates
from radiopharm.core.actions import Action
from radiopharm.core.certificates import Certificate, DeclaredImpurity
from radiopharm.core.refusals import Invalid, Refusal
from radiopharm.core.vials import Vial, nuclear_data
from radiopharm.store import vials
from radiopharm.store.acts import Act


def change(
    act: Act,
    vial_id: int,
    after_sequence: int,
    declared: Sequence[DeclaredImpurity],
    reason: str,
) -> int:
    """Write a new version of a vial's composition; returns its number.

    The book stays as it is and older versions stay readable. `Invalid` with every reason,
    `Conflict` on a stale page.
    """
    vial = vials.get(act.db, act.actor.site.id, vial_id)
    vials.require_sequence(vial, after_sequence)
    certificate = _certificate(act, vial, declared)
    if broken := (*_missing(declared, reason), *certificates.refusals(certificate)):
        raise Invalid(broken)

    version = vials.newest_version(act.db, vial_id) + 1
    composition = certificates.composition(certificate)
    vials.add_composition(
        act.db,
        vial_id,
        version,
        composition,
        recorded_at=act.now,
        recorded_by=act.actor.id,
        reason=reason,
    )
    act.record(
        Action.VIAL_COMPOSITION_CHANGED,
        f"vial:{vial_id}",
        reason=reason,
        version=version,
        impurities={i.nuclide: i.stated_ratio for i in composition},
        old={"impurities": {i.nuclide: i.stated_ratio for i in vial.impurities}},
    )
    return version


def _certificate(act: Act, vial: Vial, declared: Sequence[DeclaredImpurity]) -> Certificate:
    return Certificate(
        declared=tuple(declared),
        principal=vial.nuclide,
        reference_at=vial.reference_at,
        data=nuclear_data(vial, act.reference),
    )


def _missing(declared: Sequence[DeclaredImpurity], reason: str) -> list[Refusal]:
    found = []
    if not declared:
        said = "Enter what the certificate declares."
        found.append(Refusal(code="impurities", field="impurities", message=said))
    if not reason:
        said = "Say why the composition changes."
        found.append(Refusal(code="reason", field="reason", message=said))
    return found
