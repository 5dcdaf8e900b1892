"""Vials by JSON: receive, look at any instant, accept, the ledger."""

from typing import Any

from flask import g

from radiopharm.api import schemas, shapes
from radiopharm.api.access import act, actor, runtime
from radiopharm.api.paging import key_of, page
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core import receiving as rules
from radiopharm.core.receiving import ReceiveVial
from radiopharm.core.states import VialState
from radiopharm.core.stock import VialAt
from radiopharm.schemas import page_keys
from radiopharm.schemas.corrections import AfterSequenceSchema
from radiopharm.schemas.receiving import ReceiveVialSchema
from radiopharm.services import receiving, stock
from radiopharm.store import hand_overs, ledgers, vials
from radiopharm.store.acts import Act
from radiopharm.store.stock import Filters

blp = JsonBlueprint("vials", "/vials", "Vials, their contents at any instant, and their ledger.")


@blp.get("")
@blp.arguments(schemas.StockQuery, location="query")
@blp.response(200, schemas.page_of(schemas.VialOut, "Vial"))
def index(query: dict[str, Any]) -> dict[str, Any]:
    """A page of vials at an instant, ordered by nuclide and id."""
    state = query.get("state")
    filters = Filters(
        nuclide=query.get("nuclide"),
        product=query.get("product"),
        lot=query.get("lot"),
        states=frozenset({VialState(state)} if state else ()),
    )
    with runtime().reading() as db:
        seen, following = stock.page(
            db,
            runtime().reference,
            actor().site.id,
            query.get("at", g.now),
            g.now,
            filters=filters,
            after=key_of(query.get("after"), page_keys.word, page_keys.number),
            size=query["limit"],
        )
    return page(map(shapes.vial, seen), following)


@blp.post("")
@blp.arguments(ReceiveVialSchema)
@blp.response(201, schemas.VialOut)
def receive(command: ReceiveVial) -> dict[str, Any]:
    """Receive a vial: any two of activity, volume and concentration; an offset on each instant."""

    def work(act: Act) -> dict[str, Any]:
        vial_id = receiving.receive(act, command)
        warnings = rules.warnings(
            receiving.describe(act.db, act.actor.site.id, act.reference, command, act.now)
        )
        return shapes.vial(_look(act, vial_id), warnings)

    return act(work, key_required=True).answer


@blp.get("/<int:vial_id>")
@blp.arguments(schemas.AtQuery, location="query")
@blp.response(200, schemas.VialOut)
def show(query: dict[str, Any], vial_id: int) -> dict[str, Any]:
    """A vial at any instant, also before its reference time."""
    with runtime().reading() as db:
        seen = stock.look(
            db,
            runtime().reference,
            actor().site.id,
            vial_id,
            query.get("at", g.now),
            query.get("known_at", g.now),
        )
    return shapes.vial(seen)


@blp.get("/<int:vial_id>/ledger")
@blp.response(200, schemas.page_of(schemas.EntryOut, "Entry"))
def ledger(vial_id: int) -> dict[str, Any]:
    """Every entry of a vial's ledger, oldest first."""
    with runtime().reading() as db:
        vials.get(db, actor().site.id, vial_id)
        found = ledgers.entries(db, vial_id)
        went_to = hand_overs.of_vial(db, vial_id)
    return page((shapes.entry(it, went_to.get(it.sequence)) for it in found), None)


@blp.post("/<int:vial_id>/accept")
@blp.arguments(AfterSequenceSchema)
@blp.response(200, schemas.VialOut)
def accept(command: dict[str, Any], vial_id: int) -> dict[str, Any]:
    """Accept a delivery, so that it may be drawn from."""

    def work(act: Act) -> dict[str, Any]:
        receiving.accept(act, vial_id, command["after_sequence"], command["reason"])
        return as_it_stands(act, vial_id)

    return act(work).answer


def as_it_stands(act: Act, vial_id: int) -> dict[str, Any]:
    """The vial as an act leaves it."""
    return shapes.vial(_look(act, vial_id))


def _look(act: Act, vial_id: int) -> VialAt:
    return stock.look(act.db, act.reference, act.actor.site.id, vial_id, act.now, act.now)
