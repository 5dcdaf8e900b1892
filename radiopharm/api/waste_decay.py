"""How waste decays, by JSON: one container against its readings."""

from typing import Any

from flask import g

from radiopharm.api import decay_schemas as schemas
from radiopharm.api import decay_shapes as shapes
from radiopharm.api.access import actor, runtime
from radiopharm.api.schemas import AtQuery
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.api.waste_schemas import CheckQuery
from radiopharm.core.decay_views import decay_view
from radiopharm.core.refusals import NotFound
from radiopharm.services import containers, waste_due

blp = JsonBlueprint("waste_decay", "/waste-containers", "How waste decays.")
Answer = dict[str, Any]


@blp.get("/<int:container_id>/decay")
@blp.arguments(CheckQuery, location="query")
@blp.response(200, schemas.DecayOut)
def show(query: Answer, container_id: int) -> Answer:
    """How far a container has decayed at an instant, by its contents and by its readings.

    404 also while nothing has gone in. Where readings fall more slowly than the model, beyond the
    uncertainty of their fit, the rules are asked once more with what that may be.
    """
    at, pack = query.get("at", g.now), query.get("pack")
    with runtime().reading() as db:
        seen = containers.look(db, runtime().reference, actor().site.id, container_id, at, pack)
    view = decay_view(seen, runtime().reference.default_nuclear_data)
    if view is None:
        raise NotFound(f"contents of container {container_id}")
    return shapes.decay(seen, view)


@blp.get("/standing")
@blp.arguments(AtQuery(only=["at"]), location="query")
@blp.response(200, schemas.StandingOut)
def standing(query: Answer) -> Answer:
    """How many containers may leave now, this week and later, and which legs are in the way."""
    at = query.get("at", g.now)
    with runtime().reading() as db:
        found = waste_due.standing(db, runtime().reference, actor().site, at)
    return shapes.standing(found, actor().site)
