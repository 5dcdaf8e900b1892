"""How long a site keeps its records, on the way in."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from radiopharm.core.retention import DecideRetention, RecordClass
from radiopharm.schemas.fields import Line, Whole

CLASSES = [str(each) for each in RecordClass]


class DecideRetentionSchema(Schema):
    """The class of record, how many years from when it is made, by what, and why."""

    record_class = fields.String(required=True, validate=validate.OneOf(CLASSES))
    years = Whole(required=True, validate=validate.Range(0, 100))
    source = Line(required=True)
    reason = Line(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> DecideRetention:
        return DecideRetention(**{**data, "record_class": RecordClass(data["record_class"])})
