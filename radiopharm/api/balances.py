"""The balance by JSON: every becquerel by its route, for a period and as known at an instant."""

from typing import Any

from flask import g
from marshmallow import Schema, ValidationError, fields, validates_schema

from radiopharm.api.access import actor, runtime
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core.balance import OUT, Balance, VialBalance, by_nuclide
from radiopharm.core.waste_balance import StoreBalance, Way
from radiopharm.core.waste_balance import by_nuclide as by_nuclide_in_store
from radiopharm.schemas.instants import Instant, instant_out
from radiopharm.services import balances, waste_balances
from radiopharm.services.balances import Balances, Window

blp = JsonBlueprint("balances", "/balance", "What came, against every route it left by.")


class PeriodQuery(Schema):
    """After `since` (left out: from the beginning) up to `until` (now), as known at `known_at`."""

    since = Instant()
    until = Instant()
    known_at = Instant()

    @validates_schema
    def _runs_forwards(self, data: dict[str, Any], **_: Any) -> None:
        if "since" in data and data["since"] > data.get("until", g.now):
            raise ValidationError({"until": ["The period ends before it begins."]})


class BalanceOut(Schema):
    """opening + received = every other term; `unexplained_bq` is what the right side lacks.

    `closes` within 1 Bq for each entry, for whose rounding `tolerance_bq` allows.
    """

    opening_bq = fields.Integer()
    received_bq = fields.Integer()
    administered_bq = fields.Integer()
    waste_bq = fields.Integer()
    transferred_bq = fields.Integer()
    discharged_bq = fields.Integer()
    difference_bq = fields.Integer()
    decayed_bq = fields.Integer()
    in_stock_bq = fields.Integer()
    unexplained_bq = fields.Integer()
    tolerance_bq = fields.Integer()
    closes = fields.Boolean()


class NuclideBalanceOut(BalanceOut):
    """All vials of one principal nuclide together."""

    nuclide = fields.String()


class VialBalanceOut(NuclideBalanceOut):
    """One vial."""

    vial_id = fields.Integer()
    vial = fields.String()
    product = fields.String()
    lot = fields.String()


class StoreBalanceOut(Schema):
    """opening + put in = every other term, of one nuclide; what grew in counts against decay."""

    nuclide = fields.String()
    opening_bq = fields.Integer()
    put_in_bq = fields.Integer()
    released_bq = fields.Integer()
    derogated_bq = fields.Integer()
    transferred_bq = fields.Integer()
    returned_bq = fields.Integer()
    decayed_bq = fields.Integer()
    in_store_bq = fields.Integer()
    unexplained_bq = fields.Integer()
    tolerance_bq = fields.Integer()
    closes = fields.Boolean()


class ContainerBalanceOut(StoreBalanceOut):
    """One nuclide in one container."""

    container_id = fields.Integer()
    container = fields.String()


class StoreBalancesOut(Schema):
    """The waste store after `since` up to `until`, as known at `known_at`."""

    since = Instant(allow_none=True)
    until = Instant()
    known_at = Instant()
    nuclides = fields.List(fields.Nested(StoreBalanceOut))
    containers = fields.List(fields.Nested(ContainerBalanceOut))


class BalancesOut(Schema):
    """`left_out` are vials without a figure so early."""

    since = Instant(allow_none=True)
    until = Instant()
    known_at = Instant()
    nuclides = fields.List(fields.Nested(NuclideBalanceOut))
    vials = fields.List(fields.Nested(VialBalanceOut))
    left_out = fields.List(fields.String())


@blp.get("")
@blp.arguments(PeriodQuery, location="query")
@blp.response(200, BalancesOut)
def show(query: dict[str, Any]) -> dict[str, Any]:
    """The site's balance by nuclide and by vial."""
    window = _window(query)
    with runtime().reading() as db:
        found = balances.of_site(db, runtime().reference, actor().site.id, window)
    return _shape(window, found)


@blp.get("/waste")
@blp.arguments(PeriodQuery, location="query")
@blp.response(200, StoreBalancesOut)
def waste(query: dict[str, Any]) -> dict[str, Any]:
    """The waste store's balance by nuclide and by container."""
    window = _window(query)
    with runtime().reading() as db:
        found = waste_balances.of_site(db, runtime().reference, actor().site.id, window)
    return {
        **_instants(window),
        "nuclides": [
            {"nuclide": nuclide, **_store(balance)}
            for nuclide, balance in by_nuclide_in_store(found).items()
        ],
        "containers": [
            {
                "container_id": it.container_id,
                "container": it.code,
                "nuclide": it.nuclide,
                **_store(it.balance),
            }
            for it in found
        ],
    }


@blp.get("/vials/<int:vial_id>")
@blp.arguments(PeriodQuery, location="query")
@blp.response(200, BalancesOut)
def of_vial(query: dict[str, Any], vial_id: int) -> dict[str, Any]:
    """One vial's balance."""
    window = _window(query)
    with runtime().reading() as db:
        found = balances.of_vial(db, runtime().reference, actor().site.id, vial_id, window)
    return _shape(window, found)


def _window(query: dict[str, Any]) -> Window:
    return Window(
        since=query.get("since"),
        until=query.get("until", g.now),
        known_at=query.get("known_at", g.now),
    )


def _shape(window: Window, found: Balances) -> dict[str, Any]:
    return {
        **_instants(window),
        "nuclides": [
            {"nuclide": nuclide, **_figures(balance)}
            for nuclide, balance in by_nuclide(found.vials).items()
        ],
        "vials": [_vial(each) for each in found.vials],
        "left_out": list(found.left_out),
    }


def _instants(window: Window) -> dict[str, Any]:
    return {
        "since": window.since and instant_out(window.since),
        "until": instant_out(window.until),
        "known_at": instant_out(window.known_at),
    }


def _store(it: StoreBalance) -> dict[str, Any]:
    return {
        "opening_bq": it.opening_bq,
        "put_in_bq": it.put_in_bq,
        **{f"{way.name.lower()}_bq": it.left_bq[way] for way in Way},
        "decayed_bq": it.decayed_bq,
        "in_store_bq": it.in_store_bq,
        "unexplained_bq": it.unexplained_bq,
        "tolerance_bq": it.tolerance_bq,
        "closes": it.closes,
    }


def _vial(it: VialBalance) -> dict[str, Any]:
    return {
        "vial_id": it.vial_id,
        "vial": it.code,
        "product": it.product,
        "lot": it.lot,
        "nuclide": it.nuclide,
        **_figures(it.balance),
    }


def _figures(it: Balance) -> dict[str, Any]:
    return {
        "opening_bq": it.opening_bq,
        "received_bq": it.received_bq,
        **{f"{route}_bq": it.routes_bq[route] for route in OUT},
        "decayed_bq": it.decayed_bq,
        "in_stock_bq": it.in_stock_bq,
        "unexplained_bq": it.unexplained_bq,
        "tolerance_bq": it.tolerance_bq,
        "closes": it.closes,
    }
