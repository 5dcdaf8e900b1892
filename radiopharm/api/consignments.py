"""Consignments by JSON: what left the house together, its paper, and who has received it."""

from functools import partial
from typing import Any

from flask import Response, g
from marshmallow import Schema, fields

from radiopharm.api.access import act, actor, runtime
from radiopharm.api.paging import key_of, page
from radiopharm.api.schemas import Number, PageQuery, PapersOut, page_of
from radiopharm.api.shapes import papers
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core.consignments import Consignment, Piece, Receipt, Receive
from radiopharm.documents import consignments as documents
from radiopharm.schemas import page_keys
from radiopharm.schemas.consignments import NumberQuery, ReceiveSchema
from radiopharm.schemas.fields import Id
from radiopharm.schemas.instants import Instant, instant_out
from radiopharm.services import consignments
from radiopharm.store.acts import Act

blp = JsonBlueprint("consignments", "/consignments", "What left the house together.")
Answer = dict[str, Any]


class PieceOut(Schema):
    """A container, or what left a vial; `contents_bq` as it left, null where it is not defined."""

    code = fields.String()
    what = fields.String()
    way = fields.String()
    left_at = Instant()
    recipient = fields.String()
    licence_number = fields.String()
    papers = fields.Nested(PapersOut)
    contents_bq = fields.Dict(keys=fields.String(), values=Number(), allow_none=True)
    undone = fields.Boolean()


class ReceiptOut(Schema):
    """Who took it over, as entered later."""

    received_by = fields.String()
    received_at = Instant()
    documents = fields.String()
    recorded_at = Instant()
    by = fields.String()


class ConsignmentOut(Schema):
    """Everything that left under one number; more than one of `recipients` is a doubt."""

    number = fields.String()
    left_at = Instant()
    recipients = fields.List(fields.String())
    documents = fields.List(fields.String())
    handed_over_by = fields.List(fields.String())
    received_by = fields.List(fields.String())
    contents_bq = fields.Dict(keys=fields.String(), values=Number())
    pieces = fields.List(fields.Nested(PieceOut))
    receipts = fields.List(fields.Nested(ReceiptOut))
    sha256 = fields.String()


class ReceivedOut(Schema):
    """The receipt that was entered."""

    id = Id()


PAPER = {
    "200": {
        "description": "The paper that goes along.",
        "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@blp.get("")
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_of(ConsignmentOut, "Consignment"))
def index(query: Answer) -> Answer:
    """A page of consignments, the one that left last first."""
    key = key_of(query.get("after"), page_keys.instant, page_keys.number)
    with runtime().reading() as db:
        found, following = consignments.page(
            db, runtime().reference, actor().site, key, query["limit"]
        )
    after = following and (following[0].isoformat(), following[1])
    return page(map(_consignment, found), after)


@blp.get("/one")
@blp.arguments(NumberQuery, location="query")
@blp.response(200, ConsignmentOut)
def show(query: Answer) -> Answer:
    """Everything that left under a number."""
    with runtime().reading() as db:
        return _consignment(
            consignments.get(db, runtime().reference, actor().site, query["number"])
        )


@blp.get("/one.pdf")
@blp.arguments(NumberQuery, location="query")
@blp.doc(responses=PAPER)
def paper(query: Answer) -> Response:
    """The paper that goes along, the same to the byte while nothing is added."""
    take = partial(consignments.take, number=query["number"], document="consignment paper")
    it = runtime().taken(take, actor(), g.now)
    headers = {"Content-Disposition": f'attachment; filename="{documents.file_name(it, "pdf")}"'}
    return Response(documents.paper(it), mimetype="application/pdf", headers=headers)


@blp.post("/receipts")
@blp.arguments(ReceiveSchema)
@blp.response(201, ReceivedOut)
def receive(command: Receive) -> Answer:
    """Record who took a consignment over."""

    def work(act: Act) -> Answer:
        return {"id": consignments.receive(act, command)}

    return act(work, key_required=True).answer


def _consignment(it: Consignment) -> Answer:
    return {
        "number": it.number,
        "left_at": instant_out(it.left_at),
        "recipients": list(it.recipients),
        "documents": list(it.documents),
        "handed_over_by": list(it.handed_over_by),
        "received_by": list(it.received_by),
        "contents_bq": it.contents_bq,
        "pieces": [_piece(piece) for piece in it.pieces],
        "receipts": [_receipt(receipt) for receipt in it.receipts],
        "sha256": it.sha256,
    }


def _piece(it: Piece) -> Answer:
    return {
        "code": it.code,
        "what": it.what,
        "way": it.way,
        "left_at": instant_out(it.left_at),
        "recipient": it.recipient,
        "licence_number": it.licence,
        "papers": papers(it.papers),
        "contents_bq": None if it.contents_bq is None else dict(it.contents_bq),
        "undone": it.undone,
    }


def _receipt(it: Receipt) -> Answer:
    return {
        "received_by": it.received_by,
        "received_at": instant_out(it.received_at),
        "documents": it.documents,
        "recorded_at": instant_out(it.recorded_at),
        "by": it.actor,
    }
