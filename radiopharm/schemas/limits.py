"""A holding limit on the way in."""

from typing import Any

from marshmallow import Schema, post_load

from radiopharm.core.limits import SetLimit
from radiopharm.schemas.fields import Activity, Instant, Line, Nuclide


class SetLimitSchema(Schema):
    """Nuclide, the most that may be held, what allows it, from when (without it: now), and why."""

    nuclide = Nuclide(required=True)
    limit = Activity(required=True)
    source = Line(required=True)
    reason = Line(required=True)
    from_at = Instant(load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> SetLimit:
        return SetLimit(limit_bq=data.pop("limit").amount, **data)
