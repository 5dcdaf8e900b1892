"""Breaking a seal, on the way in; what may not be empty, core says."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from radiopharm.core.emergency import OpenEnvelope
from radiopharm.schemas.fields import Line


class OpenEnvelopeSchema(Schema):
    """The account and secret on the paper; who opens it, and why."""

    username = Line(load_default="", most=64)
    secret = fields.String(load_default="", validate=validate.Length(max=128))
    opener = Line(load_default="", most=100)
    reason = Line(load_default="")

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> OpenEnvelope:
        """The command; the paper is read aloud, so case and blanks do not matter."""
        secret = "".join(data["secret"].split()).lower()
        return OpenEnvelope(**{**data, "secret": secret})
