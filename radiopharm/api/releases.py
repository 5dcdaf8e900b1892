"""Several releases at once, by JSON: one act of signing, a check and a record for each."""

from dataclasses import replace
from typing import Any

from flask import g
from marshmallow import Schema, fields

from radiopharm.api import waste_shapes as shapes
from radiopharm.api.access import act, actor, proved, runtime
from radiopharm.api.schemas import Said
from radiopharm.api.signature_shapes import TicketOut, offer
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.api.waste_schemas import ReleaseOut
from radiopharm.core.releasing import ReleaseTogether
from radiopharm.schemas.fields import Id
from radiopharm.schemas.leaving import ReleasesTicketSchema, ReleaseTogetherSchema
from radiopharm.services import releasing_together as service
from radiopharm.store import waste
from radiopharm.store.acts import Act

blp = JsonBlueprint("releases", "/waste-releases", "Several containers released together.")


class ReleasedOut(Schema):
    """A container that left, and its own record."""

    container_id = Id()
    release = fields.Nested(ReleaseOut)


class StayedOut(Schema):
    """A container that stays, and every reason."""

    container_id = Id()
    errors = fields.List(fields.Nested(Said))


class ReleasesOut(Schema):
    """Which of the ticked containers left and which stay."""

    released = fields.List(fields.Nested(ReleasedOut))
    refused = fields.List(fields.Nested(StayedOut))


@blp.post("")
@blp.arguments(ReleaseTogetherSchema)
@blp.response(201, ReleasesOut)
def release(command: ReleaseTogether) -> dict[str, Any]:
    """Release those that pass their own full check; name the others with all reasons.

    409 with every reason when none passes. The same key does it once.
    """
    releaser = proved(command.releaser) if command.releaser else None
    signed = replace(command, signature=proved(command.signature), releaser=releaser)

    def work(act: Act) -> dict[str, Any]:
        done = service.release_together(act, signed)
        ids = [seen.container.id for seen in done.ready]
        left = waste.by_ids(act.db, act.actor.site.id, ids)
        return {
            "released": [
                {"container_id": each.id, "release": shapes.release(each.release)}
                for each in left
                if each.release
            ],
            "refused": [
                {"container_id": seen.container.id, "errors": [why.as_dict() for why in reasons]}
                for seen, reasons in done.refused
            ],
        }

    return act(work, key_required=True).answer


@blp.post("/sign-ticket")
@blp.arguments(ReleasesTicketSchema)
@blp.response(200, TicketOut)
def sign_ticket(asked: dict[str, Any]) -> dict[str, Any]:
    """The text of the releases that pass now and a ticket for exactly that, or every reason."""
    here, who, command = runtime(), actor(), asked["command"]
    with here.reading() as db:
        found = service.judge(
            db, here.reference, who, command, g.now, has_releaser=asked["has_releaser"]
        )
    meaning = asked["meaning"] or service.MEANING
    said = service.statement(found.ready, command.outgoing, who, meaning)
    return offer(said, () if found.ready else found.reasons)
