"""When the site's licence ends, on the way in: the day or none, what says so, why, and who."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, post_load, pre_load

from radiopharm.core.licence_ends import EnterLicenceEnd, LicenceEnd
from radiopharm.schemas.fields import Line
from radiopharm.schemas.registers import DAYS
from radiopharm.schemas.signing import SigningSchema


class LicenceEndTicketSchema(Schema):
    """An entry about to be signed; `ended_on` null: the licence runs after all."""

    ended_on = fields.Date(load_default=None, allow_none=True, validate=DAYS)
    source = Line(required=True)
    reason = Line(required=True)

    @pre_load
    def _an_empty_box_is_no_day(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        empty = isinstance(data, Mapping) and data.get("ended_on") == ""
        return {**data, "ended_on": None} if empty else dict(data)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Any:
        return LicenceEnd(**data)


class EnterLicenceEndSchema(LicenceEndTicketSchema):
    """The entry with the safety officer's signature."""

    signature = fields.Nested(SigningSchema, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> EnterLicenceEnd:
        signature = data.pop("signature")
        return EnterLicenceEnd(entry=LicenceEnd(**data), signature=signature)
