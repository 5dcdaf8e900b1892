"""An administration on its way in: when it began and ended, and what was left where."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from radiopharm.core.administering import Administer, Residue
from radiopharm.schemas.fields import Activity, Id, Instant, Line


class ResidueSchema(Schema):
    """One residue: vial, syringe, tubing, pad or other, as read at its own time."""

    item = Line(required=True, most=64)
    activity = Activity(required=True, allow_zero=True)
    measured_at = Instant(required=True)
    instrument_id = Id(load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Residue:
        activity = data.pop("activity")
        return Residue(measured_bq=activity.amount, measured_text=activity.text, **data)


class AdministerSchema(Schema):
    """Start, end, residues."""

    started_at = Instant(required=True)
    ended_at = Instant(required=True)
    residues = fields.List(
        fields.Nested(ResidueSchema), load_default=list, validate=validate.Length(max=20)
    )
    route = Line(load_default="", most=64)
    notes = Line(load_default="", most=1000)
    reason = Line(load_default="")

    def command(self, data: dict[str, Any], dose_id: int) -> Administer:
        """The command for one dose."""
        return Administer(dose_id=dose_id, **{**data, "residues": tuple(data["residues"])})
