"""Print a document: every print is an event, and a reprint knows its number."""

from datetime import datetime
from zoneinfo import ZoneInfo

from radiopharm.core.actions import Action
from radiopharm.core.labels import DoseLabel
from radiopharm.core.people import Site
from radiopharm.core.reference import Reference
from radiopharm.core.states import use_by
from radiopharm.store import Connection, audit, doses, vials
from radiopharm.store.acts import Act


def print_dose_labels(act: Act, dose_id: int, form: str) -> int:
    """Record that a dose's labels are printed; returns which print of them this is, from 1."""
    dose = doses.get(act.db, act.actor.site.id, dose_id)
    number = prints(act.db, act.actor.site, dose_id) + 1
    act.record(
        Action.DOCUMENT_PRINTED,
        f"dose:{dose.id}",
        document="dose label",
        print=number,
        reprint=number > 1,
        format=form,
    )
    return number


def prints(db: Connection, site: Site, dose_id: int) -> int:
    """How often the labels of a dose were printed."""
    return audit.times(db, site.stream, Action.DOCUMENT_PRINTED, f"dose:{dose_id}")


def dose_label(
    db: Connection, reference: Reference, site: Site, dose_id: int, number: int, now: datetime
) -> DoseLabel:
    """What the labels of a dose say, as their print *number*."""
    dose = doses.get(db, site.id, dose_id)
    found = vials.by_ids(db, site.id, [draw.vial_id for draw in dose.draws])
    return DoseLabel(
        code=dose.code,
        product=reference.products[dose.product].name,
        nuclide=dose.nuclide,
        activity_bq=dose.measured_then_bq,
        activity_at=dose.administer_at,
        volume_ul=dose.volume_ul,
        pieces=dose.pieces,
        lot=" + ".join(dict.fromkeys(vial.lot for vial in found)),
        expires_at=min(use_by(vial, dose.administer_at) for vial in found),
        dispensed_by=dose.signature.signer_name,
        checked_by=dose.second_check.signature.signer_name if dose.second_check else None,
        patient_reference=dose.patient,
        zone=ZoneInfo(site.zone),
        printed_at=now,
        print_number=number,
    )
