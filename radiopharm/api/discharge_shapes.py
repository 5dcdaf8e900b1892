"""Tanks and the drain as the API writes them."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from radiopharm.api.schemas import Number, Said
from radiopharm.api.waste_schemas import LegOut
from radiopharm.core.drain_accounts import DrainAccount
from radiopharm.core.tanks import Filling, Tank
from radiopharm.schemas.instants import Instant, instant_out
from radiopharm.services.drains import Judged, Standing
from radiopharm.services.tanks import FillingAt


class TankOut(Schema):
    """A tank as built."""

    id = fields.Integer()
    number = fields.String()
    capacity_l = fields.Integer()
    rooms = fields.List(fields.String())


class LevelOut(Schema):
    """A reading of the volume; `closes` where the inlet was shut with it.

    `key` names it in its filling; with a `void_reason` it does not count.
    """

    key = fields.String()
    at = Instant()
    volume_l = fields.Integer()
    instrument = fields.String()
    closes = fields.Boolean()
    void_reason = fields.String(allow_none=True)


class StayOut(Schema):
    """A dose that counts; `excretion` is null where no source says it."""

    dose = fields.String()
    room = fields.String()
    product = fields.String()
    from_at = Instant()
    excretion = fields.String(allow_none=True)
    source = fields.String(allow_none=True)
    status = fields.String(allow_none=True)


class SampleOut(Schema):
    """A measured concentration."""

    sampled_at = Instant()
    nuclide = fields.String()
    bq_per_l = fields.Integer()
    text = fields.String()
    instrument = fields.String()


class FillingOut(Schema):
    """A filling at `at`; `missing` is what keeps its contents from being known."""

    id = fields.Integer()
    filling = fields.String()
    tank = fields.Nested(TankOut)
    at = Instant()
    state = fields.String()
    sequence = fields.Integer()
    opened_at = Instant()
    discharged_at = Instant(allow_none=True)
    volume_l = fields.Integer(allow_none=True)
    contents_bq = fields.Dict(keys=fields.String(), values=Number())
    missing = fields.List(fields.String())
    levels = fields.List(fields.Nested(LevelOut))
    stays = fields.List(fields.Nested(StayOut))
    samples = fields.List(fields.Nested(SampleOut))


class DischargeCheckOut(Schema):
    """Every leg with its message, such as "37 % used, this discharge would make it 62 %"."""

    allowed = fields.Boolean()
    pack = fields.String()
    edition = fields.String()
    contents_bq = fields.Dict(keys=fields.String(), values=fields.Integer())
    legs = fields.List(fields.Nested(LegOut))
    refusals = fields.List(fields.Nested(Said))


class DischargedOut(Schema):
    """A discharge in the register."""

    id = fields.Integer()
    at = Instant()
    description = fields.String()
    route = fields.String()
    permission = fields.String()
    volume_ml = fields.Integer(allow_none=True)
    pack = fields.String()
    pack_edition = fields.String()
    contents_bq = fields.Dict(keys=fields.String(), values=fields.Integer())
    by = fields.String()


class UsedOut(Schema):
    """How much of a pack's limits of a month and a year is used, with each nuclide's part."""

    pack = fields.String()
    edition = fields.String()
    legs = fields.List(fields.Nested(LegOut))


class DrainOut(Schema):
    """The drain's account of a month of the site's calendar."""

    month = fields.String()
    zone = fields.String()
    begins_at = Instant()
    ends_at = Instant()
    sewage_m3 = fields.String(allow_none=True)
    sewage_source = fields.String(allow_none=True)
    month_bq = fields.Dict(keys=fields.String(), values=fields.Integer())
    year_bq = fields.Integer()
    limits = fields.List(fields.Nested(UsedOut))
    discharges = fields.List(fields.Nested(DischargedOut))


class FigureOut(Schema):
    """A figure entered by the site."""

    id = fields.Integer()
    kind = fields.String()
    subject = fields.String()
    value = fields.String()
    source = fields.String()
    from_at = Instant()


def tank(it: Tank) -> dict[str, Any]:
    return {"id": it.id, "number": it.number, "capacity_l": it.capacity_l, "rooms": list(it.rooms)}


def filling(seen: FillingAt) -> dict[str, Any]:
    it = seen.filling
    level = it.level(seen.at)
    return {
        "id": it.id,
        "filling": it.code,
        "tank": tank(it.tank),
        "at": instant_out(seen.at),
        "state": str(seen.state),
        "sequence": it.sequence,
        "opened_at": instant_out(it.opened_at),
        "discharged_at": it.discharged_at and instant_out(it.discharged_at),
        "volume_l": level.volume_l if level else None,
        "contents_bq": seen.contents_bq,
        "missing": list(seen.account.missing),
        **_parts(it),
    }


def check(it: Judged) -> dict[str, Any]:
    return {
        "allowed": not it.refusals,
        "pack": it.facts.pack.code,
        "edition": it.facts.pack.edition,
        "contents_bq": dict(it.contents_bq),
        "legs": [leg.as_dict() for leg in it.facts.check.legs],
        "refusals": [refusal.as_dict() for refusal in it.refusals],
    }


def drain(
    account: DrainAccount, used: Standing, rows: list[tuple[Any, Mapping[str, int]]]
) -> dict[str, Any]:
    month, sewage = account.month, account.sewage
    return {
        "month": month.name,
        "zone": month.zone,
        "begins_at": instant_out(month.begins_at),
        "ends_at": instant_out(month.ends_at),
        "sewage_m3": f"{sewage.m3:f}" if sewage else None,
        "sewage_source": sewage.source if sewage else None,
        "month_bq": dict(account.month_bq),
        "year_bq": account.year_bq,
        "limits": [
            {"pack": it.code, "edition": it.edition, "legs": [leg.as_dict() for leg in legs]}
            for it, legs in used
        ],
        "discharges": [discharged(row, contents) for row, contents in rows],
    }


def discharged(row: Any, contents: Mapping[str, int]) -> dict[str, Any]:
    names = ("id", "description", "route", "permission", "volume_ml", "pack", "pack_edition", "by")
    kept = {name: getattr(row, name) for name in names}
    return {**kept, "at": instant_out(row.at), "contents_bq": dict(contents)}


def _parts(it: Filling) -> dict[str, Any]:
    return {
        "levels": [
            {
                "key": level.key,
                "at": instant_out(level.at),
                "volume_l": level.volume_l,
                "instrument": level.instrument,
                "closes": level.closes,
                "void_reason": level.void_reason,
            }
            for level in it.levels
        ],
        "stays": [
            {
                "dose": stay.dose,
                "room": stay.room,
                "product": stay.product,
                "from_at": instant_out(stay.from_at),
                "excretion": stay.excretion.text if stay.excretion else None,
                "source": stay.excretion.source if stay.excretion else None,
                "status": str(stay.excretion.status) if stay.excretion else None,
            }
            for stay in it.stays
        ],
        "samples": [
            {
                "sampled_at": instant_out(sample.sampled_at),
                "nuclide": sample.nuclide,
                "bq_per_l": sample.bq_per_l,
                "text": sample.text,
                "instrument": sample.instrument,
            }
            for sample in it.samples
        ],
    }
