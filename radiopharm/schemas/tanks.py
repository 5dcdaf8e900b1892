"""Delay tanks on the way in: added, read, closed, used, sampled."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from radiopharm.core.tank_acts import AddTank, ReadLevel, TakeSample, UseTank
from radiopharm.core.units import parse_activity
from radiopharm.schemas.fields import Id, Line, Nuclide
from radiopharm.schemas.instants import Instant

MAX_LITRES = 10**6


class Litres(Id):
    """A volume in whole litres."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(1, MAX_LITRES), **kwargs)


class Rooms(Line):
    """Rooms in one line, parted by commas."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        line = super()._deserialize(value, *args, **kwargs)
        rooms = [room.strip() for room in line.split(",") if room.strip()]
        if len(set(rooms)) < len(rooms) or any(";" in room for room in rooms):
            raise ValidationError("Name each room once, parted by commas.")
        return tuple(rooms)


class AddTankSchema(Schema):
    """Number at the site, capacity, and the rooms that drain into it, parted by commas."""

    number = Line(required=True, most=32)
    capacity_l = Litres(required=True)
    rooms = Rooms(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> AddTank:
        return AddTank(**data)


class ReadLevelSchema(Schema):
    """A reading of the volume, with what it was read; `closes` shuts the inlet with it."""

    volume_l = Litres(required=True)
    instrument = Line(required=True)
    at = Instant(load_default=None, allow_none=True)
    closes = fields.Boolean(load_default=False)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> ReadLevel:
        return ReadLevel(**data)


class UseTankSchema(Schema):
    """A given dose whose patient's room drains into it; `from_at` is its start, or when
    the tank was opened if that was later, unless given."""

    dispensing_id = Id(required=True)
    room = Line(required=True, most=64)
    from_at = Instant(load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> UseTank:
        return UseTank(**data)


class PerLitre(Line):
    """An activity per litre: ``120 Bq/L``, ``1.2 kBq/L``; what was not found is its limit."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        line = super()._deserialize(value, *args, **kwargs)
        amount, slash, litre = line.rpartition("/")
        if not slash or litre.strip() != "L":
            raise ValidationError('Write it per litre, as "120 Bq/L".')
        try:
            bq = parse_activity(amount.strip())
        except ValueError as wrong:
            raise ValidationError(str(wrong)) from wrong
        if bq == 0:
            raise ValidationError("Where nothing was found, write the limit of detection.")
        return line, bq


class TakeSampleSchema(Schema):
    """A measured concentration; below the detection limit, enter the limit."""

    nuclide = Nuclide(required=True)
    concentration = PerLitre(required=True, most=64)
    instrument = Line(required=True)
    sampled_at = Instant(load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> TakeSample:
        text, bq = data.pop("concentration")
        return TakeSample(text=text, bq_per_l=bq, **data)
