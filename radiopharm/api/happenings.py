"""What happens to a vial without moving activity, by JSON; each answers with the vial."""

from typing import Any

from radiopharm.api import schemas
from radiopharm.api.access import act
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.api.vials import as_it_stands
from radiopharm.core.happenings import Happen
from radiopharm.schemas.happenings import (
    AllocateSchema,
    MoveSchema,
    OpenSchema,
    QuarantineSchema,
    ReleaseSchema,
    ThawSchema,
)
from radiopharm.services import happenings
from radiopharm.store.acts import Act

blp = JsonBlueprint("happenings", "/vials", "What happens to a vial that moves no activity.")
Answer = dict[str, Any]


@blp.post("/<int:vial_id>/quarantine")
@blp.arguments(QuarantineSchema)
@blp.response(200, schemas.VialOut)
def quarantine(command: Happen, vial_id: int) -> Answer:
    """Take a vial out of use."""
    return _happen(vial_id, command)


@blp.post("/<int:vial_id>/release")
@blp.arguments(ReleaseSchema)
@blp.response(200, schemas.VialOut)
def release(command: Happen, vial_id: int) -> Answer:
    """End the quarantine."""
    return _happen(vial_id, command)


@blp.post("/<int:vial_id>/open")
@blp.arguments(OpenSchema)
@blp.response(200, schemas.VialOut)
def open_vial(command: Happen, vial_id: int) -> Answer:
    """Write that it was opened; its clock starts where the product's is known."""
    return _happen(vial_id, command)


@blp.post("/<int:vial_id>/thaw")
@blp.arguments(ThawSchema)
@blp.response(200, schemas.VialOut)
def thaw(command: Happen, vial_id: int) -> Answer:
    """Write that it was thawed; its clock starts where the product's is known."""
    return _happen(vial_id, command)


@blp.post("/<int:vial_id>/move")
@blp.arguments(MoveSchema)
@blp.response(200, schemas.VialOut)
def move(command: Happen, vial_id: int) -> Answer:
    """Say where it stands."""
    return _happen(vial_id, command)


@blp.post("/<int:vial_id>/allocate")
@blp.arguments(AllocateSchema)
@blp.response(200, schemas.VialOut)
def allocate(command: Happen, vial_id: int) -> Answer:
    """Keep it for a directive, or for nobody any longer."""
    return _happen(vial_id, command)


def _happen(vial_id: int, command: Happen) -> Answer:
    def work(act: Act) -> Answer:
        happenings.happen(act, vial_id, command)
        return as_it_stands(act, vial_id)

    return act(work).answer
