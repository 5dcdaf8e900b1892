"""The periodic reviews of the audit by JSON: those signed, a ticket for the next, the act."""

import json
from typing import Any

from flask import g
from marshmallow import Schema, fields

from radiopharm.api import schemas
from radiopharm.api.access import act, actor, proved, runtime
from radiopharm.api.paging import key_of, page
from radiopharm.api.signature_shapes import SignedOut, TicketOut, offer, signed
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core.reviews import MEANING, Review
from radiopharm.core.signing import Signing
from radiopharm.schemas import page_keys
from radiopharm.schemas.fields import Id
from radiopharm.schemas.instants import Instant, instant_out
from radiopharm.schemas.reviews import ReviewSchema, ReviewTicketSchema
from radiopharm.services import reviews as service
from radiopharm.store import reviews, signatures
from radiopharm.store.acts import Act

blp = JsonBlueprint("reviews", "/audit-reviews", "The audit looked through, period by period.")


class ReviewOut(Schema):
    """A review; `counts` say how many events each view held, by its code."""

    id = Id()
    start = Instant(data_key="from")
    end = Instant(data_key="to")
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    findings = fields.String()
    next_due_at = Instant(data_key="next_due")
    recorded_at = Instant()
    signature = fields.Nested(SignedOut)


class ReviewMadeOut(Schema):
    """A review that was signed."""

    id = Id()


@blp.get("")
@blp.arguments(schemas.PageQuery, location="query")
@blp.response(200, schemas.page_of(ReviewOut, "Review"))
def index(query: dict[str, Any]) -> dict[str, Any]:
    """The signed reviews, newest first."""
    (before,) = key_of(query.get("after"), page_keys.number) or (None,)
    most = query["limit"]
    with runtime().reading() as db:
        found = reviews.newest(db, actor().site.id, most + 1, before)
        under = signatures.by_ids(db, [row.signature_id for row in found])
    shown = [_shape(row, signed(under[row.signature_id])) for row in found[:most]]
    return page(shown, (shown[-1]["id"],) if len(found) > most else None)


@blp.post("/sign-ticket")
@blp.arguments(ReviewTicketSchema)
@blp.response(200, TicketOut)
def sign_ticket(review: Review) -> dict[str, Any]:
    """The text of a review about to be signed, counted now, and a ticket for exactly that."""
    here, site = runtime(), actor().site
    with here.reading() as db:
        return offer(service.statement(db, review, site, here.working_hours, g.now, MEANING))


@blp.post("")
@blp.arguments(ReviewSchema)
@blp.response(201, ReviewMadeOut)
def sign(asked: tuple[Review, Signing]) -> dict[str, Any]:
    """Sign a review of a period that is over."""
    review, signing = asked[0], proved(asked[1])

    def work(act: Act) -> dict[str, Any]:
        return {"id": service.sign(act, review, signing, runtime().working_hours)}

    return act(work, key_required=True).answer


def _shape(row: Any, signature: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "start": instant_out(row.starts_at),
        "end": instant_out(row.ends_at),
        "counts": json.loads(row.counts),
        "findings": row.findings,
        "next_due_at": instant_out(row.next_due_at),
        "recorded_at": instant_out(row.recorded_at),
        "signature": signature,
    }
