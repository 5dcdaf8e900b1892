"""A review of the audit on the way in: the period, the findings, the next due, the signature."""

from typing import Any

from marshmallow import Schema, fields, post_load

from radiopharm.core.reviews import Review
from radiopharm.core.signing import Signing
from radiopharm.schemas.fields import Line
from radiopharm.schemas.instants import Instant
from radiopharm.schemas.signing import SigningSchema


class ReviewTicketSchema(Schema):
    """A review about to be signed."""

    start = Instant(data_key="from", required=True)
    end = Instant(data_key="to", required=True)
    findings = Line(required=True, most=2000)
    next_due_at = Instant(data_key="next_due", required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Any:
        return Review(**data)


class ReviewSchema(ReviewTicketSchema):
    """The review with the safety officer's signature."""

    signature = fields.Nested(SigningSchema, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> tuple[Review, Signing]:
        signing = data.pop("signature")
        return Review(**data), signing
