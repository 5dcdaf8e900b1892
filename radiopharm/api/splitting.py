"""Dividing one thing among waste containers by JSON."""

from typing import Any

from marshmallow import Schema, fields

from radiopharm.api import waste_shapes as shapes
from radiopharm.api.access import act
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.api.waste_schemas import ItemOut
from radiopharm.core.splitting import Split
from radiopharm.schemas.fields import Id
from radiopharm.schemas.splitting import SplitSchema
from radiopharm.services import splitting
from radiopharm.store import waste
from radiopharm.store.acts import Act

blp = JsonBlueprint("splitting", "/waste-splits", "One thing in several waste containers.")
Answer = dict[str, Any]


class SharedItemOut(ItemOut):
    """What one container got."""

    container_id = Id()


class SplitOut(Schema):
    """What was divided: the `id` of the first share's item, and every part in the order named."""

    id = Id()
    parts = fields.List(fields.Nested(SharedItemOut))


@blp.post("")
@blp.arguments(SplitSchema)
@blp.response(201, SplitOut)
def split(command: Split) -> Answer:
    """Put a returned dose, a residue or part of a vial into several containers, by percent."""

    def work(act: Act) -> Answer:
        first_id = splitting.split(act, command)
        return {"id": first_id, "parts": [_part(act, s.container_id) for s in command.shares]}

    return act(work, key_required=True).answer


def _part(act: Act, container_id: int) -> Answer:
    """The newest item of a container: the one this act has just put in."""
    newest = waste.get(act.db, act.actor.site.id, container_id).items[-1]
    return {"container_id": container_id, **shapes.item(newest)}
