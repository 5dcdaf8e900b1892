"""Commands that change what stands: each says what its author saw, and why."""

from marshmallow import Schema

from radiopharm.schemas.fields import Line, Sequence


class AfterSequenceSchema(Schema):
    """The number of the newest entry its author saw, and the reason."""

    after_sequence = Sequence(required=True)
    reason = Line(load_default="")
