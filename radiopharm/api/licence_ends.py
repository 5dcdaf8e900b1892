"""When the site's licence ends, by JSON: what was entered, a ticket for it, the signed act."""

from dataclasses import replace
from typing import Any

from marshmallow import Schema, fields

from radiopharm.api.access import act, actor, proved, runtime
from radiopharm.api.signature_shapes import SignedOut, TicketOut, offer, signed
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core.licence_ends import EnterLicenceEnd, LicenceEnd
from radiopharm.schemas.fields import Id
from radiopharm.schemas.licence_ends import EnterLicenceEndSchema, LicenceEndTicketSchema
from radiopharm.services import licence_ends as service
from radiopharm.store import licence_ends as store
from radiopharm.store import signatures
from radiopharm.store.acts import Act

blp = JsonBlueprint("licence_ends", "/licence-ends", "When the licence ends: some laws count on.")


class LicenceEndOut(Schema):
    """An entry; `ended_on` null says that the licence runs."""

    id = Id()
    ended_on = fields.Date(allow_none=True)
    source = fields.String()
    reason = fields.String()
    signature = fields.Nested(SignedOut)


class LicenceEndsOut(Schema):
    """Every entry, the newest first: it is the one that stands."""

    items = fields.List(fields.Nested(LicenceEndOut))


class LicenceEndEnteredOut(Schema):
    """An entry that was signed."""

    id = Id()


@blp.get("")
@blp.response(200, LicenceEndsOut)
def index() -> dict[str, Any]:
    """What was entered, with its signatures."""
    with runtime().reading() as db:
        found = store.of_site(db, actor().site.id)
        under = signatures.by_ids(db, [row.signature_id for row in found])
    return {"items": [_shape(row, signed(under[row.signature_id])) for row in found]}


@blp.post("/sign-ticket")
@blp.arguments(LicenceEndTicketSchema)
@blp.response(200, TicketOut)
def sign_ticket(entry: LicenceEnd) -> dict[str, Any]:
    """The text of an entry about to be signed, and a ticket for exactly that."""
    with runtime().reading() as db:
        return offer(service.statement(db, actor().site, entry))


@blp.post("")
@blp.arguments(EnterLicenceEndSchema)
@blp.response(201, LicenceEndEnteredOut)
def enter(command: EnterLicenceEnd) -> dict[str, Any]:
    """Enter when the licence ends."""
    with_proof = replace(command, signature=proved(command.signature))

    def work(act: Act) -> dict[str, Any]:
        return {"id": service.enter(act, with_proof)}

    return act(work, key_required=True).answer


def _shape(row: Any, signature: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "ended_on": row.ended_on,
        "source": row.source,
        "reason": row.reason,
        "signature": signature,
    }
