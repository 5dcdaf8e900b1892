"""Holding limits by JSON: all that were ever set, and a new one."""

from typing import Any

from marshmallow import Schema, fields

from radiopharm.api import schemas
from radiopharm.api.access import act, actor, runtime
from radiopharm.api.paging import page
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core.limits import SetLimit
from radiopharm.schemas.fields import Id
from radiopharm.schemas.instants import Instant, instant_out
from radiopharm.schemas.limits import SetLimitSchema
from radiopharm.services import limits as service
from radiopharm.store import limits
from radiopharm.store.acts import Act

blp = JsonBlueprint("limits", "/limits", "What the site may hold of each nuclide, from a date on.")


class HoldingLimitOut(Schema):
    """A limit; of one nuclide the newest that has begun is in force.

    `per` is null for what is held and `day` for what may leave in one.
    """

    id = Id()
    nuclide = fields.String()
    limit_bq = fields.Integer()
    source = fields.String()
    per = fields.String(allow_none=True)
    from_at = Instant()


@blp.get("")
@blp.response(200, schemas.page_of(HoldingLimitOut, "HoldingLimit"))
def index() -> dict[str, Any]:
    """Every limit ever set, by nuclide, the latest to begin first."""
    with runtime().reading() as db:
        return page(map(_shape, limits.recorded(db, actor().site.id)), None)


@blp.post("")
@blp.arguments(SetLimitSchema)
@blp.response(201, HoldingLimitOut)
def enter(command: SetLimit) -> dict[str, Any]:
    """Set a limit; the one before it stays on record and in force until this one begins."""

    def work(act: Act) -> dict[str, Any]:
        return {
            "id": service.set_limit(act, command),
            "nuclide": command.nuclide,
            "limit_bq": command.limit_bq,
            "source": command.source,
            "per": command.per,
            "from_at": instant_out(command.from_at or act.now),
        }

    return act(work, key_required=True).answer


def _shape(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "nuclide": row.nuclide,
        "limit_bq": row.limit_bq,
        "source": row.source,
        "per": row.per,
        "from_at": instant_out(row.from_at),
    }
