"""An erasure on the way in: why, and the signature of who may."""

from typing import Any

from marshmallow import Schema, fields, post_load

from radiopharm.core.erasing import EraseIdentity
from radiopharm.schemas.fields import Line
from radiopharm.schemas.signing import SigningSchema


class EraseTicketSchema(Schema):
    """An erasure about to be signed; the reason names nobody."""

    reason = Line(required=True)
    meaning = Line(load_default="")


class EraseIdentitySchema(Schema):
    """Why an identity goes, without naming anybody, and the signature."""

    reason = Line(required=True)
    signature = fields.Nested(SigningSchema, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> EraseIdentity:
        return EraseIdentity(**data)
