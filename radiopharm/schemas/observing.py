"""Something noted on a dose, on its way in."""

from typing import Any

from marshmallow import Schema, fields, validate

from radiopharm.core.observing import Kind, Observe
from radiopharm.schemas.fields import Line
from radiopharm.schemas.instants import Instant


class ObserveSchema(Schema):
    """An adverse reaction or an extravasation: when it was seen, and in words without a name."""

    kind = fields.String(required=True, validate=validate.OneOf([str(kind) for kind in Kind]))
    observed_at = Instant(required=True)
    words = Line(required=True, most=1000)

    def command(self, data: dict[str, Any], dose_id: int) -> Observe:
        """The command for one dose."""
        return Observe(dose_id=dose_id, **{**data, "kind": Kind(data["kind"])})
