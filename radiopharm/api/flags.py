"""Flags by JSON: what a person should look at."""

from typing import Any

from marshmallow import Schema, fields, validate

from radiopharm.api.access import act as perform
from radiopharm.api.access import actor, runtime
from radiopharm.api.paging import key_of, page
from radiopharm.api.schemas import PageQuery, page_of
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core.flags import FlagKind
from radiopharm.schemas import page_keys
from radiopharm.schemas.dispensing import ReasonSchema
from radiopharm.schemas.fields import Id
from radiopharm.schemas.instants import Instant, instant_out
from radiopharm.services import seeing_to as service
from radiopharm.store import flags
from radiopharm.store.acts import Act

blp = JsonBlueprint("flags", "/flags", "What a person should look at; no rule reads a flag.")


class FlagsQuery(PageQuery):
    """Which flags."""

    kind = fields.String(validate=validate.OneOf([str(kind) for kind in FlagKind]))


class FlagOut(Schema):
    """A flag on a vial, a container, a dose or a directive."""

    id = Id()
    subject = fields.String()
    subject_id = Id()
    kind = fields.String()
    message = fields.String()
    raised_at = Instant()
    cleared_at = Instant(allow_none=True)


@blp.get("")
@blp.arguments(FlagsQuery, location="query")
@blp.response(200, page_of(FlagOut, "Flag"))
def index(query: dict[str, Any]) -> dict[str, Any]:
    """A page of open flags, newest first."""
    kind = FlagKind(query["kind"]) if "kind" in query else None
    (after,) = key_of(query.get("after"), page_keys.number) or (None,)
    size = query["limit"]
    with runtime().reading() as db:
        rows = flags.page(db, actor().site.id, after, size, kind)
    shown = rows[:size]
    return page(map(_flag, shown), (shown[-1].id,) if len(rows) > size else None)


@blp.post("/<int:flag_id>/seen-to")
@blp.arguments(ReasonSchema)
@blp.response(200, FlagOut)
def see_to(command: dict[str, str], flag_id: int) -> dict[str, Any]:
    """Say that what it stands for was seen to, and how; other flags clear by themselves."""

    def work(act: Act) -> dict[str, Any]:
        service.see_to(act, flag_id, command["reason"])
        return {}

    perform(work)
    with runtime().reading() as db:
        return _flag(flags.get(db, actor().site.id, flag_id))


def _flag(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "subject": row.subject,
        "subject_id": row.subject_id,
        "kind": row.kind,
        "message": row.message,
        "raised_at": instant_out(row.raised_at),
        "cleared_at": row.cleared_at and instant_out(row.cleared_at),
    }
