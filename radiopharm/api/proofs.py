"""The proof of a part of the trail by JSON: since the last seals, or all about one code."""

from typing import Any

from flask import g
from marshmallow import Schema, ValidationError, fields, validates

from radiopharm.api.access import actor, runtime
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.schemas.audits import subject_of
from radiopharm.schemas.fields import Line
from radiopharm.schemas.instants import Instant, instant_out
from radiopharm.services import proof
from radiopharm.services.proof import Stood
from radiopharm.store.audit import SYSTEM

blp = JsonBlueprint("proofs", "/audit-events/verification", "The trail proved in part.")


class PartQuery(Schema):
    """A code as on its label (V-000017, D-, W-, R-, P-); without one, what no seal covers yet."""

    about = Line(most=32)

    @validates("about")
    def _is_a_code(self, value: str, **_: Any) -> None:
        if subject_of(value) is None:
            raise ValidationError("Write a code as it is on the label: V-000017.")


class SealOut(Schema):
    """A seal: the signed word that a stream had reached `number`."""

    stream = fields.String()
    number = fields.Integer()
    hash = fields.String()
    sealed_at = Instant()
    key = fields.String()
    signature = fields.String()


class FaultOut(Schema):
    """The first record that does not hold."""

    stream = fields.String()
    number = fields.Integer()
    kind = fields.String()
    message = fields.String()


class StretchOut(Schema):
    """A stretch that was walked: `events` asked for in `first` to `last`, and its seal."""

    stream = fields.String()
    first = fields.Integer()
    last = fields.Integer()
    hash = fields.String()
    events = fields.Integer()
    seal = fields.Nested(SealOut, allow_none=True)
    first_bad = fields.Nested(FaultOut, allow_none=True)


class ProofOut(Schema):
    """What was walked in each chain; `verified` when every record of it holds."""

    at = Instant()
    verified = fields.Boolean()
    parts = fields.List(fields.Nested(StretchOut))


@blp.get("/part")
@blp.arguments(PartQuery, location="query")
@blp.response(200, ProofOut)
def part(query: dict[str, Any]) -> dict[str, Any]:
    """Walk what is younger than the last seals, or the stretch in which a code's events stand."""
    here, streams = runtime(), (actor().site.stream, SYSTEM)
    found = subject_of(query.get("about", ""))
    with here.reading() as db:
        if found:
            subject = ":".join(found)
            stood = proof.prove_about(db, here.settings, here.anchors, subject, *streams)
        else:
            stood = proof.prove_since_seal(db, here.settings, here.anchors)
    mine = [each for each in stood if each.end.stream in streams]
    return {
        "at": instant_out(g.now),
        "verified": all(each.first_bad is None for each in mine),
        "parts": list(map(_shape, mine)),
    }


def _shape(it: Stood) -> dict[str, Any]:
    return {
        "stream": it.end.stream,
        "first": it.first,
        "last": it.end.number,
        "hash": it.end.hash,
        "events": it.events,
        "seal": it.seal,
        "first_bad": it.first_bad,
    }
