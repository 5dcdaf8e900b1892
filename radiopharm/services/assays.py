"""Measure a vial: the reading is always kept, and moves the book where it speaks for it."""

from typing import Any

from radiopharm.core import assays as rules
from radiopharm.core.actions import Action
from radiopharm.core.assays import Assay, Assayed
from radiopharm.core.instruments import InstrumentKind
from radiopharm.core.ledger import Entry
from radiopharm.core.refusals import Refused
from radiopharm.core.vials import nuclear_data
from radiopharm.services import check_standings, instruments, readings
from radiopharm.store import ledgers, vials
from radiopharm.store import readings as taken
from radiopharm.store.acts import Act


def assay(act: Act, vial_id: int, command: Assay) -> dict[str, Any]:
    """Write the reading and, where it moves the book, the difference; returns what came of it.

    `Invalid` when there is no such activity meter, `Conflict` on a stale page, `Refused` with every
    reason. The answer has `id`, `measured_by`, `expected_bq`, `sequence` (None: not posted) and
    `not_posted_because`.
    """
    site_id = act.actor.site.id
    vial = vials.get(act.db, site_id, vial_id)
    vials.require_sequence(vial, command.after_sequence)
    measured = readings.measured(act.db, site_id, command.measured)
    meter = instruments.for_reading(
        act.db, site_id, measured.instrument_id, InstrumentKind.ACTIVITY_METER
    )
    assayed = Assayed(
        command=command,
        measured=measured,
        vial=vial,
        product=act.reference.products[vial.product],
        data=nuclear_data(vial, act.reference),
        entries=ledgers.entries(act.db, vial_id),
        now=act.now,
        unfit=check_standings.stops(act.db, act.actor.site, meter, measured.at, act.now),
    )
    if broken := rules.refusals(assayed):
        raise Refused(broken)

    because = rules.not_posted_because(assayed)
    entry = None if because else rules.entry(assayed)
    if entry is not None:
        ledgers.append(act.db, vial_id, entry, actor_id=act.actor.id)
    return _write(act, assayed, entry, because)


def _write(act: Act, assayed: Assayed, entry: Entry | None, because: str) -> dict[str, Any]:
    said, vial_id = assayed.measured, assayed.vial.id
    found = {
        "expected_bq": assayed.expected_bq,
        "sequence": entry.sequence if entry else None,
        "not_posted_because": because,
    }
    assay_id = vials.add_assay(
        act.db,
        vial_id=vial_id,
        measured_bq=said.bq,
        measured_text=said.text,
        measured_at=said.at,
        instrument_id=said.instrument_id,
        recorded_at=act.now,
        actor_id=act.actor.id,
        **found,
    )
    if said.reading:
        taken.use_for_assay(act.db, said.reading.id, assay_id)
    act.record(
        Action.VIAL_ASSAYED,
        f"vial:{vial_id}",
        f"instrument:{said.instrument_id}",
        reason=assayed.command.reason,
        measured=said.text,
        measured_at=said.at,
        measured_by=said.by,
        late=assayed.timing.is_late,
        reference_bq=entry.change.reference_bq if entry else None,
        **found,
    )
    return {"id": assay_id, "measured_by": said.by, **found}
