"""What an instrument looks like on the way in."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from radiopharm.core.instruments import AddInstrument, InstrumentKind
from radiopharm.schemas.fields import Instant, Line


class AddInstrumentSchema(Schema):
    """Name, kind and serial number; when its calibration runs out, where that is known."""

    name = Line(required=True)
    kind = fields.String(
        required=True, validate=validate.OneOf([str(kind) for kind in InstrumentKind])
    )
    serial = Line(required=True, most=64)
    calibration_due_at = Instant(load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> AddInstrument:
        return AddInstrument(**{**data, "kind": InstrumentKind(data["kind"])})
