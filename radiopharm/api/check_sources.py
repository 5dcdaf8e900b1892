"""Check sources by JSON: the list, a new one, one that is used no more."""

from typing import Any

from marshmallow import Schema, fields

from radiopharm.api import schemas
from radiopharm.api.access import act, actor, runtime
from radiopharm.api.paging import page
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core.check_sources import AddSource, CheckSource
from radiopharm.schemas.check_sources import AddSourceSchema
from radiopharm.schemas.dispensing import ReasonSchema
from radiopharm.schemas.fields import Id
from radiopharm.schemas.instants import Instant, instant_out
from radiopharm.services import check_sources as service
from radiopharm.store import check_sources
from radiopharm.store.acts import Act

blp = JsonBlueprint("check_sources", "/check-sources", "Sources that instruments are checked with.")


class CheckSourceOut(Schema):
    """A check source as its certificate says it; `activity` as typed."""

    id = Id()
    nuclide = fields.String()
    serial = fields.String()
    activity = fields.String()
    activity_bq = fields.Integer()
    reference_at = Instant()
    certificate = fields.String()
    uncertainty = fields.String()
    out_of_use_reason = fields.String(allow_none=True)
    out_of_use_at = Instant(allow_none=True)


@blp.get("")
@blp.response(200, schemas.page_of(CheckSourceOut, "CheckSource"))
def index() -> dict[str, Any]:
    """Every check source of the site, those out of use last."""
    with runtime().reading() as db:
        return page(map(_shape, check_sources.of_site(db, actor().site.id)), None)


@blp.post("")
@blp.arguments(AddSourceSchema)
@blp.response(201, CheckSourceOut)
def add(command: AddSource) -> dict[str, Any]:
    """Add a check source."""

    def work(act: Act) -> dict[str, Any]:
        return _found(act, service.add(act, command))

    return act(work, key_required=True).answer


@blp.post("/<int:source_id>/take-out")
@blp.arguments(ReasonSchema)
@blp.response(200, CheckSourceOut)
def take_out(command: dict[str, str], source_id: int) -> dict[str, Any]:
    """Say that a source is used no more; what was checked with it stays."""

    def work(act: Act) -> dict[str, Any]:
        service.take_out(act, source_id, command["reason"])
        return _found(act, source_id)

    return act(work).answer


def _found(act: Act, source_id: int) -> dict[str, Any]:
    return _shape(check_sources.get(act.db, act.actor.site.id, source_id))


def _shape(it: CheckSource) -> dict[str, Any]:
    named = ("id", "nuclide", "serial", "activity_bq", "certificate", "uncertainty")
    return {
        **{name: getattr(it, name) for name in named},
        "activity": it.activity_text,
        "reference_at": instant_out(it.reference_at),
        "out_of_use_reason": it.taken_out.reason if it.taken_out else None,
        "out_of_use_at": instant_out(it.taken_out.at) if it.taken_out else None,
    }
