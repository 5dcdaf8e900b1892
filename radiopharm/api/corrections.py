"""What moves a vial's book beside dispensing, by JSON; each answers with the vial it leaves."""

from typing import Any

from marshmallow import Schema, fields

from radiopharm.api import schemas
from radiopharm.api.access import act
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.api.vials import as_it_stands
from radiopharm.core.assays import Assay
from radiopharm.core.corrections import Taking
from radiopharm.core.vial_transfers import VialTransfer
from radiopharm.schemas.corrections import (
    AfterSequenceSchema,
    AssaySchema,
    CompositionSchema,
    DiluteSchema,
    DiscardSchema,
    TransferSchema,
)
from radiopharm.schemas.fields import Id
from radiopharm.services import (
    assays,
    compositions,
    corrections,
    discarding,
    ledgers,
    vial_transfers,
)
from radiopharm.store.acts import Act

blp = JsonBlueprint("corrections", "/vials", "What moves a vial's book beside dispensing.")
Answer = dict[str, Any]


class AssayOut(Schema):
    """A reading; `sequence` is its entry's, none where the reading moves nothing, and why not."""

    id = Id()
    measured_by = fields.String()
    expected_bq = schemas.Number()
    sequence = fields.Integer(allow_none=True)
    not_posted_because = fields.String()
    vial = fields.Nested(schemas.VialOut)


@blp.post("/<int:vial_id>/discard")
@blp.arguments(DiscardSchema)
@blp.response(200, schemas.VialOut)
def discard(command: tuple[Taking, int | None], vial_id: int) -> Answer:
    """Discard a volume, or all that is held; into a waste container where one is named."""
    taking, container_id = command

    def work(act: Act) -> Answer:
        discarding.discard(act, vial_id, taking, container_id)
        return as_it_stands(act, vial_id)

    return act(work).answer


@blp.post("/<int:vial_id>/transfer")
@blp.arguments(TransferSchema)
@blp.response(200, schemas.VialOut)
def transfer(command: VialTransfer, vial_id: int) -> Answer:
    """Hand a volume, or all that is held, to a licensed recipient or back to the supplier."""

    def work(act: Act) -> Answer:
        vial_transfers.transfer(act, vial_id, command)
        return as_it_stands(act, vial_id)

    return act(work).answer


@blp.post("/<int:vial_id>/dilute")
@blp.arguments(DiluteSchema)
@blp.response(200, schemas.VialOut)
def dilute(command: Taking, vial_id: int) -> Answer:
    """Add volume without activity."""

    def work(act: Act) -> Answer:
        corrections.take(act, vial_id, command)
        return as_it_stands(act, vial_id)

    return act(work).answer


@blp.post("/<int:vial_id>/assays")
@blp.arguments(AssaySchema)
@blp.response(201, AssayOut)
def assay(command: Assay, vial_id: int) -> Answer:
    """Measure the vial; the difference is posted where the reading speaks for the principal."""

    def work(act: Act) -> Answer:
        found = assays.assay(act, vial_id, command)
        return {**found, "vial": as_it_stands(act, vial_id)}

    return act(work, key_required=True).answer


@blp.post("/<int:vial_id>/entries/<int:sequence>/reversal")
@blp.arguments(AfterSequenceSchema)
@blp.response(201, schemas.VialOut)
def reverse(command: Answer, vial_id: int, sequence: int) -> Answer:
    """Undo one entry by its mirror image; each once, and a dose's only by voiding the dose."""

    def work(act: Act) -> Answer:
        ledgers.reverse(act, vial_id, sequence, command["after_sequence"], command["reason"])
        return as_it_stands(act, vial_id)

    return act(work, key_required=True).answer


@blp.post("/<int:vial_id>/compositions")
@blp.arguments(CompositionSchema)
@blp.response(201, schemas.VialOut)
def change_composition(command: Answer, vial_id: int) -> Answer:
    """Enter a newer certificate; what was declared before stays readable and no longer counts."""

    def work(act: Act) -> Answer:
        said = command["impurities"], command["reason"]
        compositions.change(act, vial_id, command["after_sequence"], *said)
        return as_it_stands(act, vial_id)

    return act(work, key_required=True).answer
