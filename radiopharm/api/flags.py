"""Flags by JSON: what a person should look at."""

from typing import Any

from marshmallow import Schema, fields, validate

from radiopharm.api.access import actor, runtime
from radiopharm.api.paging import key_of, page
from radiopharm.api.schemas import PageQuery, page_of
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core.flags import FlagKind
from radiopharm.schemas import page_keys
from radiopharm.schemas.fields import Id, Instant, instant_out
from radiopharm.store import flags

blp = JsonBlueprint("flags", "/flags", "What a person should look at; no rule reads a flag.")


class FlagsQuery(PageQuery):
    """Which flags."""

    kind = fields.String(validate=validate.OneOf([str(kind) for kind in FlagKind]))


class FlagOut(Schema):
    """An open flag on a vial or a container."""

    id = Id()
    subject = fields.String()
    subject_id = Id()
    kind = fields.String()
    message = fields.String()
    raised_at = Instant()


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


def _flag(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "subject": row.subject,
        "subject_id": row.subject_id,
        "kind": row.kind,
        "message": row.message,
        "raised_at": instant_out(row.raised_at),
    }
