"""Check sources on the way in: one as its certificate says it."""

from typing import Any

from marshmallow import Schema, post_load

from radiopharm.core.check_sources import AddSource
from radiopharm.schemas.fields import Activity, Line, Nuclide
from radiopharm.schemas.instants import Instant


class AddSourceSchema(Schema):
    """Nuclide, number, certified activity at its reference instant, certificate, uncertainty."""

    nuclide = Nuclide(required=True)
    serial = Line(required=True, most=64)
    activity = Activity(required=True)
    reference_at = Instant(required=True)
    certificate = Line(required=True)
    uncertainty = Line(required=True, metadata={"example": "3 % (k = 2)"})

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> AddSource:
        certified = data.pop("activity")
        return AddSource(activity_bq=certified.amount, activity_text=certified.text, **data)
