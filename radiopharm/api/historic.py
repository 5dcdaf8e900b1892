"""Releases from before this program, by JSON: as the old registers have them."""

from dataclasses import asdict
from typing import Any

from marshmallow import Schema, fields

from radiopharm.api.access import act, actor, runtime
from radiopharm.api.paging import key_of, page
from radiopharm.api.schemas import PageQuery, page_of
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.schemas import page_keys
from radiopharm.schemas.fields import Id
from radiopharm.schemas.historic import HistoricSchema, LineSchema, Register, RegisterSchema
from radiopharm.schemas.instants import Instant, instant_out
from radiopharm.services import historic as service
from radiopharm.store import historic
from radiopharm.store.acts import Act

blp = JsonBlueprint("historic", "/historic-releases", "Releases that old registers tell of.")


class HistoricOut(LineSchema):
    """A line of an old register; null is not recorded there, and `gaps` names those fields."""

    id = Id()
    stamp = fields.String(metadata={"description": "always `historic`: no rule judged it here"})
    gaps = fields.List(fields.String())
    reason = fields.String()
    entered_by = fields.String()
    recorded_at = Instant()


class EnteredOut(Schema):
    """How many lines were entered: all of them."""

    entered = fields.Integer()


@blp.get("")
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_of(HistoricOut, "HistoricRelease"))
def index(query: dict[str, Any]) -> dict[str, Any]:
    """A page of entries, the newest first."""
    (after,) = key_of(query.get("after"), page_keys.number) or (0,)
    with runtime().reading() as db:
        rows, more = historic.page(db, actor().site.id, after, query["limit"])
    return page(map(_shape, rows), (rows[-1].id,) if more else None)


@blp.post("")
@blp.arguments(HistoricSchema)
@blp.response(201, EnteredOut)
def enter(register: Register) -> dict[str, Any]:
    """Enter one line of an old register."""
    return _enter(register)


@blp.post("/registers")
@blp.arguments(RegisterSchema)
@blp.response(201, EnteredOut)
def enter_register(register: Register) -> dict[str, Any]:
    """Enter a whole register from CSV, every line or none; 422 names all that is wrong by line."""
    return _enter(register)


def _enter(register: Register) -> dict[str, Any]:
    def work(act: Act) -> dict[str, Any]:
        return {
            "entered": service.enter(act, register.entries, register.reason, first=register.first)
        }

    return act(work, key_required=True).answer


def _shape(row: Any) -> dict[str, Any]:
    entry = historic.entry(row)
    return {
        **asdict(entry),
        "id": row.id,
        "stamp": "historic",
        "gaps": list(entry.gaps),
        "reason": row.reason,
        "entered_by": row.by,
        "recorded_at": instant_out(row.recorded_at),
    }
