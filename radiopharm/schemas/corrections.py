"""Commands that change what stands: each says what its author saw, and why."""

from marshmallow import Schema, fields, validate

from radiopharm.schemas.fields import Line


class AfterSequenceSchema(Schema):
    """The number of the newest entry its author saw, and the reason."""

    after_sequence = fields.Integer(
        required=True, strict=True, validate=validate.Range(min=1, max=2**31 - 1)
    )
    reason = Line(load_default="")
