"""The audit trail by JSON: events newest first, and the proof that none was changed."""

from typing import Any

from flask import g
from marshmallow import Schema, fields

from radiopharm.api import schemas
from radiopharm.api.access import actor, runtime
from radiopharm.api.paging import key_of, page
from radiopharm.api.proofs import FaultOut
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core.audit_views import VIEWS
from radiopharm.schemas import page_keys
from radiopharm.schemas.audits import AuditQuery, filters
from radiopharm.schemas.instants import Instant, instant_out
from radiopharm.services import audits, proof
from radiopharm.services.audits import Recorded
from radiopharm.store.audit import SYSTEM

blp = JsonBlueprint("audit", "/audit-events", "Who did what, when and why; and its proof.")


class EventsQuery(AuditQuery, schemas.PageQuery):
    """A keyset page of events."""


class EventOut(Schema):
    """One event; `facts` hold what is new and, under `old`, what was."""

    number = fields.Integer()
    at = Instant()
    actor = fields.String()
    roles = fields.List(fields.String())
    via = fields.String()
    emergency = fields.String(allow_none=True)
    source = fields.String(data_key="from")
    action = fields.String()
    reason = fields.String()
    subjects = fields.List(fields.String())
    facts = fields.Dict()
    hash = fields.String()


class EndOut(Schema):
    """How far a stream holds."""

    stream = fields.String()
    number = fields.Integer()
    hash = fields.String()


class VerificationOut(Schema):
    """What was walked, and the first record that does not hold."""

    at = Instant()
    verified = fields.Boolean()
    events = fields.Integer()
    streams = fields.List(fields.Nested(EndOut))
    first_bad = fields.Nested(FaultOut, allow_none=True)


@blp.get("")
@blp.arguments(EventsQuery, location="query")
@blp.response(200, schemas.page_of(EventOut, "Event"))
def index(query: dict[str, Any]) -> dict[str, Any]:
    """Events of the site, newest first; with `stream=system` those that belong to no site."""
    key = key_of(query.get("after"), page_keys.number)
    stream = SYSTEM if query["stream"] == SYSTEM else actor().site.stream
    view = VIEWS.get(query.get("view", ""))
    with runtime().reading() as db:
        wanted = audits.viewed(
            db, filters(query), view, actor().site, runtime().working_hours, g.now
        )
        found, before = audits.search(db, stream, wanted, key[0] if key else None, query["limit"])
    return page(map(_shape, found), (before,) if before else None)


@blp.get("/verification")
@blp.response(200, VerificationOut)
def verification() -> dict[str, Any]:
    """Walk every chain now, against every witness; the first record that does not hold is named."""
    with runtime().reading() as db:
        found = proof.prove(db, runtime().settings, runtime().anchors)
    mine = [end for end in found.streams if end.stream in (actor().site.stream, SYSTEM)]
    return {
        "at": instant_out(g.now),
        "verified": found.first_bad is None,
        "events": sum(end.number for end in mine),
        "streams": mine,
        "first_bad": found.first_bad,
    }


def _shape(it: Recorded) -> dict[str, Any]:
    said = it.said
    return {
        "number": it.number,
        "at": instant_out(it.at),
        "actor": it.actor,
        "roles": said.get("roles", []),
        "via": said.get("via", ""),
        "emergency": said.get("emergency"),
        "source": said.get("from", ""),
        "action": it.action,
        "reason": it.reason,
        "subjects": it.subjects,
        "facts": said.get("facts", {}),
        "hash": it.hash,
    }
