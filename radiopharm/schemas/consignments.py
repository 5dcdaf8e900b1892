"""A consignment by its number, and a receipt of one."""

from typing import Any

from marshmallow import Schema, post_load

from radiopharm.core.consignments import Receive
from radiopharm.schemas.fields import Line
from radiopharm.schemas.instants import Instant


class NumberQuery(Schema):
    """The number that everything in it left with, exactly as it was written."""

    number = Line(required=True)


class ReceiveSchema(NumberQuery):
    """Who took the consignment over, when, and by which documents."""

    received_by = Line(required=True)
    received_at = Instant(required=True)
    documents = Line(load_default="")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Receive:
        return Receive(**data)
