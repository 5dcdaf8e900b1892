"""What an instrument looks like on the way in."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from radiopharm.core.instruments import (
    PORT,
    AddInstrument,
    DialectName,
    InstrumentKind,
    MeterLine,
)
from radiopharm.devices.dialects import DIALECTS
from radiopharm.schemas.fields import Line
from radiopharm.schemas.instants import Instant

BAUDS = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)


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


class MeterLineSchema(Schema):
    """How a meter is connected; without a dialect it is not, and its line is taken off."""

    dialect = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf([str(name) for name in DialectName]),
    )
    port = Line(load_default="", metadata={"example": "/dev/ttyUSB0"})
    baud = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.OneOf(BAUDS)
    )
    decimal_sign = fields.String(load_default=".", validate=validate.OneOf([".", ","]))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, MeterLine | None]:
        """The line under the name `line`, as a command's answer must not be empty."""
        if data["dialect"] is None:
            return {"line": None}
        if PORT.fullmatch(data["port"]) is None:
            said = "Write a serial port (/dev/ttyUSB0) or a serial server (socket://bench-1:4001)."
            raise ValidationError(said, "port")
        dialect = DialectName(data["dialect"])
        line = MeterLine(
            dialect=dialect,
            port=data["port"],
            baud=data["baud"] or DIALECTS[dialect].baud,
            decimal=data["decimal_sign"],
        )
        return {"line": line}
