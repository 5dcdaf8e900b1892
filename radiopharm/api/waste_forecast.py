"""The store of waste in the months to come, by JSON."""

from typing import Any

from flask import g
from marshmallow import Schema, fields, validate

from radiopharm.api.access import actor, runtime
from radiopharm.api.schemas import Number
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.schemas.instants import Instant, instant_out
from radiopharm.services.forecast import MOST_MONTHS_BACK, ForecastPoint, forecast

blp = JsonBlueprint("waste_forecast", "/waste-forecast", "Waste in the months to come.")
Answer = dict[str, Any]


class ForecastQuery(Schema):
    """From how many months back new arrivals are taken; without it none are counted."""

    arrivals = fields.Integer(strict=False, validate=validate.Range(1, MOST_MONTHS_BACK))


class ForecastPointOut(Schema):
    """The store at an instant; of mean arrivals also parts of a container."""

    at = Instant()
    containers = Number()
    activity_bq = Number()


class ForecastOut(Schema):
    """The store now and at the end of each of twelve months; no uncertainty is claimed."""

    pack = fields.String(allow_none=True)
    edition = fields.String(allow_none=True)
    points = fields.List(fields.Nested(ForecastPointOut))
    stays = fields.Integer()
    arrivals_from_months = fields.Integer(allow_none=True)
    arrivals_a_month = Number(allow_none=True)


@blp.get("")
@blp.arguments(ForecastQuery, location="query")
@blp.response(200, ForecastOut)
def show(query: Answer) -> Answer:
    """Activity and number of containers, if each leaves at its earliest instant.

    `stays` counts those here now that have no date within the twelve months, or none at all.
    """
    with runtime().reading() as db:
        found = forecast(db, runtime().reference, actor().site.id, g.now, query.get("arrivals"))
    pack = found.rules.pack
    return {
        "pack": pack and pack.code,
        "edition": pack and pack.edition,
        "points": [_point(each) for each in found.points],
        "stays": found.stays,
        "arrivals_from_months": found.arrivals_from_months,
        "arrivals_a_month": found.arrivals_a_month,
    }


def _point(it: ForecastPoint) -> Answer:
    return {
        "at": instant_out(it.at),
        "containers": it.containers,
        "activity_bq": it.activity_bq,
    }
