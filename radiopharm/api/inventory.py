"""What the site holds, by JSON."""

from typing import Any

from flask import g
from marshmallow import Schema, fields

from radiopharm.api import schemas
from radiopharm.api.access import actor, runtime
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core.inventory import Holding
from radiopharm.schemas.instants import Instant, instant_out
from radiopharm.services import stock

blp = JsonBlueprint("inventory", "/inventory", "Holdings by nuclide, against the site's limits.")


class InventoryQuery(Schema):
    """The instant to look at."""

    at = Instant()


class HoldingOut(Schema):
    """One nuclide, impurities and progeny included: in vials, `in_hand_bq` in doses that are drawn
    and not gone and in their residues, in waste containers, and all together against `limit_bq`
    (null without a limit).
    """

    nuclide = fields.String()
    activity_bq = schemas.Number()
    activity_mbq = schemas.Number()
    in_hand_bq = schemas.Number()
    waste_bq = schemas.Number()
    total_bq = schemas.Number()
    limit_bq = fields.Integer(allow_none=True)
    vials = fields.Integer()
    containers = fields.Integer()


class InventoryOut(Schema):
    """All holdings at `at`; `left_out` are vials that have no figure so early."""

    at = Instant()
    items = fields.List(fields.Nested(HoldingOut))
    left_out = fields.List(fields.String())


@blp.get("")
@blp.arguments(InventoryQuery, location="query")
@blp.response(200, InventoryOut)
def show(query: dict[str, Any]) -> dict[str, Any]:
    """What the whole store holds of each nuclide at an instant, also an earlier or a later one."""
    at = query.get("at", g.now)
    with runtime().reading() as db:
        found = stock.inventory(db, runtime().reference, actor().site.id, at, g.now)
    return {
        "at": instant_out(found.at),
        "items": [_shape(holding) for holding in found.holdings],
        "left_out": list(found.left_out),
    }


def _shape(it: Holding) -> dict[str, Any]:
    return {
        "nuclide": it.nuclide,
        "activity_bq": it.activity_bq,
        "activity_mbq": it.activity_bq / 1e6,
        "in_hand_bq": it.in_hand_bq,
        "waste_bq": it.waste_bq,
        "total_bq": it.total_bq,
        "limit_bq": it.limit_bq,
        "vials": it.vials,
        "containers": it.containers,
    }
