"""Measure a vial: the reading is always kept, and moves the book where it speaks for it."""

from typing import Any

from radiopharm.core import assays as rules
from radiopharm.core.actions import Action
from radiopharm.core.assays import Assay, Assayed
from radiopharm.core.instruments import InstrumentKind
from radiopharm.core.ledger import Entry
from radiopharm.core.refusals import Refused
from radiopharm.core.vials import nuclear_data
from radiopharm.services import instruments
from radiopharm.store import ledgers, vials
from radiopharm.store.acts import Act


def assay(act: Act, vial_id: int, command: Assay) -> dict[str, Any]:
    """Write the reading and, where it moves the book, the difference; returns what came of it.

    `Invalid` when there is no such activity meter, `Conflict` on a stale page, `Refused` with every
    reason. The answer has `id`, `expected_bq`, `sequence` (None: not posted) and
    `not_posted_because`.
    """
    site_id = act.actor.site.id
    vial = vials.get(act.db, site_id, vial_id)
    vials.require_sequence(vial, command.after_sequence)
    instruments.for_reading(act.db, site_id, command.instrument_id, InstrumentKind.ACTIVITY_METER)
    assayed = Assayed(
        command=command,
        vial=vial,
        product=act.reference.products[vial.product],
        data=nuclear_data(vial, act.reference),
        entries=ledgers.entries(act.db, vial_id),
        now=act.now,
    )
    if broken := rules.refusals(assayed):
        raise Refused(broken)

    because = rules.not_posted_because(assayed)
    entry = None if because else rules.entry(assayed)
    if entry is not None:
        ledgers.append(act.db, vial_id, entry, actor_id=act.actor.id)
    return _write(act, assayed, entry, because)


def _write(act: Act, assayed: Assayed, entry: Entry | None, because: str) -> dict[str, Any]:
    command, vial_id = assayed.command, assayed.vial.id
    found = {
        "expected_bq": assayed.expected_bq,
        "sequence": entry.sequence if entry else None,
        "not_posted_because": because,
    }
    assay_id = vials.add_assay(
        act.db,
        vial_id=vial_id,
        measured_bq=command.measured_bq,
        measured_text=command.measured_text,
        measured_at=command.measured_at,
        instrument_id=command.instrument_id,
        recorded_at=act.now,
        actor_id=act.actor.id,
        **found,
    )
    act.record(
        Action.VIAL_ASSAYED,
        f"vial:{vial_id}",
        f"instrument:{command.instrument_id}",
        reason=command.reason,
        measured=command.measured_text,
        measured_at=command.measured_at,
        late=assayed.timing.is_late,
        reference_bq=entry.change.reference_bq if entry else None,
        **found,
    )
    return {"id": assay_id, **found}
