"""Rooms, how they are surveyed, and what was read there, on the way in."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from radiopharm.core.surveys import REACHES, UNITS, RecordSurvey, SetPlan, SurveyKind
from radiopharm.schemas.fields import Id, Line, Plain, Whole
from radiopharm.schemas.instants import Instant
from radiopharm.schemas.measuring import ReadingUnit

MOST_POINTS = 40
EVERY_UNIT = [unit for units in UNITS.values() for unit in units]


class AddRoomSchema(Schema):
    """A room by its name."""

    name = Line(required=True, most=64)


class Points(fields.List):
    """Places in a room by name; a form sends them as lines of one box."""

    def __init__(self, **kwargs: Any) -> None:
        size = validate.Length(min=1, max=MOST_POINTS)
        super().__init__(Line(required=True, most=64), validate=size, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> list[str]:
        if isinstance(value, str):
            value = [line.strip() for line in value.splitlines() if line.strip()]
        found: list[str] = super()._deserialize(value, attr, data, **kwargs)
        return found


class SetPlanSchema(Schema):
    """Which points, how often, and from which reading on there is something to be done.

    `interval_days` left out: the room is surveyed so no more. Nothing else has a default.
    """

    kind = fields.String(required=True, validate=validate.OneOf([str(it) for it in SurveyKind]))
    interval_days = Whole(load_default=None, allow_none=True, validate=validate.Range(1, 3660))
    level = Plain(required=True)
    operator = fields.String(required=True, validate=validate.OneOf(list(REACHES)))
    unit = ReadingUnit(EVERY_UNIT)
    less_background = fields.Boolean(required=True)
    source = Line(required=True)
    reason = Line(required=True)
    points = Points(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> SetPlan:
        typed = {"kind": SurveyKind(data["kind"]), "level": Decimal(data["level"])}
        return SetPlan(**{**data, **typed, "points": tuple(data["points"])})


class PointReadingSchema(Schema):
    """What was read at one point, in the plan's unit."""

    point_id = Id(required=True)
    reading = Plain(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> tuple[int, Decimal]:
        return data["point_id"], Decimal(data["reading"])


class RecordSurveySchema(Schema):
    """Background and every point of the plan; what was decontaminated before, if anything."""

    plan_id = Id(required=True)
    instrument_id = Id(required=True)
    background = Plain(required=True)
    readings = fields.List(
        fields.Nested(PointReadingSchema), required=True, validate=validate.Length(1, MOST_POINTS)
    )
    surveyed_at = Instant(required=True)
    decontamination = Line(load_default="", most=1000)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> RecordSurvey:
        readings = tuple(data.pop("readings"))
        if len({point for point, _ in readings}) < len(readings):
            raise ValidationError("Name each point once.", "readings")
        background = Decimal(data.pop("background"))
        return RecordSurvey(readings=readings, background=background, **data)
