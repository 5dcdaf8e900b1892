"""Waste containers on the way in: opened, filled, moved, measured, sealed."""

from decimal import Decimal
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from radiopharm.core.containers import MIX, UNITS, ContainerKind, Source
from radiopharm.core.filling import Measure, OpenContainer, PutItem, Reopen, Seal
from radiopharm.schemas.fields import Activity, Count, Id, Line, Nuclide, Plain, Sequence, Volume
from radiopharm.schemas.instants import Instant
from radiopharm.schemas.measuring import ReadingUnit

MAX_GRAMS = 10**7
MAX_MILLILITRES = 10**9
NEEDED = "This is needed."
OF_SOURCE = {
    Source.VIAL: ("vial_id", "after_sequence"),
    Source.DOSE: ("dispensing_id",),
    Source.RESIDUE: ("residue_id",),
    Source.SURFACE: ("description", "activities"),
    Source.OTHER: ("description", "activities"),
}
MAY_HAVE = {Source.VIAL: ("volume",)}
ORIGINS = {name for names in (*OF_SOURCE.values(), *MAY_HAVE.values()) for name in names}


class Grams(Id):
    """A mass in whole grams."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(1, MAX_GRAMS), **kwargs)


class Millilitres(Id):
    """A volume in whole millilitres."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(1, MAX_MILLILITRES), **kwargs)


class NuclideOrMix(Nuclide):
    """The nuclide of a container, or MIX for one that takes every nuclide."""

    @staticmethod
    def parse(value: str) -> str:
        return MIX if value.strip().upper() == MIX else Nuclide.parse(value)


class OpenContainerSchema(Schema):
    """A new container for one nuclide, or for `MIX`: any; `opened_at` is now unless given."""

    kind = fields.String(
        required=True, validate=validate.OneOf([str(kind) for kind in ContainerKind])
    )
    nuclide = NuclideOrMix(required=True)
    place = Line(required=True)
    description = Line(load_default="")
    opened_at = Instant(load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> OpenContainer:
        return OpenContainer(**{**data, "kind": ContainerKind(data["kind"])})


class DeclaredActivitySchema(Schema):
    """A nuclide and its activity when it goes in."""

    nuclide = Nuclide(required=True)
    activity = Activity(required=True, allow_zero=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> tuple[str, int]:
        return data["nuclide"], data["activity"].amount


class PutItemSchema(Schema):
    """Something that goes in, by its `source`.

    `vial` needs `vial_id` and `after_sequence` (`volume` left out means all that is held), `dose`
    the `dispensing_id` of a returned dose, `residue` the `residue_id`, `other` and what was
    wiped from a `surface` a `description` and its `activities`, the principal nuclide first.
    `put_in_at` is now unless given; `articles` is how many alike it is, where somebody counted.
    """

    source = fields.String(required=True, validate=validate.OneOf([str(each) for each in Source]))
    put_in_at = Instant(load_default=None, allow_none=True)
    description = Line(load_default="")
    reason = Line(load_default="")
    vial_id = Id()
    after_sequence = Sequence()
    volume = Volume()
    dispensing_id = Id()
    residue_id = Id()
    articles = Count(load_default=None, allow_none=True)
    activities = fields.List(
        fields.Nested(DeclaredActivitySchema), validate=validate.Length(min=1, max=20)
    )

    @validates_schema
    def _fits_its_source(self, data: dict[str, Any], **_: Any) -> None:
        source = Source(data["source"])
        needed = OF_SOURCE[source]
        wrong = {name: NEEDED for name in needed if not data.get(name)}
        foreign = ORIGINS - {*needed, *MAY_HAVE.get(source, ()), "description"}
        wrong |= {name: f"This does not belong to a {source}." for name in foreign if name in data}
        named = [nuclide for nuclide, _activity in data.get("activities", ())]
        if len(set(named)) < len(named):
            wrong["activities"] = "Name each nuclide once."
        if wrong:
            raise ValidationError({name: [said] for name, said in wrong.items()})

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> PutItem:
        volume = data.pop("volume", None)
        return PutItem(
            volume_ul=volume.amount if volume else None,
            activities_bq=tuple(data.pop("activities", ())),
            **{**data, "source": Source(data["source"])},
        )


class SealContainerSchema(Schema):
    """`sealed_at` is now unless given; mass and volume where somebody measured them.

    Rules that limit a concentration cannot be judged without.
    """

    sealed_at = Instant(load_default=None, allow_none=True)
    mass_g = Grams(load_default=None, allow_none=True)
    volume_ml = Millilitres(load_default=None, allow_none=True)
    reason = Line(load_default="")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Seal:
        return Seal(**data)


class ReopenContainerSchema(Schema):
    """Why a sealed container is opened again; `reopened_at` is now unless given."""

    reason = Line(required=True)
    reopened_at = Instant(load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Reopen:
        return Reopen(**data)


class MoveContainerSchema(Schema):
    """Where it stands from now on."""

    place = Line(required=True)
    reason = Line(load_default="")


class MeasureContainerSchema(Schema):
    """Background and the reading at the surface, both in `unit`."""

    background = Plain(required=True)
    reading = Plain(required=True)
    unit = ReadingUnit(UNITS)
    unshielded = fields.Boolean(required=True)
    most_sensitive_scale = fields.Boolean(required=True)
    instrument_id = Id(required=True)
    measured_at = Instant(required=True)
    place = Line(load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Measure:
        data["place"] = data["place"] or None
        numbers = {name: Decimal(data[name]) for name in ("background", "reading")}
        return Measure(**{**data, **numbers})
