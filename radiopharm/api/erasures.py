"""Erasing identities by JSON: what stands in the way, a ticket for the text, the signed act."""

from dataclasses import replace
from typing import Any

from flask import g
from marshmallow import Schema, fields

from radiopharm.api import retention as retention_shapes
from radiopharm.api.access import act, actor, proved, runtime
from radiopharm.api.schemas import Said
from radiopharm.api.signature_shapes import TicketOut, offer
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core import erasing
from radiopharm.core.erasing import EraseIdentity
from radiopharm.schemas.erasures import EraseIdentitySchema, EraseTicketSchema
from radiopharm.schemas.instants import Instant, instant_out
from radiopharm.services import erasures
from radiopharm.store.acts import Act

blp = JsonBlueprint("erasures", "/patients", "Erasing who a patient was; every fact stays.")
REFERENCE = "<string(length=10):reference>"


class ErasureCheckOut(Schema):
    """Why an identity cannot be erased now, and how long each record must name the patient."""

    reference = fields.String()
    erased = fields.String(allow_none=True)
    refusals = fields.List(fields.Nested(Said))
    kept = fields.List(fields.Nested(retention_shapes.RetentionOut))


class ErasureOut(Schema):
    """An erasure that was done."""

    reference = fields.String()
    erased_at = Instant()
    by = fields.String()
    reason = fields.String()


@blp.get(f"/{REFERENCE}/erasure")
@blp.response(200, ErasureCheckOut)
def check(reference: str) -> dict[str, Any]:
    """What stands in the way of erasing an identity; nobody is named in it."""
    found = _check(reference)
    return {
        "reference": reference,
        "erased": found.patient.erased.words if found.patient.erased else None,
        "refusals": [refusal.as_dict() for refusal in found.refusals],
        "kept": [retention_shapes.shape(each) for each in found.kept],
    }


@blp.post(f"/{REFERENCE}/erasure/sign-ticket")
@blp.arguments(EraseTicketSchema)
@blp.response(200, TicketOut)
def sign_ticket(asked: dict[str, str], reference: str) -> dict[str, Any]:
    """The text of an erasure about to be signed, and a ticket for exactly that."""
    found = _check(reference)
    meaning = asked["meaning"] or erasing.MEANING
    said = erasing.statement(reference, asked["reason"], len(found.kept), meaning)
    return offer(said, found.refusals)


@blp.post(f"/{REFERENCE}/erasure")
@blp.arguments(EraseIdentitySchema)
@blp.response(201, ErasureOut)
def erase(command: EraseIdentity, reference: str) -> dict[str, Any]:
    """Destroy an identity for good; refused, with every reason, while a record must name it."""
    with_proof = replace(command, signature=proved(command.signature))
    roles = runtime().access.routes["api_erasures.erase"]

    def work(act: Act) -> dict[str, Any]:
        made = erasures.erase(act, reference, with_proof, roles)
        said = {"erased_at": instant_out(made.at), "by": made.by, "reason": made.reason}
        return {"reference": reference, **said}

    answer = act(work, key_required=True).answer
    settings = runtime().settings
    erasures.settle(runtime().engine, settings.audit_key, settings.backup_directory)
    return answer


def _check(reference: str) -> erasures.Check:
    with runtime().reading() as db:
        return erasures.check(db, runtime().reference, actor().site, reference, g.now)
