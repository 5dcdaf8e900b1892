"""Discharges on the way in: a tank's, what is poured directly, and the site's own figures."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from radiopharm.core.discharge_figures import EnterFigure, FigureKind
from radiopharm.core.discharging import DischargeTank, Drain, Liquid, Pour
from radiopharm.schemas.fields import Id, Line, Sequence, Volume
from radiopharm.schemas.instants import Instant
from radiopharm.schemas.signing import SigningSchema
from radiopharm.schemas.waste import DeclaredActivitySchema


class _DrainSchema(Schema):
    route = Line(required=True)
    permission = Line(required=True)
    pack = Line(required=True, most=64)


class CheckTankSchema(_DrainSchema):
    """By which drain, by what right, and the pack about water: everything but the signature."""

    meaning = Line(load_default="")
    after_sequence = Sequence(load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**data, "drain": _drain(data)}


class DischargeTankSchema(_DrainSchema):
    """A tank's discharge with the safety officer's signature."""

    after_sequence = Sequence(load_default=None, allow_none=True)
    signature = fields.Nested(SigningSchema, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> DischargeTank:
        return DischargeTank(drain=_drain(data), **data)


class _PourSchema(_DrainSchema):
    description = Line(required=True)
    volume = Volume(required=True)
    vial_id = Id(load_default=None, allow_none=True)
    after_sequence = Sequence(load_default=None, allow_none=True)
    activities = fields.List(
        fields.Nested(DeclaredActivitySchema), load_default=list, validate=validate.Length(max=5)
    )

    @validates_schema
    def _is_of_one_source(self, data: dict[str, Any], **_: Any) -> None:
        is_vial = data.get("vial_id") is not None
        if is_vial and data.get("after_sequence") is None:
            raise ValidationError({"after_sequence": ["This is needed."]})
        if is_vial == bool(data.get("activities")):
            said = "Name a vial, or declare the activities of other liquid: one of both."
            raise ValidationError({"activities": [said]})


class CheckPourSchema(_PourSchema):
    """Pouring as it would be judged: everything but the signature."""

    meaning = Line(load_default="")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"drain": _drain(data), "meaning": data.pop("meaning"), "liquid": _liquid(data)}


class PourSchema(_PourSchema):
    """So much of a vial, or other liquid with its activities, poured into a drain and signed."""

    signature = fields.Nested(SigningSchema, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Pour:
        drain, signature = _drain(data), data.pop("signature")
        return Pour(drain=drain, signature=signature, liquid=_liquid(data))


class EnterFigureSchema(Schema):
    """`sewage` in m³ a month (no subject), or the `excretion` of a product, with its source."""

    kind = fields.String(required=True, validate=validate.OneOf([str(kind) for kind in FigureKind]))
    subject = Line(load_default="", most=64)
    value = Line(required=True)
    source = Line(required=True)
    reason = Line(required=True)
    from_at = Instant(load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> EnterFigure:
        return EnterFigure(**{**data, "kind": FigureKind(data["kind"])})


def _drain(data: dict[str, Any]) -> Drain:
    return Drain(**{name: data.pop(name) for name in ("route", "permission", "pack")})


def _liquid(data: dict[str, Any]) -> Liquid:
    volume, activities = data.pop("volume"), data.pop("activities")
    return Liquid(volume_ul=volume.amount, activities_bq=tuple(activities), **data)
