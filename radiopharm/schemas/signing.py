"""A signature on its way in; forms name its boxes `signature.username` and `signature.secret`."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from radiopharm.core.signing import Signing
from radiopharm.schemas.fields import Line


class SigningSchema(Schema):
    """Name, secret (password, or bench PIN where one may do), and what the signature means.

    `ticket` is the one that came with what was shown; a page sends it always, a program may.
    """

    username = Line(required=True, most=64)
    secret = fields.String(required=True, load_only=True, validate=validate.Length(1, 200))
    meaning = Line(load_default="")
    ticket = fields.String(load_default="", load_only=True, validate=validate.Length(max=8000))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Signing:
        return Signing(**data)
