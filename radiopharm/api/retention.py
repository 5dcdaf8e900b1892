"""What may be destroyed and when, by JSON. Nothing is destroyed by the program."""

from typing import Any

from flask import g
from marshmallow import Schema, fields, validate

from radiopharm.api import schemas
from radiopharm.api.access import act, actor, runtime
from radiopharm.api.paging import key_of, page
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core.retention import DecideRetention, RecordClass, Retention
from radiopharm.schemas import page_keys
from radiopharm.schemas.fields import Id
from radiopharm.schemas.instants import Instant, instant_out
from radiopharm.schemas.retention import CLASSES, DecideRetentionSchema
from radiopharm.services import retention as service
from radiopharm.store.acts import Act

blp = JsonBlueprint("retention", "/retention", "How long each record must be kept, and why.")


class RetentionQuery(schemas.PageQuery):
    """Which class of record."""

    record_class = fields.String(required=True, validate=validate.OneOf(CLASSES))


class TermOut(Schema):
    """One rule that speaks of a record; `until` is null while its event has not happened."""

    rule = fields.String()
    clause = fields.String()
    source = fields.String()
    status = fields.String()
    note = fields.String()
    until = fields.String(allow_none=True)


class RetentionOut(Schema):
    """A record; `earliest` null means: not before a decision by the safety officer."""

    record = fields.String()
    made_at = Instant()
    disposed_at = Instant(allow_none=True)
    earliest = fields.String(allow_none=True)
    governing = fields.String(allow_none=True)
    message = fields.String()
    terms = fields.List(fields.Nested(TermOut))


class DecisionOut(Schema):
    """A decision of the site's; the newest of a class stands."""

    id = Id()
    record_class = fields.String()
    years = fields.Integer()
    source = fields.String()


@blp.get("")
@blp.arguments(RetentionQuery, location="query")
@blp.response(200, schemas.page_of(RetentionOut, "Retention"))
def index(query: dict[str, Any]) -> dict[str, Any]:
    """Records of a class by number, each with the earliest day it may be destroyed, and why."""
    (after,) = key_of(query.get("after"), page_keys.number) or (0,)
    with runtime().reading() as db:
        found, following = service.page(
            db,
            runtime().reference,
            actor().site,
            RecordClass(query["record_class"]),
            g.now,
            after=after,
            size=query["limit"],
        )
    return page(map(shape, found), (following,) if following else None)


@blp.post("/decisions")
@blp.arguments(DecideRetentionSchema)
@blp.response(201, DecisionOut)
def decide(command: DecideRetention) -> dict[str, Any]:
    """Decide how long a class of record is kept; it adds to the rules, and shortens none."""

    def work(act: Act) -> dict[str, Any]:
        return {
            "id": service.decide(act, command),
            "record_class": str(command.record_class),
            "years": command.years,
            "source": command.source,
        }

    return act(work, key_required=True).answer


def shape(it: Retention) -> dict[str, Any]:
    """A record with every rule that speaks of it."""
    disposed_at = it.record.disposed_at
    return {
        "record": it.record.code,
        "made_at": instant_out(it.record.made_at),
        "disposed_at": instant_out(disposed_at) if disposed_at else None,
        "earliest": it.earliest.isoformat() if it.earliest else None,
        "governing": it.governing.rule.code if it.governing else None,
        "message": it.words,
        "terms": [
            {
                "rule": term.rule.code,
                "clause": term.rule.clause,
                "source": term.rule.source,
                "status": str(term.rule.status),
                "note": term.rule.note,
                "until": term.until.isoformat() if term.until else None,
            }
            for term in it.terms
        ],
    }
