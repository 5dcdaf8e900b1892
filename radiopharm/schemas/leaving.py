"""A container's ways out: released, transferred, returned."""

from typing import Any

from marshmallow import Schema, fields, post_load

from radiopharm.core.leaving import HandOver, ReleaseContainer
from radiopharm.schemas.fields import Line, Sequence
from radiopharm.schemas.signing import SigningSchema


class _ReleaseText(Schema):
    pack = Line(load_default=None, allow_none=True, most=64)
    destination = Line(required=True)
    labels_defaced = fields.Boolean(required=True)
    after_sequence = Sequence(load_default=None, allow_none=True)


class ReleaseTicketSchema(_ReleaseText):
    """A release about to be signed: everything but the secret."""

    meaning = Line(load_default="")


class ReleaseContainerSchema(_ReleaseText):
    """A release: `pack` is the site's choice unless given; `after_sequence` is what was seen."""

    signature = fields.Nested(SigningSchema, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> ReleaseContainer:
        return ReleaseContainer(**data)


class TransferContainerSchema(Schema):
    """To whom, and under which licence they may hold it."""

    recipient = Line(required=True)
    licence_number = Line(required=True)
    reason = Line(load_default="")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> HandOver:
        return HandOver(**data)


class ReturnContainerSchema(Schema):
    """Back to the supplier, by name."""

    recipient = Line(required=True)
    reason = Line(load_default="")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> HandOver:
        return HandOver(**data)
