"""How instruments are checked, and what was read, on the way in."""

from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields, post_load, validate, validates_schema

from radiopharm.core.check_plans import PERCENT, WITHIN, CheckKind, SetCheckPlan
from radiopharm.core.instrument_checks import RecordCheck
from radiopharm.schemas.fields import NEEDED, Activity, Id, Line, Nuclide, Plain, Whole
from radiopharm.schemas.instants import Instant
from radiopharm.schemas.measuring import measured, require_once
from radiopharm.schemas.signing import SigningSchema

KINDS = [str(kind) for kind in CheckKind]
UNITS = (PERCENT, "Bq", "kBq", "MBq", "µCi", "mCi")
MOST_READINGS = 24
TYPED = ("measured_activity", "measured_at")


class SetCheckPlanSchema(Schema):
    """What is within tolerance, how often it is asked, and whether the instrument waits for it.

    `interval_days` left out: it never falls due. `is_required` left out: nothing waits for it.
    """

    kind = fields.String(required=True, validate=validate.OneOf(KINDS), error_messages=NEEDED)
    tolerance = Plain(required=True)
    unit = fields.String(
        required=True,
        validate=validate.OneOf(UNITS, error="Choose the unit."),
        error_messages={"required": "Choose the unit."},
    )
    operator = fields.String(
        required=True, validate=validate.OneOf(list(WITHIN)), error_messages=NEEDED
    )
    interval_days = Whole(load_default=None, allow_none=True, validate=validate.Range(1, 3660))
    is_required = fields.Boolean(load_default=False)
    source = Line(required=True)
    reason = Line(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> SetCheckPlan:
        typed = {"kind": CheckKind(data["kind"]), "tolerance": Decimal(data["tolerance"])}
        return SetCheckPlan(**{**data, **typed})


class CheckReadingSchema(Schema):
    """One reading of a check: typed with its time, or by naming a device reading."""

    label = Line(load_default="", most=100)
    measured_activity = Activity(allow_zero=True)
    measured_at = Instant()
    reading_id = Id()

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def is_measured_once(self, _data: Any, original: Any, **_: Any) -> None:
        """A device reading says activity and time; else both are typed."""
        if isinstance(original, dict):  # else it is said of the whole already
            require_once(original, needed=TYPED, typed=TYPED)


class RecordCheckSchema(Schema):
    """Readings in their order; of a series the first is what the others are held against."""

    instrument_id = Id(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    source_id = Id(load_default=None, allow_none=True)
    nuclide = Nuclide(load_default=None, allow_none=True)
    readings = fields.List(
        fields.Nested(CheckReadingSchema), required=True, validate=validate.Length(1, MOST_READINGS)
    )
    note = Line(load_default="", most=1000)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> RecordCheck:
        meter = {"instrument_id": data["instrument_id"]}
        readings = tuple((it["label"], measured({**it, **meter})) for it in data["readings"])
        return RecordCheck(**{**data, "kind": CheckKind(data["kind"]), "readings": readings})


class DecideSchema(Schema):
    """A decision over a failed check: why, under a signature."""

    reason = Line(required=True)
    signature = fields.Nested(SigningSchema, required=True)


class DecisionTicketSchema(Schema):
    """What would be signed over a failed check."""

    reason = Line(required=True)
