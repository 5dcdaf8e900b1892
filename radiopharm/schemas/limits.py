"""A holding limit on the way in."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from radiopharm.core.limits import SetLimit
from radiopharm.schemas.fields import Activity, Line, Nuclide
from radiopharm.schemas.instants import Instant


class SetLimitSchema(Schema):
    """Nuclide, the most that may be held, what allows it, from when (without it: now), and why.

    With `per` `day` it is the most that may be released in one day instead.
    """

    nuclide = Nuclide(required=True)
    limit = Activity(required=True)
    source = Line(required=True)
    reason = Line(required=True)
    per = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(["day"]))
    from_at = Instant(load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> SetLimit:
        return SetLimit(limit_bq=data.pop("limit").amount, **data)
